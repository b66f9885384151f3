"""How pages write days, moments, durations and sizes, in Japanese and in English.

In Japanese a reader chooses how years are counted (`app.kernel.web.years`).
"""

from __future__ import annotations

from datetime import date, datetime

import flask

from app.kernel import clock, language
from app.kernel.language import gettext, ngettext
from app.kernel.web import routing, years


def _japanese() -> bool:
    return language.current() == "ja"


def _by_era() -> bool:
    return years.current() == years.JAPANESE


def day(value: date | None) -> str:
    """令和8年11月23日（月） or 2026年11月23日（月）; Mon, 23 Nov 2026; empty for None."""
    if value is None:
        return ""
    if not _japanese():
        return f"{value:%a}, {value.day} {value:%b %Y}"
    return clock.era_date(value) if _by_era() else clock.western_date(value)


def fiscal_year(value: int) -> str:
    """令和8年度; FY2026: of the year in which it begins."""
    return clock.fiscal_year_name(value) if _japanese() else f"FY{value}"


def plain_day(value: date | None) -> str:
    """令和8年4月1日 or 2026年4月1日; 1 Apr 2026: of days whose weekday says nothing."""
    if value is None:
        return ""
    if not _japanese():
        return f"{value.day} {value:%b %Y}"
    return clock.era_day(value) if _by_era() else clock.western_day(value)


def weekday(value: date) -> str:
    """月; Mon."""
    return clock.WEEKDAYS[value.weekday()] if _japanese() else f"{value:%a}"


def month(value: date) -> str:
    """令和8年12月 or 2026年12月; Dec 2026: of its first day."""
    if not _japanese():
        return f"{value:%b %Y}"
    return f"{clock.era_year(value) if _by_era() else f'{value.year}年'}{value.month}月"


def period(first: date, last: date) -> str:
    """Return the days from one to another; of one day alone, that day."""
    if first == last:
        return day(first)
    return gettext("%(first)s〜%(last)s", first=day(first), last=day(last))


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """令和8年11月23日（月）13:00, or with its seconds, in Japan's time."""
    if value is None:
        return ""
    local = value.astimezone(clock.JST)
    return (
        f"{day(local.date())} {local:%H:%M:%S}" if seconds else f"{day(local.date())} {local:%H:%M}"
    )


def hour(value: datetime | None) -> str:
    """17:00, in Japan's time, of a moment on a day that has been said."""
    return f"{value.astimezone(clock.JST):%H:%M}" if value else ""


def on(value: datetime | None) -> date | None:
    """Return the day in Japan of a moment: what `deadline` counts to."""
    return None if value is None else clock.today(value)


def second(value: datetime) -> str:
    """11/23 13:00:05, in Japan's time: for lists of what happened one after another."""
    local = value.astimezone(clock.JST)
    return f"{local.month}/{local.day} {local:%H:%M:%S}"


def until(value: datetime | None) -> str:
    """令和8年12月4日（金）まで, with the hour where that is not the end of the day."""
    if value is None:
        return ""
    last = clock.today(value)
    told = day(last) if value == clock.end_of(last) else moment(value)
    return gettext("%(moment)sまで", moment=told)


def deadline(value: date | None) -> str:
    """Count the days left until a day: あと3日, 今日まで, 2日超過."""
    if value is None:
        return ""
    left = clock.days_left(value, routing.now())
    if left > 0:
        return ngettext("あと%(num)d日", "あと%(num)d日", left)
    if left == 0:
        return gettext("今日まで")
    return ngettext("%(num)d日超過", "%(num)d日超過", -left)


def duration(seconds: float | None) -> str:
    """1時間20分, 6時間; 45秒 below a minute; empty for None."""
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    if whole < 60:
        return gettext("%(seconds)d秒", seconds=whole)
    if not hours:
        return gettext("%(minutes)d分", minutes=minutes)
    if not minutes:
        return gettext("%(hours)d時間", hours=hours)
    return gettext("%(hours)d時間%(minutes)d分", hours=hours, minutes=minutes)


def place(seconds: float) -> str:
    """Return a place in a film: 1:05, 1:02:03."""
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"


def size(octets: int | None) -> str:
    """12.3 MB, by powers of 1,000."""
    if octets is None:
        return ""
    amount = float(octets)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def number(value: float | None, digits: int = 0) -> str:
    """1,234 or 83.5, without zeros behind the point; empty for None."""
    if value is None:
        return ""
    written = f"{value:,.{digits}f}"
    return written.rstrip("0").rstrip(".") if digits else written


def install(app: flask.Flask) -> None:
    """Give every template these filters."""
    for function in (
        *(day, period, plain_day, fiscal_year, weekday, month),
        *(moment, hour, on, second, until, deadline),
        *(duration, place, size, number),
    ):
        app.add_template_filter(function)
