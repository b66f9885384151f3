"""The only reader of the clock, and the Japanese ways to name a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")
WEEKDAYS = "月火水木金土日"


class Era(NamedTuple):
    """An era by the day it began (元号法): 元年 is its first calendar year."""

    begins_on: date
    name: str


ERAS = (
    Era(date(2019, 5, 1), "令和"),
    Era(date(1989, 1, 8), "平成"),
    Era(date(1926, 12, 25), "昭和"),
    Era(date(1912, 7, 30), "大正"),
    Era(date(1868, 1, 25), "明治"),
)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(moment: datetime) -> date:
    """Return the day in Japan at a moment."""
    return moment.astimezone(JST).date()


def end_of(day: date) -> datetime:
    """Return the last moment of a day in Japan: 「7/31まで」 means 23:59:59 that day."""
    return datetime.combine(day, time(23, 59, 59), JST).astimezone(UTC)


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Japan."""
    return datetime.combine(day, time(), JST).astimezone(UTC)


def fiscal_year(day: date) -> int:
    """Return the fiscal year (4月–3月) by the year it begins in."""
    return day.year if day.month >= 4 else day.year - 1


def era_year(day: date) -> str:
    """Return the year with its era: 令和8年, 令和元年; before 明治 the plain year."""
    for era in ERAS:
        if day >= era.begins_on:
            year = day.year - era.begins_on.year + 1
            return f"{era.name}{'元' if year == 1 else year}年"
    return f"{day.year}年"


def fiscal_year_name(year: int) -> str:
    """Return 令和8年度 of the year in which it begins; with the era of its May, as offices do."""
    return f"{era_year(date(year, 5, 1))}度"


def era_day(day: date) -> str:
    """Return 令和8年11月23日."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def era_date(day: date) -> str:
    """Return 令和8年11月23日（月）."""
    return f"{era_day(day)}（{WEEKDAYS[day.weekday()]}）"


def western_day(day: date) -> str:
    """Return 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def western_date(day: date) -> str:
    """Return 2026年11月23日（月）."""
    return f"{western_day(day)}（{WEEKDAYS[day.weekday()]}）"


def year_of(begun_on: date | None, day: date) -> int | None:
    """Return in which year of something a day is, by fiscal years: 採用3年目.

    The fiscal year in which it began is the first, however late in it; None before it began, or
    where nobody knows when that was.
    """
    if begun_on is None or day < begun_on:
        return None
    return fiscal_year(day) - fiscal_year(begun_on) + 1


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last day of that month."""
    count = day.year * 12 + day.month - 1 - months
    first = date(count // 12, count % 12 + 1, 1)
    following = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def days_left(due_on: date, moment: datetime) -> int:
    """Return whole days from today in Japan until a day; negative once it has passed."""
    return (due_on - today(moment)) // timedelta(days=1)
