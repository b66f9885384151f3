"""From an uploaded file to rows of cells: CSV and TSV in the encodings of Japan, or a workbook.

Every cell is text, as it was written; what a spreadsheet made of it beside that (a number, a
formula, a part of a merged cell) is noted by its place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from app.kernel.errors import Refused

#: Largest file that is read, in bytes: 50,000 rows and room to spare.
MOST_BYTES = 16 * 1024**2
#: Most rows below the head.
MOST_ROWS = 50_000
#: Most columns that are looked at.
MOST_COLUMNS = 200

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ZIP = b"PK\x03\x04"
#: The old binary format, and a workbook under a password.
_COMPOUND = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """A table as rows of text, the head first; places are (row from 0, column from 0)."""

    rows: list[list[str]]
    #: Cells that a spreadsheet holds as a number, so that leading zeros are gone.
    numbers: set[tuple[int, int]] = field(default_factory=set)
    #: Cells whose text is the result of a formula.
    formulas: set[tuple[int, int]] = field(default_factory=set)
    #: Cells that are part of a merged one.
    merged: set[tuple[int, int]] = field(default_factory=set)


def read(path: Path) -> Sheet:
    """Return the first table of a file.

    Raises Refused: "file_too_large" (most, in MB), "file_is_compound", "file_not_text",
    "file_empty", "file_broken" (row), "file_too_many_rows" (most), "workbook_broken".
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refused("file_too_large", most=MOST_BYTES // 1024**2)
    data = path.read_bytes()
    if data.startswith(_COMPOUND):
        raise Refused("file_is_compound")
    if data.startswith(_ZIP):
        from app.kernel.tables import workbook  # noqa: PLC0415 - most files are CSV

        sheet = workbook.read(path)
    else:
        sheet = Sheet(list(_rows(decode(data))))
    if not any(any(cell.strip() for cell in row) for row in sheet.rows[1:]):
        raise Refused("file_empty")
    return sheet


def decode(data: bytes) -> str:
    """Return a file's text: by its byte order mark, else strict UTF-8, else CP932.

    UTF-8 comes first: its bytes read as CP932 raise no error and give other characters.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "cp932"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            break
        return text
    raise Refused("file_not_text")


def _rows(text: str) -> Iterator[list[str]]:
    head = text.partition("\n")[0]
    delimiter = "\t" if "\t" in head and "," not in head else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                raise Refused("file_too_many_rows", most=MOST_ROWS)
            yield cells[:MOST_COLUMNS]
    except csv.Error as error:
        raise Refused("file_broken", row=reader.line_num) from error
