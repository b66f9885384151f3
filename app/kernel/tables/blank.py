"""A workbook to fill in: headings, rows if there are any; its cells keep what is typed as text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Characters that a column is wide.
WIDTH = 16


def workbook(
    headings: Sequence[str], needed: frozenset[str], rows: Iterable[Sequence[object]] = ()
) -> bytes:
    """Return a workbook with one sheet; the headings in `needed` are bold.

    Text is written as text: nothing in it is run as a formula.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    text = book.add_format({"num_format": "@"})
    plain = book.add_format({"num_format": "@", "bottom": 1})
    strong = book.add_format({"num_format": "@", "bottom": 1, "bold": True})
    sheet = book.add_worksheet()
    sheet.set_column(0, len(headings) - 1, WIDTH, text)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, strong if heading in needed else plain)
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            sheet.write_string(line, place, str(value), text)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
