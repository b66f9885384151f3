"""Files that leave the house: encodings, hard names, and cells that are no formulas."""

from __future__ import annotations

import csv as standard
import io

import pytest

from app.kernel import csv
from app.kernel.csv import Encoding

HARD = "髙﨑𠮷葛󠄀"


def read(body: bytes, codec: str) -> list[list[str]]:
    return list(standard.reader(io.StringIO(body.decode(codec), newline="")))


def test_utf_8_carries_every_name_code_point_by_code_point() -> None:
    written = csv.write(["氏名"], [[HARD]])
    assert written.body.startswith(b"\xef\xbb\xbf")
    assert written.body.endswith(b"\r\n")
    assert read(written.body, "utf-8-sig") == [["氏名"], [HARD]]
    assert written.replaced == 0


def test_cp932_shows_what_it_lacks_and_counts_the_rows() -> None:
    rows = [["髙﨑 ①㈱"], [HARD], ["𠮷野"], ["研修—A"]]
    written = csv.write(["氏名"], rows, Encoding.CP932)
    assert read(written.body, "cp932") == [
        ["氏名"],
        ["髙﨑 ①㈱"],
        ["髙﨑〓葛"],
        ["〓野"],
        ["研修―A"],
    ]
    assert written.replaced == 2


@pytest.mark.requirement("HIS-09")
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("encoding", list(Encoding))
def test_a_cell_is_never_a_formula(first: str, encoding: Encoding) -> None:
    cell = f'{first}HYPERLINK("http://example.jp")'
    codec = "utf-8-sig" if encoding is Encoding.UTF_8 else "cp932"
    assert read(csv.write(["a"], [[cell]], encoding).body, codec)[1] == [f"'{cell}"]


def test_a_number_keeps_its_sign_and_a_full_width_sign_is_harmless() -> None:
    written = csv.write(["a", "b", "c", "d"], [[-5, -0.5, None, "＝1"]])
    assert read(written.body, "utf-8-sig")[1] == ["-5", "-0.5", "", "＝1"]


def test_commas_quotes_and_line_breaks_stay_in_their_cell() -> None:
    row = ["a,b", 'c"d', "e\nf"]
    assert read(csv.write(["1", "2", "3"], [row]).body, "utf-8-sig")[1] == row


def test_a_head_is_written_as_safely_as_its_rows() -> None:
    written = csv.write(["=A1", "𠮷"], [["a", "b"]], Encoding.CP932)
    assert read(written.body, "cp932")[0] == ["'=A1", "〓"]
    assert [(cell.row, cell.column, cell.text) for cell in written.lost] == [(1, 1, "𠮷")]
