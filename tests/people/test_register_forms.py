"""Files of staff: encodings, columns, and cells that nobody should import."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import Refused
from app.people.register.forms import MOST_ROWS, decode, staff_table
from app.people.register.queries import Table

HEAD = "職員番号,氏名,所属コード,所属,職名,メールアドレス\r\n"
ROW = "00012,髙橋　一郎,0101,総務課,主事,ichiro@example.jp\r\n"


def refusal(data: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        staff_table(data)
    return caught.value


def codes(table: Table) -> set[tuple[str, str]]:
    return {(found.column, found.code) for line in table.lines for found in line.findings}


def with_cell(column: str, value: str) -> Table:
    cells = {"number": "1", "name": "架空", "section_code": "0101", "title": "主事", "email": ""}
    cells[column] = '"' + value.replace('"', '""') + '"'
    return staff_table(
        ("staff_no,name,section_code,title,email\n" + ",".join(cells.values())).encode()
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_file_is_read_in_every_encoding(encoding: str) -> None:
    (line,) = staff_table((HEAD + ROW).encode(encoding)).lines
    assert (line.row, line.values["number"], line.values["name"]) == (2, "00012", "髙橋　一郎")


def test_a_file_with_tabs_is_read() -> None:
    (line,) = staff_table((HEAD + ROW).replace(",", "\t").encode("utf-16")).lines
    assert line.values["email"] == "ichiro@example.jp"


@pytest.mark.parametrize("name", ["𠮷田", "葛󠄀城", "福\ufa1b", "  架空　太郎 ", "①㈱"])
def test_a_name_is_kept_code_point_by_code_point(name: str) -> None:
    (line,) = with_cell("name", name).lines
    assert line.values["name"] == name
    assert not line.findings


def test_utf_8_is_never_taken_for_cp932() -> None:
    assert decode("職員番号".encode()) == "職員番号"


@pytest.mark.requirement("STF-05")
def test_unknown_columns_are_named_and_their_values_dropped() -> None:
    table = staff_table(
        "職員番号,氏名,フリガナ,所属コード,職名,生年月日\n1,甲,コウ,0101,主事,1990-01-01".encode()
    )
    assert table.ignored == ["フリガナ", "生年月日"]
    assert "コウ" not in repr(table.lines)
    assert "1990" not in repr(table.lines)


def test_missing_columns_are_named_with_those_that_were_found() -> None:
    refused = refusal("番号,氏名\n1,甲\n".encode("cp932"))
    assert refused.code == "file_columns"
    assert refused.data == {"missing": "職員番号、所属コード、職名", "found": "番号、氏名"}


def test_a_column_given_twice_is_refused() -> None:
    refused = refusal("職員番号,staff_no,氏名,所属コード,職名\n1,2,甲,1,主事".encode())
    assert refused.data == {"columns": "職員番号"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (HEAD.encode(), "file_empty"),
        ((HEAD + ",,,,,\r\n\r\n").encode(), "file_empty"),
        (b"PK\x03\x04" + bytes(100), "file_is_spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file_is_spreadsheet"),
        ((HEAD + ROW).encode() + b"\x00", "file_not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "file_not_text"),
        (b"\xff\xfeA", "file_not_text"),
        (b"\xef\xbb\xbf\xff\xff", "file_not_text"),
        ((HEAD + '"never closed').encode(), "file_broken"),
        ((HEAD + '00012,"a"b,0101,,,').encode(), "file_broken"),
        ((HEAD + "00012," + "x" * 1_000_000 + ",0101,,,").encode(), "file_broken"),
        (b"x" * 1_000_000, "file_broken"),
        ((HEAD + ROW * (MOST_ROWS + 1)).encode(), "file_too_many_rows"),
    ],
)
def test_what_is_no_list_of_staff_is_refused(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        staff_table(data)


@pytest.mark.requirement("STF-03")
@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("number", "", "missing"),
        ("number", "１２ ３", "code_unusable"),
        ("number", "1" * 21, "too_long"),
        ("name", " 　", "missing"),
        ("name", "=HYPERLINK(1)", "formula"),
        ("name", "@SUM(1)", "formula"),
        ("name", "架\ue000空", "private_use"),
        ("name", "架\U000f0000空", "private_use"),
        ("name", "架\ufffd空", "private_use"),
        ("name", "架\n空", "control"),
        ("name", "架\u202e空", "control"),
        ("name", "架" * 101, "too_long"),
        ("section_code", "", "missing"),
        ("title", "", "missing"),
        ("email", "nobody", "email_unusable"),
        ("email", "a@example.jp\nBcc: b@example.jp", "control"),
        ("email", "a b@example.jp", "email_unusable"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_a_finding(column: str, value: str, code: str) -> None:
    assert codes(with_cell(column, value)) == {(column, code)}


def test_a_number_in_wide_digits_is_read() -> None:
    assert with_cell("number", "０００１２").lines[0].values["number"] == "00012"


def test_a_number_given_twice_is_a_finding_on_both_rows() -> None:
    table = staff_table((HEAD + ROW + ROW).encode())
    assert [[found.code for found in line.findings] for line in table.lines] == [["twice"]] * 2


def test_a_comma_that_shifts_the_columns_is_a_finding() -> None:
    table = staff_table((HEAD + ROW.replace("\r\n", ",more\r\n")).encode())
    assert ("", "too_many_cells") in codes(table)


def test_rows_are_numbered_as_the_spreadsheet_does() -> None:
    table = staff_table((HEAD + "\r\n,,,,,\r\n" + ROW).encode())
    assert [line.row for line in table.lines] == [4]
