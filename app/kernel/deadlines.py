"""When something is due, as offices write it: 開始2週間前の金曜, 前開庁日17時, 7日前.

A rule counts back from a day, the anchor. What it finds on a closed day is due on the last open day
before; without an hour it is due at the end of the day.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.kernel import clock, dates
from app.kernel.open_days import OpenDays

_RULE = re.compile(
    r"(?:開始日?の?)?"
    r"(?:(?P<same>当日)|(?P<previous>前開庁日)|(?P<count>[0-9]{1,3})(?P<unit>開庁日|日|週間?|[かカヶヵ箇]月)前)"
    r"(?:の(?P<weekday>[月火水木金土日])曜日?)?"
    r"(?:の?(?P<hour>[0-9]{1,2})(?:時(?:(?P<half>半)|(?P<minutes>[0-9]{1,2})分)?|:(?P<digits>[0-9]{2})))?"
    r"(?:まで)?"
)


class Unit(StrEnum):
    """What a rule counts, as it is written."""

    DAYS = "日"
    OPEN_DAYS = "開庁日"
    WEEKS = "週間"
    MONTHS = "か月"


#: A unit by its first letter; months have several, か月 and ヶ月 among them.
_BY_LETTER = {unit[0]: unit for unit in Unit if unit != Unit.MONTHS}


@dataclass(frozen=True)
class Rule:
    """So many units before an anchor; in weeks, perhaps on a day of that week; until an hour."""

    count: int
    unit: Unit
    #: 0 is Monday: that day of the week (月–日) which the counting leads to.
    weekday: int | None = None
    #: In Japan's time; None is the end of the day.
    at: time | None = None

    def __str__(self) -> str:
        """Write the rule in its one short way, which `parse` reads."""
        if self.count == 0:
            said = "当日"
        elif (self.count, self.unit) == (1, Unit.OPEN_DAYS):
            said = "前開庁日"
        else:
            said = f"{self.count}{self.unit}前"
        said += f"の{clock.WEEKDAYS[self.weekday]}曜" if self.weekday is not None else ""
        if self.at is None:
            return said
        return said + (
            f"{self.at.hour}時{self.at.minute}分" if self.at.minute else f"{self.at.hour}時"
        )

    def due(self, anchor: date, days: OpenDays) -> datetime:
        """Return the moment until which it can be done, in UTC."""
        day = self._counted(anchor, days)
        if self.count:  # on the day itself there is no other day to go to
            day = days.on_or_before(day)
        return clock.end_of(day) if self.at is None else _moment(day, self.at)

    def _counted(self, anchor: date, days: OpenDays) -> date:
        if self.unit == Unit.OPEN_DAYS:
            return days.before(anchor, self.count)
        if self.unit == Unit.MONTHS:
            return clock.months_before(anchor, self.count)
        length = 7 if self.unit == Unit.WEEKS else 1
        day = anchor - timedelta(days=self.count * length)
        if self.weekday is not None:
            day += timedelta(days=self.weekday - day.weekday())
        return day


def parse(text: str) -> Rule | None:
    """Return the rule that somebody wrote, or None where it is none.

    A day of the week goes with weeks alone: 2週間前の金曜 is the Friday of the week (from Monday
    on) that lies two weeks before. An hour is written 17時, 17時30分, 17時半 or 17:30.
    """
    found = _RULE.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        return None
    unit = _unit(found)
    weekday = clock.WEEKDAYS.index(found["weekday"]) if found["weekday"] else None
    count = 0 if found["same"] else int(found["count"] or 1)
    if (weekday is not None and unit != Unit.WEEKS) or (count == 0) != bool(found["same"]):
        return None
    try:
        return Rule(count, unit, weekday, _hour(found))
    except ValueError:
        return None


def moment(text: str, anchor: date, days: OpenDays) -> datetime | None:
    """Return the moment that a day (to its end), or a rule that counts back from a day, means.

    None for what is neither, and for nothing.
    """
    if day := dates.parse(text):
        return clock.end_of(day)
    rule = parse(text)
    return rule.due(anchor, days) if rule else None


def _unit(found: re.Match[str]) -> Unit:
    if found["previous"]:
        return Unit.OPEN_DAYS
    written = found["unit"] or Unit.DAYS
    return _BY_LETTER.get(written[0], Unit.MONTHS)


def _hour(found: re.Match[str]) -> time | None:
    if not found["hour"]:
        return None
    minute = 30 if found["half"] else int(found["minutes"] or found["digits"] or 0)
    return time(int(found["hour"]), minute)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.JST).astimezone(UTC)
