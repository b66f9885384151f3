"""Days and hours as people write them in Japan: with an era or without, in either width."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

from app.kernel import clock

_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_DAY = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])?(?P<year>元|[0-9]{1,4})[年./-]"
    r"(?P<month>[0-9]{1,2})[月./-](?P<day>[0-9]{1,2})日?(\([月火水木金土日]\))?"
    r"|(?P<whole>[0-9]{8})",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(?P<hour>[0-9]{1,2})"
    r"(?:時(?:(?P<half>半)|(?P<minutes>[0-9]{1,2})分)?|:(?P<digits>[0-9]{2}))"
)


def parse_hour(text: str) -> time | None:
    """Return the time of day that somebody wrote: 9:00, 13時, 13時半, １３時３０分.

    None where it is none.
    """
    found = _HOUR.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        return None
    minute = 30 if found["half"] else int(found["minutes"] or found["digits"] or 0)
    try:
        return time(int(found["hour"]), minute)
    except ValueError:
        return None


def parse(text: str) -> date | None:
    """Return the day that somebody wrote: 2026/7/1, 2026-07-01, 20260701, R8.7.1, 令和８年７月１日.

    None where it is no day, or a day outside the era it names (平成32年). A year without an era has
    four digits: 6/4/1 may mean anything.
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    found = _DAY.fullmatch(folded)
    if found is None:
        return None
    if whole := found["whole"]:
        return _day(int(whole[:4]), int(whole[4:6]), int(whole[6:]))
    year = 1 if found["year"] == "元" else int(found["year"])
    name = _LETTERS.get((found["era"] or "").upper(), found["era"])
    if name:
        year += next(era.begins_on.year for era in clock.ERAS if era.name == name) - 1
    elif len(found["year"]) != 4:
        return None
    day = _day(year, int(found["month"]), int(found["day"]))
    return day if day is None or not name or clock.era_year(day).startswith(name) else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
