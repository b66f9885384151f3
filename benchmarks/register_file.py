"""A file of invented staff with planted errors, and what a check must find in it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

import xlsxwriter

from app.demo import crowd

HEAD = (
    "職員番号", "氏名", "フリガナ", "所属コード", "職名", "性別", "年齢", "採用年月日",
    "生年月日", "メールアドレス",
)  # fmt: skip
NUMBER, NAME, SECTION, AGE, HIRED, EMAIL = 0, 1, 3, 6, 7, 9
#: What is planted into every so many rows: the place, the value, the column and the code found.
PLANTED = (
    (SECTION, "999999", "section_code", "section_unknown"),
    (NAME, "=1+1", "name", "formula"),
    (NAME, "架空\ue000郎", "name", "private_use"),
    (NAME, "", "name", "missing"),
    (AGE, "1981-05-06", "age", "age_unusable"),
    (HIRED, "先月", "hired_on", "date_unusable"),
    (EMAIL, "nobody", "email", "email_unusable"),
    (NUMBER, "１２ ３", "number", "code_unusable"),
)
EVERY = 97


@dataclass
class StaffFile:
    """Rows as they are written, and row, column and code of every planted error."""

    rows: list[list[str]] = field(default_factory=list)
    planted: list[tuple[int, str, str]] = field(default_factory=list)


def staff_file(count: int, *, with_errors: bool = True) -> StaffFile:
    """Return a file of so many people."""
    made = StaffFile()
    for place, someone in enumerate(crowd.people(count)):
        row = [
            someone.number, someone.name, "フリガナ", someone.section, someone.title,
            someone.gender, f"{someone.age}歳", someone.hired_on.strftime("%Y/%m/%d"),
            "1981/05/06", someone.email,
        ]  # fmt: skip
        if with_errors and place % EVERY == EVERY - 1:
            where, value, column, code = PLANTED[(place // EVERY) % len(PLANTED)]
            row[where] = f"{value} {place}" if where == NUMBER else value
            made.planted.append((place + 2, column, code))
        made.rows.append(row)
    if with_errors:
        made.rows.append(list(made.rows[0]))
        made.planted += [(2, "number", "twice"), (len(made.rows) + 1, "number", "twice")]
    made.planted.sort()
    return made


def as_csv(made: StaffFile, encoding: str) -> bytes:
    """Return the file as CSV; a character that the encoding lacks becomes "?"."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([HEAD, *made.rows])
    return text.getvalue().encode(encoding, "replace")


def as_workbook(made: StaffFile) -> bytes:
    """Return the file as a workbook, its cells as text but for the formulas."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet("名簿")
    for row, cells in enumerate([list(HEAD), *made.rows]):
        for column, value in enumerate(cells):
            if value.startswith("="):
                sheet.write_formula(row, column, value, None, "2")
            else:
                sheet.write_string(row, column, value)
    book.close()
    return buffer.getvalue()
