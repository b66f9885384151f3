"""Reads of a month: its weeks from Monday, and what is on each day.

Where people meet, each session is an entry; where each learns alone, the first and the last day
are.
"""

from __future__ import annotations

import re
import uuid
from calendar import Calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.open_days import OpenDays
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunKind, RunSession, Training

_FIRST_YEAR, _LAST_YEAR = 2000, 2200


class Mark(StrEnum):
    """What is on a day: コマ, 開始, 期限."""

    SESSION = "session"
    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True)
class Entry:
    """One thing on one day."""

    mark: Mark
    run_id: uuid.UUID
    offering_id: uuid.UUID
    title: str
    number: int
    state: str
    #: Of a session alone.
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""


@dataclass(frozen=True)
class Day:
    """One cell of a month."""

    day: date
    is_inside: bool
    is_today: bool
    is_open: bool
    holiday: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Month:
    """A month in weeks."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def before(self) -> str:
        """The month before, as addresses write it."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """The month after."""
        return f"{self.first + timedelta(days=32):%Y-%m}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is on."""
        return not any(day.entries for week in self.weeks for day in week if day.is_inside)


def first_of(text: str, now: datetime) -> date:
    """Return the first day of a month written 2026-12; of this month for what is none."""
    year, _, month = text.partition("-")
    is_month = re.fullmatch("[0-9]{4}-[0-9]{2}", text) is not None
    if is_month and 1 <= int(month) <= 12 and _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return date(int(year), int(month), 1)
    return clock.today(now).replace(day=1)


def month(
    session: Session,
    first: date,
    days: OpenDays,
    now: datetime,
    *conditions: sa.ColumnElement[bool],
) -> Month:
    """Return a month of the runs that fulfil the conditions, in three statements."""
    shown = Calendar().monthdatescalendar(first.year, first.month)
    on = _entries(session, shown[0][0], shown[-1][-1], conditions)
    today = clock.today(now)
    return Month(
        first,
        tuple(
            tuple(
                Day(
                    day,
                    day.month == first.month,
                    day == today,
                    days.is_open(day),
                    days.holiday(day),
                    tuple(on[day]),
                )
                for day in week
            )
            for week in shown
        ),
    )


def _entries(
    session: Session, first: date, last: date, conditions: tuple[sa.ColumnElement[bool], ...]
) -> dict[date, list[Entry]]:
    found: dict[date, list[Entry]] = defaultdict(list)
    shown = (Run.id, Run.offering_id, Training.title, Run.number, Run.state)
    for mark, on in ((Mark.ENDS, Run.learn_until), (Mark.BEGINS, Run.learn_from)):
        rows = session.execute(
            _of_runs(cast("sa.Select[Any]", sa.select(on, *shown)), conditions)
            .where(Run.kind != RunKind.CLASSROOM, on.between(first, last))
            .order_by(Training.code, Run.number)
        )
        for row in rows:
            found[row[0]].append(Entry(mark, *row[1:]))
    held = cast(
        "sa.Select[Any]",
        sa.select(*shown, RunSession.starts_at, RunSession.ends_at, RunSession.place),
    )
    rows = session.execute(
        _of_runs(held.join(RunSession, RunSession.run_id == Run.id), conditions)
        .where(RunSession.starts_at.between(clock.start_of(first), clock.end_of(last)))
        .order_by(RunSession.starts_at, Training.code)
    )
    for row in rows:
        found[clock.today(row.starts_at)].append(Entry(Mark.SESSION, *row))
    return found


def _of_runs(
    query: sa.Select[Any], conditions: tuple[sa.ColumnElement[bool], ...]
) -> sa.Select[Any]:
    return (
        query.join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(*conditions)
    )
