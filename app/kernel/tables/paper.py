"""A workbook to be printed: a heading, the names of the columns on each page, and rows."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

#: The number of A4 in a workbook (ECMA-376-1, 18.3.1.63).
_A4 = 9
_HEAD = 2


@dataclass(frozen=True)
class PaperColumn:
    """One column: what it is called, and how many characters wide it is."""

    name: str
    width: int


def workbook(
    heading: str, columns: Sequence[PaperColumn], rows: Iterable[Sequence[str | int | None]]
) -> bytes:
    """Return a workbook of one sheet for A4 lying on its side, as wide as the page.

    Text is written as text: nothing in it is run as a formula.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    strong = book.add_format({"bold": True, "font_size": 14})
    named = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    plain = book.add_format(
        {"border": 1, "text_wrap": True, "valign": "top", "num_format": "#,##0"}
    )
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, heading, strong)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(_HEAD, place, column.name, named)
    for line, row in enumerate(rows, _HEAD + 1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, place, value, plain)
            else:
                sheet.write_string(line, place, value or "", plain)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)
    sheet.freeze_panes(_HEAD + 1, 0)
    sheet.set_footer("&C&P / &N")
    book.close()
    return buffer.getvalue()
