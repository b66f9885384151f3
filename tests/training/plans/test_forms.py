"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from app.kernel.web.fields import read_day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026/7/1", date(2026, 7, 1)),
        ("2026-07-01", date(2026, 7, 1)),
        ("2026.7.1", date(2026, 7, 1)),
        ("2026年7月1日", date(2026, 7, 1)),
        ("R8.7.1", date(2026, 7, 1)),
        ("r8/7/1", date(2026, 7, 1)),
        ("令和8年7月1日", date(2026, 7, 1)),
        ("令和８年７月１日", date(2026, 7, 1)),
        (" 令和 8 年 7 月 1 日（水） ", date(2026, 7, 1)),
        ("㋿8年7月1日", date(2026, 7, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("S64.1.7", date(1989, 1, 7)),
    ],
)
def test_a_day_is_read_in_the_ways_that_people_write_one(written: str, day: date) -> None:
    assert read_day(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "",
        "7/1",
        "明日",
        "2026/2/30",
        "2026/13/1",
        "26/7/1",
        "平成32年1月1日",
        "令和元年4月30日",
        "2026/7/1 9:00",
    ],
)
def test_what_is_no_day_is_not_guessed(written: str) -> None:
    assert read_day(written) is None
