"""Fields that read what people write: a day in any calendar, a whole number in any width."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from app.kernel import clock

_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_DAY = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])?(?P<year>元|[0-9]{1,4})[年./-]"
    r"(?P<month>[0-9]{1,2})[月./-](?P<day>[0-9]{1,2})日?(\([月火水木金土日]\))?",
    re.IGNORECASE,
)


def read_day(text: str) -> date | None:
    """Return the day that somebody wrote: 2026/7/1, 2026-07-01, R8.7.1, 令和８年７月１日.

    None where it is no day, or a day outside the era it names (平成32年).
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    found = _DAY.fullmatch(folded)
    if found is None:
        return None
    year = 1 if found["year"] == "元" else int(found["year"])
    if found["era"]:
        name = _LETTERS.get(found["era"].upper(), found["era"])
        year += next(era.begins_on.year for era in clock.ERAS if era.name == name) - 1
    elif len(found["year"]) != 4:
        return None
    try:
        day = date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return day if not found["era"] or clock.era_year(day).startswith(name) else None


class DayField(Field):
    """A day in any of the ways that people write one."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%Y/%m/%d}" if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; what is no day is an error, and stays on screen as it was written."""
        self.data = read_day(valuelist[0]) if valuelist else None


class CountField(Field):
    """A whole number, in digits of either width."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; None where it is no whole number."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = int(text) if text.isdecimal() and len(text) < 10 else None
