"""CSV that leaves the house: UTF-8 or CP932, read by Excel as text and never as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

#: First characters that a spreadsheet takes for a formula (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: 〓, by which Japanese typesetting shows that a character is missing.
GETA = "〓"
#: Encodable twins that look the same: the dash of JIS X 0208 has two places in Unicode.
_TWINS = str.maketrans({"—": "―"})


class Encoding(StrEnum):
    """What a file can be written in."""

    #: With a byte order mark, so that Excel knows it.
    UTF_8 = "utf-8"
    #: Windows' Japanese code page: what older programs read.
    CP932 = "cp932"


@dataclass(frozen=True)
class Lost:
    """A cell that could not be written as it is."""

    #: The number of its row in the file, whose first is the head.
    row: int
    #: The place of its column, from 0.
    column: int
    #: What it says, and what was written.
    text: str
    written: str


@dataclass(frozen=True)
class Written:
    """A file's bytes, and the cells of it that could not be written as they are."""

    body: bytes
    lost: Sequence[Lost] = ()

    @property
    def replaced(self) -> int:
        """In how many of its rows something was replaced."""
        return len({cell.row for cell in self.lost})


def write(
    columns: Sequence[str], rows: Iterable[Sequence[object]], encoding: Encoding = Encoding.UTF_8
) -> Written:
    """Return a head and rows as CSV with CRLF; None becomes an empty cell.

    In CP932 a character that it lacks becomes 〓 and a variation selector is dropped; such cells
    are told, so that nobody takes the file for the register's own spelling.
    """
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    lost: list[Lost] = []
    for count, row in enumerate(chain([columns], rows), 1):
        cells = [neutral(cell) for cell in row]
        if encoding is Encoding.CP932:
            kept = [encodable(cell) for cell in cells]
            lost += _lost(count, cells, kept)
            cells = kept
        out.writerow(cells)
    codec = "utf-8-sig" if encoding is Encoding.UTF_8 else "cp932"
    return Written(text.getvalue().encode(codec), lost)


def _lost(row: int, cells: Sequence[str], kept: Sequence[str]) -> list[Lost]:
    """Return the cells of a row that say something else than they did."""
    return [
        Lost(row, place, cell, written)
        for place, (cell, written) in enumerate(zip(cells, kept, strict=True))
        if written != cell.translate(_TWINS)
    ]


def neutral(value: object) -> str:
    """Return a cell's text, with a ' before what a spreadsheet would run as a formula.

    A number stays as it is: it has no text of its own, so its sign is only a sign.
    """
    if value is None:
        return ""
    text = str(value)
    if not isinstance(value, int | float) and text.startswith(FORMULA):
        return f"'{text}"
    return text


def encodable(text: str) -> str:
    """Return a text as CP932 can hold it: 〓 for what it lacks, variation selectors dropped."""
    text = text.translate(_TWINS)
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return "".join(_in_cp932(character) for character in text)
    return text


def is_encodable(text: str) -> bool:
    """Whether CP932 holds a text without a loss."""
    return encodable(text) == text.translate(_TWINS)


def _in_cp932(character: str) -> str:
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return GETA
    return character
