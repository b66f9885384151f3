"""Days as people write them in Japan: with an era or without, in digits of either width."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.kernel.clock import ERAS

#: How an era is written, by its name: in full, by its first character, by its letter.
_LETTERS = {"令和": "R", "平成": "H", "昭和": "S", "大正": "T", "明治": "M"}
_BEGINS = {
    mark: era.begins_on.year for era in ERAS for mark in (era.name, era.name[0], _LETTERS[era.name])
}
_WRITTEN = re.compile(
    r"(?P<era>令和?|平成?|昭和?|大正?|明治?|[RHSTM])?\s*(?P<year>元|\d{1,4})\s*[年./-]\s*"
    r"(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})\s*日?"
)
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")


def parse(text: str) -> date | None:
    """Return the day that is written: 令和6年4月1日, R6.4.1, 2024/4/1, 20240401; None for no day.

    A year without an era has four digits: 6/4/1 may mean anything.
    """
    written = unicodedata.normalize("NFKC", text).strip().upper()
    found = _WRITTEN.fullmatch(written) or _DIGITS.fullmatch(written)
    if found is None:
        return None
    parts = found.groupdict()
    year = 1 if parts["year"] == "元" else int(parts["year"])
    if era := parts.get("era"):
        year += _BEGINS[era] - 1
    elif len(parts["year"]) != 4:
        return None
    try:
        return date(year, int(parts["month"]), int(parts["day"]))
    except ValueError:
        return None
