"""Reads of retention: what is due by class, the periods, the erasures, who is held."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping import holdings
from app.keeping.retention.models import Erasure, ErasureLine, RetentionHold, RetentionPeriod
from app.keeping.retention.periods import PERIODS
from app.keeping.retention.states import ErasureState
from app.kernel import clock, jobs
from app.kernel.errors import NotFound
from app.kernel.holdings import Due, due_before
from app.people.register.models import Person, StaffNumber

#: States in which an erasure stands in the way of the next one of its class.
OPEN = (ErasureState.PROPOSED, ErasureState.APPROVED)


@dataclass(frozen=True)
class ClassLine:
    """One class: how long it is kept, and what of it is due now."""

    record_class: str
    years: int
    #: What happened before this day is due.
    before: date
    people: int
    rows: int
    oldest: date | None
    #: People among them who are held.
    held: int
    #: Whether the system keeps rows of the class at all.
    is_kept: bool


def years_of(session: Session, record_class: str) -> int:
    """Return for how many years a class is kept; raises NotFound for a class without a period."""
    if record_class not in PERIODS:
        raise NotFound
    newest = history(session, record_class)
    return newest[0].years if newest else PERIODS[record_class].years


def history(session: Session, record_class: str) -> list[RetentionPeriod]:
    """Return what a class's period has been set to, the newest first."""
    return list(
        session.scalars(
            sa.select(RetentionPeriod)
            .where(RetentionPeriod.record_class == record_class)
            .order_by(RetentionPeriod.set_at.desc(), RetentionPeriod.id.desc())
        )
    )


def due(session: Session, now: datetime) -> list[ClassLine]:
    """Return every class with what is due today: a few statements a class."""
    today = clock.today(now)
    return [_line(session, record_class, today) for record_class in PERIODS]


def _line(session: Session, record_class: str, today: date) -> ClassLine:
    years = years_of(session, record_class)
    before = due_before(today, years)
    found = holdings.due(record_class, before)
    people, held, rows, oldest = _counts(session, found, today)
    return ClassLine(record_class, years, before, people, rows, oldest, held, bool(found))


def _counts(session: Session, found: list[Due], today: date) -> tuple[int, int, int, date | None]:
    rows, oldest = 0, None
    people: set[uuid.UUID] = set()
    for query in found:
        for person_id, count, event in session.execute(query):
            rows += count
            people |= {person_id} if person_id else set()
            day = day_of(event)
            oldest = min(filter(None, (oldest, day)), default=None)
    held = people & held_on(session, today)
    return len(people), len(held), rows, oldest


def day_of(event: date | datetime | None) -> date | None:
    """Return the day in Japan of an event; None for none."""
    return clock.today(event) if isinstance(event, datetime) else event


def held_on(session: Session, day: date) -> set[uuid.UUID]:
    """Return who is held on a day."""
    return set(session.scalars(sa.select(RetentionHold.person_id).where(is_holding(day))))


def is_holding(day: date) -> sa.ColumnElement[bool]:
    """Return the condition that a hold holds on a day."""
    return sa.and_(RetentionHold.until >= day, RetentionHold.lifted_at.is_(None))


def holds_of(session: Session, person_id: uuid.UUID) -> list[RetentionHold]:
    """Return the holds of somebody, the newest first."""
    return list(
        session.scalars(
            sa.select(RetentionHold)
            .where(RetentionHold.person_id == person_id)
            .order_by(RetentionHold.placed_at.desc())
        )
    )


def erasures(session: Session) -> list[Erasure]:
    """Return the erasures, the newest first."""
    return list(session.scalars(sa.select(Erasure).order_by(Erasure.proposed_at.desc()).limit(50)))


def erasure(session: Session, erasure_id: uuid.UUID) -> Erasure:
    """Return one erasure; raises NotFound."""
    found = session.get(Erasure, erasure_id)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class LineShown:
    """One person of an erasure, or what is about nobody."""

    name: str | None
    number: str | None
    rows: int
    oldest_on: date
    is_held: bool


def lines(erasure_id: uuid.UUID, today: date) -> sa.Select[Any]:
    """Return the query of whose rows an erasure takes, with the columns of `LineShown`."""
    number = (
        sa.select(StaffNumber.number)
        .where(StaffNumber.person_id == Person.id)
        .order_by(StaffNumber.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    held = sa.exists().where(RetentionHold.person_id == Person.id, is_holding(today))
    return (
        sa.select(
            Person.name, number.label("number"), ErasureLine.rows, ErasureLine.oldest_on, held
        )
        .outerjoin(Person, Person.id == ErasureLine.person_id)
        .where(ErasureLine.erasure_id == erasure_id)
        .order_by(sa.text("number"), ErasureLine.id)
    )


def waiting(session: Session, erasure_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the lines that are still to be done."""
    return list(
        session.scalars(
            sa.select(ErasureLine.id)
            .where(ErasureLine.erasure_id == erasure_id)
            .order_by(ErasureLine.id)
        )
    )


def job_of(session: Session, found: Erasure) -> jobs.Job | None:
    """Return the job that erases, where there is one."""
    return session.get(jobs.Job, found.job_id) if found.job_id else None
