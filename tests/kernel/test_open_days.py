"""The office's calendar: weekends, the turn of the year, holidays of the law or of a file."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies

from app.kernel.open_days import OpenDays, open_days
from app.kernel.setting_checks import SettingsError

DAYS = strategies.dates(date(2020, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 23), "勤労感謝の日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 11, 24), ""),
    ],
)
def test_a_holiday_has_its_name(day: date, name: str) -> None:
    assert name in OpenDays().holiday(day)
    assert bool(OpenDays().holiday(day)) == bool(name)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 1, 5), date(2025, 12, 26)),
        (date(2026, 5, 7), date(2026, 5, 1)),
        (date(2026, 9, 24), date(2026, 9, 18)),
        (date(2026, 7, 15), date(2026, 7, 14)),
    ],
)
def test_the_open_day_before(day: date, before: date) -> None:
    assert OpenDays().before(day) == before


@given(DAYS, strategies.integers(0, 30))
def test_counted_back_there_are_so_many_open_days_between(day: date, count: int) -> None:
    days = OpenDays()
    first = days.before(day, count)
    between = [first + timedelta(days=n) for n in range((day - first).days)]
    assert sum(map(days.is_open, between)) == count
    assert count == 0 or days.is_open(first)


@given(DAYS)
def test_on_or_before_is_open_and_nothing_open_lies_between(day: date) -> None:
    days = OpenDays()
    found = days.on_or_before(day)
    assert days.is_open(found)
    assert not [n for n in range((day - found).days) if days.is_open(day - timedelta(days=n))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_rules_the_years_that_it_knows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "holidays.csv"
    lines = "国民の祝日・休日月日,国民の祝日・休日名称\r\n2026/1/1,元日\r\n2026/10/1,開庁記念日\r\n"
    path.write_bytes(lines.encode(encoding))
    days = open_days(str(path))
    assert days.holiday(date(2026, 10, 1)) == "開庁記念日"
    assert not days.is_open(date(2026, 10, 1))
    assert days.is_open(date(2026, 11, 23))
    assert not days.is_open(date(2027, 11, 23))


@pytest.mark.parametrize(
    ("text", "said"),
    [("2026/1/1,元日\n2026/2/30,ない日\n", "line 2"), ("day,name\n2026/1/1\n", "line 2")],
)
def test_a_file_that_is_none_says_which_line_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "holidays.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        open_days(str(path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.csv"):
        open_days(str(tmp_path / "nowhere.csv"))
