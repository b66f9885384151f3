"""Days, eras and fiscal years as a Japanese office counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock

DAYS = st.dates(date(1868, 1, 25), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 3, 31), 2024),
        (date(2025, 4, 1), 2025),
        (date(2025, 12, 31), 2025),
        (date(2026, 1, 1), 2025),
    ],
)
def test_the_fiscal_year_begins_in_april(day: date, year: int) -> None:
    assert clock.fiscal_year(day) == year


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2019, 5, 1), "令和元年5月1日（水）"),
        (date(2019, 4, 30), "平成31年4月30日（火）"),
        (date(1989, 1, 8), "平成元年1月8日（日）"),
        (date(1989, 1, 7), "昭和64年1月7日（土）"),
        (date(2024, 4, 1), "令和6年4月1日（月）"),
        (date(1926, 12, 25), "昭和元年12月25日（土）"),
        (date(1926, 12, 24), "大正15年12月24日（金）"),
        (date(1912, 7, 30), "大正元年7月30日（火）"),
        (date(1912, 7, 29), "明治45年7月29日（月）"),
        (date(1868, 1, 25), "明治元年1月25日（土）"),
        (date(1868, 1, 24), "1868年1月24日（金）"),
    ],
)
def test_a_day_is_written_with_its_era(day: date, written: str) -> None:
    assert clock.era_date(day) == written


@given(DAYS)
def test_every_day_has_an_era_and_its_first_year_is_gannen(day: date) -> None:
    written = clock.era_year(day)
    begun = next(era for era in clock.ERAS if era.begins_on <= day)
    assert written.startswith(begun.name)
    assert written.endswith("元年") == (day.year == begun.begins_on.year)


@given(DAYS)
def test_a_deadline_is_the_last_second_of_its_day_in_japan(day: date) -> None:
    end = clock.end_of(day)
    assert clock.today(end) == day
    assert clock.today(end + timedelta(seconds=1)) == day + timedelta(days=1)
    assert end - clock.start_of(day) == timedelta(hours=23, minutes=59, seconds=59) or (
        day == date(1888, 1, 1)  # the standard time began, and with it the meridian of Akashi
        or date(1948, 1, 1) <= day <= date(1951, 12, 31)  # Japan had summer time
    )


def test_a_deadline_on_31_july_is_a_moment_of_the_afternoon_in_utc() -> None:
    assert clock.end_of(date(2026, 7, 31)) == datetime(2026, 7, 31, 14, 59, 59, tzinfo=UTC)


def test_the_day_in_japan_begins_at_15_hours_utc() -> None:
    assert clock.today(datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)) == date(2026, 3, 31)
    assert clock.today(datetime(2026, 3, 31, 15, tzinfo=UTC)) == date(2026, 4, 1)


def test_days_left_are_counted_by_days_in_japan() -> None:
    late_evening = datetime(2026, 7, 31, 14, 59, tzinfo=UTC)
    assert clock.days_left(date(2026, 7, 31), late_evening) == 0
    assert clock.days_left(date(2026, 8, 3), late_evening) == 3
    assert clock.days_left(date(2026, 7, 30), late_evening) == -1


def test_the_present_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
