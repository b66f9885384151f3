"""The first sheet of a workbook (ECMA-376, SpreadsheetML): cells as text, oddities by place.

python-calamine reads the values and leaves the hidden readings (ふりがな) of names out; which cells
hold a formula it does not tell, so the sheet's own XML is asked for that.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product
from pathlib import Path
from typing import IO

import python_calamine as calamine
from lxml import etree

from app.kernel.errors import Refused
from app.kernel.tables.sheet import MOST_COLUMNS, MOST_ROWS, Sheet

#: Most bytes of all parts together, unpacked: what a sheet of the most rows needs, five times over.
MOST_UNPACKED = 256 * 1024**2
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

Place = tuple[int, int]
Value = int | float | str | bool | time | date | datetime | timedelta


def read(path: Path) -> Sheet:
    """Return the first worksheet; raises Refused as `sheet.read` does."""
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise Refused("file_too_many_rows", most=MOST_ROWS)
            formulas = set(_formulas(parts))
        with calamine.CalamineWorkbook.from_path(path) as book:
            return _sheet(book.get_sheet_by_index(0), formulas)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, calamine.CalamineError, KeyError) as error:
        raise Refused("workbook_broken") from error


def _sheet(found: calamine.CalamineSheet, formulas: set[Place]) -> Sheet:
    if found.total_height > MOST_ROWS + 1:
        raise Refused("file_too_many_rows", most=MOST_ROWS)
    rows: list[list[str]] = []
    numbers: set[Place] = set()
    for row, cells in enumerate(found.to_python(skip_empty_area=False)):
        values = cells[:MOST_COLUMNS]
        rows.append([_text(value) for value in values])
        numbers.update((row, place) for place, value in enumerate(values) if _is_number(value))
    merged: set[Place] = set()
    for (top, left), (bottom, right) in found.merged_cell_ranges or []:
        lines = range(top, min(bottom, len(rows) - 1) + 1)
        merged.update(product(lines, range(left, min(right, MOST_COLUMNS) + 1)))
    return Sheet(rows, numbers, formulas, merged)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _formulas(parts: zipfile.ZipFile) -> Iterator[Place]:
    """Yield the places of the cells that hold a formula."""
    with parts.open(_first_sheet(parts)) as part:
        for element in _elements(part, "c"):
            if element.find(f"{_MAIN}f") is not None or element.find(f"{_STRICT}f") is not None:
                yield _place(element.get("r", "A1"))
            element.clear()


def _elements(part: IO[bytes], name: str) -> Iterator[etree._Element]:
    for _, element in etree.iterparse(
        part, tag=(f"{_MAIN}{name}", f"{_STRICT}{name}"), resolve_entities=False, no_network=True
    ):
        yield element


def _first_sheet(parts: zipfile.ZipFile) -> str:
    """Return the name of the part that holds the first sheet (ECMA-376-1, 18.2.19 and OPC 6.5)."""
    with parts.open("xl/workbook.xml") as part:
        key = next(
            (
                value
                for sheet in _elements(part, "sheet")
                for name, value in sheet.attrib.items()
                if str(name).endswith("}id")
            ),
            None,
        )
    with parts.open("xl/_rels/workbook.xml.rels") as part:
        for _, relation in etree.iterparse(part, tag=_RELATION, resolve_entities=False):
            if relation.get("Id") == key:
                return posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))[1:]
    raise KeyError(key)


def _place(reference: str) -> Place:
    """Return row and column, from 0, of a reference such as "AB12"."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :] or 1) - 1, column - 1
