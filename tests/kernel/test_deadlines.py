"""Deadlines as offices write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, strategies

from app.kernel import clock
from app.kernel.deadlines import Rule, Unit, parse
from app.kernel.open_days import OpenDays

RULES = strategies.builds(
    Rule,
    strategies.integers(1, 60),
    strategies.sampled_from(Unit),
    strategies.none(),
    strategies.one_of(
        strategies.none(),
        strategies.builds(time, strategies.integers(0, 23), strategies.integers(0, 59)),
    ),
)
ANCHORS = strategies.dates(date(2021, 1, 1), date(2029, 12, 31))
#: A Wednesday.
START = date(2026, 7, 15)


def in_japan(rule: str, anchor: date = START) -> str:
    found = parse(rule)
    assert found is not None, rule
    return f"{found.due(anchor, OpenDays()).astimezone(clock.JST):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ("開始2週間前の金曜", "2026-07-03 23:59:59"),
        ("２週間前の金曜日 17時", "2026-07-03 17:00:00"),
        ("1週間前の木曜", "2026-07-09 23:59:59"),
        ("2週間前", "2026-07-01 23:59:59"),
        ("前開庁日17時", "2026-07-14 17:00:00"),
        ("開始日の前開庁日の17:15", "2026-07-14 17:15:00"),
        ("3開庁日前17時半まで", "2026-07-10 17:30:00"),
        ("7日前", "2026-07-08 23:59:59"),
        ("1か月前", "2026-06-15 23:59:59"),
        ("１ヶ月前", "2026-06-15 23:59:59"),
        ("当日8時30分", "2026-07-15 08:30:00"),
    ],
)
def test_a_rule_counts_back_from_the_start(rule: str, due: str) -> None:
    assert in_japan(rule) == due


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        ("前開庁日17時", date(2026, 1, 5), "2025-12-26 17:00:00"),
        ("2週間前の金曜", date(2026, 5, 15), "2026-05-01 23:59:59"),
        ("7日前", date(2026, 5, 11), "2026-05-01 23:59:59"),
        ("7日前17時", date(2026, 11, 30), "2026-11-20 17:00:00"),
        ("1か月前", date(2026, 3, 31), "2026-02-27 23:59:59"),
    ],
)
def test_what_falls_on_a_closed_day_is_due_on_the_open_day_before(
    rule: str, start: date, due: str
) -> None:
    assert in_japan(rule, start) == due


@pytest.mark.parametrize(
    "text",
    [
        "",
        "金曜",
        "0日前",
        "7日前の金曜",
        "前開庁日の金曜",
        "2週間前の金曜25時",
        "7日後",
        "17時",
        "当日の金曜",
        "7日前17時75分",
    ],
)
def test_what_is_no_rule_is_none(text: str) -> None:
    assert parse(text) is None


@given(RULES, ANCHORS)
def test_a_rule_reads_what_it_writes_and_is_due_on_an_open_day_before(
    rule: Rule, anchor: date
) -> None:
    assert parse(str(rule)) == rule
    due = rule.due(anchor, OpenDays()).astimezone(clock.JST)
    assert OpenDays().is_open(due.date())
    assert due.date() < anchor
