"""From the rows of a sheet to lines of known columns, with what is wrong with single cells.

Only the columns we know are read; of all others nothing but the name is told.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.tables.sheet import Sheet

#: Most characters of a cell, where a column says nothing else.
MOST = 200


@dataclass(frozen=True)
class Column:
    """A column that is wanted, and what its cells may hold."""

    #: Headings that a file may give it; the first is the one we tell.
    names: tuple[str, ...]
    #: Whether the file must have the column.
    is_needed: bool = False
    #: Whether every row must have a value.
    is_filled: bool = False
    #: Most characters of a value.
    most: int = MOST


Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Finding:
    """What is to be said about a cell of a row; a column of "" means the whole row."""

    column: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a file by its number there, with the values of the columns we know."""

    row: int
    values: dict[str, str]
    findings: tuple[Finding, ...] = ()
    #: Columns whose value came as a spreadsheet's number.
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """A file that could be read, and the names of its columns that are not kept."""

    lines: Sequence[Line]
    ignored: Sequence[str]


def table_of(sheet: Sheet, columns: Columns) -> Table:
    """Return the lines of a sheet by the columns we know; empty rows are left out.

    Raises Refused: "file_columns" (missing, found), "file_columns_twice" (columns), each with the
    names as tuples.
    """
    names = sheet.rows[0]
    places = _places(names, columns)
    lines = [
        _line(sheet, row, places, columns)
        for row in range(1, len(sheet.rows))
        if any(_cell(sheet, row, place).strip() for place in places.values())
    ]
    if not lines:
        raise Refused("file_empty")
    known = set(places.values())
    ignored = [shortened(name) for place, name in enumerate(names) if place not in known]
    return Table(lines, [name for name in ignored if name])


def _places(names: Sequence[str], columns: Columns) -> dict[str, int]:
    keys = {_key(name): key for key, column in columns.items() for name in column.names}
    found = [keys.get(_key(name)) for name in names]
    twice = tuple(
        columns[key].names[0] for key, times in Counter(found).items() if key and times > 1
    )
    if twice:
        raise Refused("file_columns_twice", columns=twice)
    missing = tuple(
        column.names[0] for key, column in columns.items() if column.is_needed and key not in found
    )
    if missing:
        told = tuple(shortened(name) for name in names[:20] if name.strip())
        raise Refused("file_columns", missing=missing, found=told)
    return {key: place for place, key in enumerate(found) if key}


def _key(name: str) -> str:
    return code_key(name).casefold()


def _cell(sheet: Sheet, row: int, place: int) -> str:
    cells = sheet.rows[row]
    return cells[place] if place < len(cells) else ""


def _line(sheet: Sheet, row: int, places: Mapping[str, int], columns: Columns) -> Line:
    values = {key: _cell(sheet, row, place) for key, place in places.items()}
    findings = [*_of_the_row(sheet, row), *_of_cells(values, columns)]
    for key, place in places.items():
        for code, among in (("formula", sheet.formulas), ("merged", sheet.merged)):
            if (row, place) in among:
                findings.append(Finding(key, code, values[key][:60]))
    numbers = frozenset(key for key, place in places.items() if (row, place) in sheet.numbers)
    return Line(row + 1, values, tuple(dict.fromkeys(findings)), numbers)


def _of_the_row(sheet: Sheet, row: int) -> Iterator[Finding]:
    if any(cell.strip() for cell in sheet.rows[row][len(sheet.rows[0]) :]):
        yield Finding("", "too_many_cells")


def _of_cells(values: Mapping[str, str], columns: Columns) -> Iterator[Finding]:
    for key, value in values.items():
        if code := _fault_of(value, columns[key]):
            yield Finding(key, code, value[:60])


def _fault_of(value: str, column: Column) -> str | None:
    if not value.strip():
        return "missing" if column.is_filled else None
    if len(value) > column.most:
        return "too_long"
    if value[0] in "=+-@":
        return "formula"
    kinds = {unicodedata.category(character) for character in value}
    if "Co" in kinds or "\N{REPLACEMENT CHARACTER}" in value:
        return "private_use"
    return "control" if kinds & {"Cc", "Cf", "Cs"} else None


def shortened(name: str) -> str:
    """Return a heading as it can be told: printable, thirty characters at most."""
    clean = "".join(character for character in name if character.isprintable()).strip()
    return clean if len(clean) <= 30 else clean[:29] + "…"
