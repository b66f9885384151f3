"""From a sheet of staff to checked lines: which columns there may be, and what each cell may hold.

The columns are the approved items and what dates them. A birth date, a reading of a name or
anything else has no column here, and so no way in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from app.kernel import dates
from app.kernel.fiction import is_fictional
from app.kernel.folding import code_key
from app.kernel.tables.lines import Column, Columns, Finding, Line, Table, table_of
from app.kernel.tables.sheet import Sheet

COLUMNS: Columns = {
    "number": Column(("職員番号", "staff_no"), is_needed=True, is_filled=True, most=20),
    "previous": Column(("旧職員番号", "previous_staff_no"), most=20),
    "name": Column(("氏名", "name"), is_needed=True, is_filled=True, most=100),
    "section_code": Column(("所属コード", "section_code"), is_needed=True, is_filled=True, most=20),
    "section": Column(("所属", "section"), most=100),
    "concurrent": Column(("兼務先コード", "concurrent_section_codes")),
    "title": Column(("職名", "title"), is_needed=True, is_filled=True, most=60),
    "job_type": Column(("職種", "job_type"), most=60),
    "duty": Column(("職務名", "duty"), most=100),
    "gender": Column(("性別", "gender"), most=10),
    "age": Column(("年齢", "age"), most=30),
    "hired_on": Column(("採用年月日", "hired_on"), most=30),
    "promoted_on": Column(("昇任年月日", "promoted_on"), most=30),
    "left_on": Column(("退職年月日", "left_on"), most=30),
    "email": Column(("メールアドレス", "email"), most=254),
}
DATES = ("hired_on", "promoted_on", "left_on")
CODES = ("number", "previous", "section_code")
#: Between the codes of several sections in one cell.
BETWEEN = re.compile(r"[\s,;、，；／/]+")
YOUNGEST, OLDEST = 15, 99

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")
_EMAIL = re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+")


def staff_table(
    sheet: Sheet, *, fills_numbers: bool = False, usual: int = 0, is_trial: bool = False
) -> Table:
    """Return the checked lines of a sheet of staff; raises Refused as `table_of` does.

    In a trial installation every name must be one that is seen to be invented. Numbers are text;
    with `fills_numbers` one of digits alone gets its leading zeros back, up to the `usual` length
    or to that of most numbers of the file, whichever is longer.
    """
    table = table_of(sheet, COLUMNS)
    lines = [_clean(line) for line in table.lines]
    if fills_numbers:
        width = max(usual, usual_length(line.values["number"] for line in lines))
        lines = [_filled(line, width) for line in lines]
    if is_trial:
        lines = [_invented(line) for line in lines]
    times = Counter(line.values["number"] for line in lines)
    return replace(table, lines=[_marked(line, times) for line in lines])


def usual_length(numbers: Iterator[str]) -> int:
    """Return the length that most numbers of digits have; 0 where there is none."""
    lengths = Counter(len(number) for number in numbers if number.isdecimal())
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def _clean(line: Line) -> Line:
    values = {key: value.strip() for key, value in line.values.items()}
    values["name"] = line.values["name"]  # code point by code point, spaces and all
    for key in CODES:
        if key in values:
            values[key] = code_key(values[key])
    found = {finding.column for finding in line.findings}
    findings = list(line.findings)
    for key in values.keys() - found:
        if values[key] and (code := _fault_of(key, values[key])):
            findings.append(Finding(key, code, values[key][:60]))
            if code == "age_unusable":  # it may be a birth date, which nobody may keep
                findings[-1] = Finding(key, code)
                values[key] = ""
    return replace(line, values=_plain(values), findings=tuple(findings))


def _plain(values: dict[str, str]) -> dict[str, str]:
    """Return values in the one way that each of them is compared and kept."""
    plain = dict(values)
    for key in values.keys() & set(DATES):
        if day := dates.parse(values[key]):
            plain[key] = day.isoformat()
    if "age" in values:
        plain["age"] = code_key(values["age"]).removesuffix("歳")
    if "concurrent" in values:
        plain["concurrent"] = codes_of(values["concurrent"])
    return plain


def codes_of(cell: str) -> str:
    """Return the codes of a cell, each once, with a space between."""
    return " ".join(dict.fromkeys(code_key(code) for code in BETWEEN.split(cell) if code))


def _fault_of(key: str, value: str) -> str | None:
    if key in ("number", "previous"):
        return None if _CODE.fullmatch(value) else "code_unusable"
    if key == "email":
        return None if _EMAIL.fullmatch(value) else "email_unusable"
    if key in DATES:
        return None if dates.parse(value) else "date_unusable"
    if key == "age":
        years = code_key(value).removesuffix("歳")
        is_age = years.isdecimal() and YOUNGEST <= int(years) <= OLDEST
        return None if is_age else "age_unusable"
    return None


def _invented(line: Line) -> Line:
    """Mark a name that may be somebody's, and keep nothing of the row but its number."""
    if not line.values["name"].strip() or is_fictional(line.values["name"]):
        return line
    values = {key: value if key in CODES else "" for key, value in line.values.items()}
    return replace(line, values=values, findings=(Finding("name", "name_not_invented"),))


def _filled(line: Line, width: int) -> Line:
    number = line.values["number"]
    if not number.isdecimal() or len(number) >= width:
        return line
    values = {**line.values, "number": number.zfill(width)}
    findings = (*line.findings, Finding("number", "number_filled", number))
    return replace(line, values=values, findings=findings)


def _marked(line: Line, times: Counter[str]) -> Line:
    number = line.values["number"]
    if not number or times[number] == 1:
        return line
    return replace(line, findings=(*line.findings, Finding("number", "twice", number)))
