"""Uploaded tables: encodings, workbooks, columns, and cells that nobody should take over."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.kernel.errors import Refused
from app.kernel.tables import sheet
from app.kernel.tables.lines import Column, Finding, Table, table_of
from app.kernel.tables.sheet import MOST_ROWS, decode

HEAD = "番号,氏名,備考\r\n"
ROW = "00012,髙橋　一郎,なし\r\n"
COLUMNS = {
    "number": Column(("番号", "no"), is_needed=True, is_filled=True, most=20),
    "name": Column(("氏名",), is_needed=True, is_filled=True, most=100),
}


def table(folder: Path, data: bytes) -> Table:
    path = folder / "upload"
    path.write_bytes(data)
    return table_of(sheet.read(path), COLUMNS)


def workbook(rows: list[list[object]], *, merge: str = "") -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    first = book.add_worksheet("名簿")
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy/m/d"})
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            if isinstance(value, date):
                first.write_datetime(row, column, value, day)
            elif isinstance(value, str) and value.startswith("="):
                first.write_formula(row, column, value, None, "計算の結果")
            elif isinstance(value, str):
                first.write_string(row, column, value, text)
            else:
                first.write(row, column, value)
    if merge:
        first.merge_range(merge, "結合")
    book.add_worksheet("ほかのシート").write(0, 0, "見ない")
    book.close()
    return buffer.getvalue()


def codes(found: Table) -> set[tuple[int, str, str]]:
    return {(line.row, each.column, each.code) for line in found.lines for each in line.findings}


@pytest.mark.requirement("STF-01")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_file_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    (line,) = table(tmp_path, (HEAD + ROW).encode(encoding)).lines
    assert (line.row, line.values) == (2, {"number": "00012", "name": "髙橋　一郎"})


def test_a_file_with_tabs_is_read(tmp_path: Path) -> None:
    (line,) = table(tmp_path, (HEAD + ROW).replace(",", "\t").encode("utf-16")).lines
    assert line.values["number"] == "00012"


def test_utf_8_is_never_taken_for_cp932() -> None:
    assert decode("職員番号".encode()) == "職員番号"


@pytest.mark.requirement("STF-01")
def test_a_workbook_is_read_as_it_looks(tmp_path: Path) -> None:
    head = ["番号", "氏名", "採用"]
    found = table(tmp_path, workbook([head, ["00012", "髙橋 一郎", date(2020, 4, 1)]]))
    assert found.lines[0].values == {"number": "00012", "name": "髙橋 一郎"}
    assert found.ignored == ["採用"]
    path = tmp_path / "upload"
    assert sheet.read(path).rows[1] == ["00012", "髙橋 一郎", "2020-04-01"]


@pytest.mark.requirement("STF-06")
def test_a_number_that_a_spreadsheet_made_of_a_code_is_known_as_such(tmp_path: Path) -> None:
    found = table(tmp_path, workbook([["番号", "氏名"], [12, "甲"], ["00013", "乙"]]))
    assert [line.values["number"] for line in found.lines] == ["12", "00013"]
    assert [line.numbers for line in found.lines] == [{"number"}, frozenset()]


def test_formulas_and_merged_cells_are_findings_of_their_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [["番号", "氏名"], ["1", "=A2"], ["2", "乙"], ["3", "丙"]]
    found = table(tmp_path, workbook(rows, merge="B3:B4"))
    assert codes(found) == {
        (2, "name", "formula"),
        (3, "name", "merged"),
        (4, "name", "merged"),
    }


def test_the_hidden_reading_of_a_name_is_not_read(tmp_path: Path) -> None:
    plain = workbook([["番号", "氏名"], ["1", "架空太郎"]])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/sharedStrings.xml":
                reading = '架空太郎</t><rPh sb="0" eb="4"><t>カクウタロウ</t></rPh><phoneticPr/>'
                data = data.replace("架空太郎</t>".encode(), reading.encode())
                assert "カクウタロウ".encode() in data
            new.writestr(part.filename, data)
    (line,) = table(tmp_path, buffer.getvalue()).lines
    assert line.values["name"] == "架空太郎"


@pytest.mark.requirement("STF-05")
def test_unknown_columns_are_named_and_their_values_dropped(tmp_path: Path) -> None:
    data = "番号,氏名,フリガナ,生年月日\n1,甲,コウ,1990-01-01".encode()
    found = table(tmp_path, data)
    assert found.ignored == ["フリガナ", "生年月日"]
    assert "コウ" not in repr(found.lines)
    assert "1990" not in repr(found.lines)


@pytest.mark.parametrize(
    ("data", "code", "more"),
    [
        (b"", "file_empty", {}),
        (b"\xef\xbb\xbf", "file_empty", {}),
        (HEAD.encode(), "file_empty", {}),
        ((HEAD + ",,,\r\n\r\n").encode(), "file_empty", {}),
        ("番号,名前\n1,甲".encode("cp932"), "file_columns",
         {"missing": ("氏名",), "found": ("番号", "名前")}),
        ("番号,no,氏名\n1,2,甲".encode(), "file_columns_twice", {"columns": ("番号",)}),
        (b"PK\x03\x04" + bytes(100), "workbook_broken", {}),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_is_compound", {}),
        ((HEAD + ROW).encode() + b"\x00", "file_not_text", {}),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "file_not_text", {}),
        (b"\xff\xfeA", "file_not_text", {}),
        (b"\xef\xbb\xbf\xff\xff", "file_not_text", {}),
        ((HEAD + '"never closed').encode(), "file_broken", {"row": 2}),
        ((HEAD + '00012,"a"b,').encode(), "file_broken", {"row": 2}),
        ((HEAD + "00012," + "x" * 1_000_000 + ",").encode(), "file_broken", {"row": 2}),
        ((HEAD + ROW * (MOST_ROWS + 1)).encode(), "file_too_many_rows", {"most": MOST_ROWS}),
        (b"1,2\n" * 5_000_000, "file_too_large", {"most": 16}),
    ],
)  # fmt: skip
def test_what_is_no_such_table_is_refused(
    tmp_path: Path, data: bytes, code: str, more: dict[str, object]
) -> None:
    with pytest.raises(Refused) as caught:
        table(tmp_path, data)
    assert (caught.value.code, caught.value.data) == (code, more)


def test_a_workbook_of_a_million_rows_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"<w/>")
        with parts.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300):
                part.write(b" " * 1024**2)
    with pytest.raises(Refused, match="file_too_many_rows"):
        table(tmp_path, buffer.getvalue())


@hypothesis_settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    with pytest.raises(Refused):
        table(tmp_path_factory.mktemp("any"), data)


@pytest.mark.requirement("STF-03")
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (" 　", "missing"),
        ("=HYPERLINK(1)", "formula"),
        ("@SUM(1)", "formula"),
        ("架\ue000空", "private_use"),
        ("架\U000f0000空", "private_use"),
        ("架\ufffd空", "private_use"),
        ("架\n空", "control"),
        ("架\u202e空", "control"),
        ("架" * 101, "too_long"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_a_finding(tmp_path: Path, value: str, code: str) -> None:
    (line,) = table(tmp_path, f'番号,氏名\n1,"{value}"\n'.encode()).lines
    assert line.findings == (Finding("name", code, value[:60]),)


@pytest.mark.parametrize("name", ["𠮷田", "葛󠄀城", "福\ufa1b", "  架空　太郎 ", "①㈱"])
def test_a_name_is_kept_code_point_by_code_point(tmp_path: Path, name: str) -> None:
    for data in (f"番号,氏名\n1,{name}\n".encode(), workbook([["番号", "氏名"], ["1", name]])):
        (line,) = table(tmp_path, data).lines
        assert (line.values["name"], line.findings) == (name, ())


def test_a_comma_that_shifts_the_columns_is_a_finding(tmp_path: Path) -> None:
    found = table(tmp_path, (HEAD + ROW.replace("\r\n", ",more\r\n")).encode())
    assert codes(found) == {(2, "", "too_many_cells")}


def test_rows_are_numbered_as_the_spreadsheet_does(tmp_path: Path) -> None:
    found = table(tmp_path, (HEAD + "\r\n,,\r\n" + ROW).encode())
    assert [line.row for line in found.lines] == [4]
