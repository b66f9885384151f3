"""開庁日: the days on which the office is open, and how to count them.

Closed are Saturdays and Sundays, the turn of the year, and the national holidays: those of a
library that follows the law, or those of a file for the years that the file knows. The file is the
Cabinet Office's list as it is handed out, `2026/11/23,勤労感謝の日`, and whatever an office adds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import jpholiday

from app.kernel import dates
from app.kernel.setting_checks import SettingsError

#: From 29 December to 3 January public offices are closed.
TURN_OF_THE_YEAR = frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)})
DAY = timedelta(days=1)


class OpenDays:
    """What an office's calendar says of a day."""

    def __init__(self, named: Mapping[date, str] | None = None) -> None:
        """Begin with the holidays of a file, by day; its years take no holiday from elsewhere."""
        self._named = dict(named or {})
        self._years = frozenset(day.year for day in self._named)

    def holiday(self, day: date) -> str:
        """Return the name of the holiday that a day is, or nothing."""
        if day.year in self._years:
            return self._named.get(day, "")
        return _of_the_law(day)

    def is_open(self, day: date) -> bool:
        """Whether the office is open."""
        is_weekend = day.weekday() >= 5
        return (
            not is_weekend
            and (day.month, day.day) not in TURN_OF_THE_YEAR
            and not self.holiday(day)
        )

    def on_or_before(self, day: date) -> date:
        """Return a day where it is an open one, or the last open one before it."""
        while not self.is_open(day):
            day -= DAY
        return day

    def standing_for(self, day: date) -> list[date]:
        """Return the days whose work is done on an open one: itself and the closed ones after it.

        Nothing is done on a closed day.
        """
        found = [day] if self.is_open(day) else []
        while found and not self.is_open(found[-1] + DAY):
            found.append(found[-1] + DAY)
        return found

    def before(self, day: date, count: int = 1) -> date:
        """Return the open day so many open days before a day, which counts as none itself."""
        for _ in range(count):
            day = self.on_or_before(day - DAY)
        return day


@cache
def open_days(file: str) -> OpenDays:
    """Return the calendar with the setting `holidays`, read once in a process.

    Raises SettingsError where the file cannot be read.
    """
    return _read(Path(file)) if file else OpenDays()


@cache
def _of_the_law(day: date) -> str:
    return "、".join(holiday.name for holiday in jpholiday.JPHoliday().holidays(day))


def _read(path: Path) -> OpenDays:
    try:
        data = path.read_bytes()
    except OSError as error:
        told = f"KENSHU_HOLIDAYS cannot be read: {path} ({error.strerror})"
        raise SettingsError(told) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _old(data, path)
    return OpenDays(dict(_days(csv.reader(text.splitlines()), path)))


def _old(data: bytes, path: Path) -> str:
    try:
        return data.decode("cp932")
    except UnicodeDecodeError as error:
        raise SettingsError(f"KENSHU_HOLIDAYS is neither UTF-8 nor Shift_JIS: {path}") from error


def _days(rows: Iterable[list[str]], path: Path) -> Iterable[tuple[date, str]]:
    for number, row in enumerate(rows, start=1):
        day = dates.parse(row[0]) if row else None
        if day is not None and len(row) > 1 and row[1].strip():
            yield day, row[1].strip()
        elif row and number > 1:  # the first line may be a heading
            raise SettingsError(
                f"KENSHU_HOLIDAYS: line {number} of {path} is no day and name, "
                "as in 2026/11/23,勤労感謝の日"
            )
