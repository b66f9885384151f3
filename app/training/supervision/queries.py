"""Reads of how the people of some sections are with their trainings."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.learning.records.states import RecordStatus
from app.people.permission.queries import serving_in
from app.people.register.models import Person
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.attendance.models import Attendance
from app.training.enrolment.models import Enrolment
from app.training.enrolment.queries import progress, still_counted
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunSession, Training
from app.training.plans.states import RunState

#: So many of a kind stand on the home; the rest is behind its link.
MOST = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Sitting:
    """A session of this week, with how many of one's sections are to be there."""

    run_id: uuid.UUID
    title: str
    run_number: int
    starts_at: datetime
    place: str
    people: int
    #: How many of them have said that they will not come.
    absent: int


def this_week(session: Session, section_ids: Collection[uuid.UUID], now: datetime) -> list[Sitting]:
    """Return the sessions of the next seven days that people of some sections attend."""
    announced = sa.func.count(sa.case((Attendance.announced == "absent", 1)))
    rows = session.execute(
        cast(
            "sa.Select[Any]",
            sa.select(
                Run.id,
                Training.title,
                Run.number,
                RunSession.starts_at,
                RunSession.place,
                sa.func.count(Enrolment.id),
                announced,
            )
            .select_from(RunSession)
            .join(Run, Run.id == RunSession.run_id)
            .join(Offering, Offering.id == Run.offering_id)
            .join(Training, Training.id == Offering.training_id)
            .join(Enrolment, Enrolment.run_id == Run.id)
            .join(Person, Person.id == Enrolment.person_id)
            .outerjoin(
                Attendance,
                sa.and_(
                    Attendance.enrolment_id == Enrolment.id,
                    Attendance.session_id == RunSession.id,
                ),
            )
            .where(
                RunSession.ends_at >= now,
                RunSession.starts_at < now + WEEK,
                Enrolment.state.in_(SEATED),
                Run.state.not_in((RunState.CANCELLED, RunState.POSTPONED)),
                serving_in(section_ids, clock.today(now)),
            )
            .group_by(RunSession.id, Run.id, Training.id)
            .order_by(RunSession.starts_at),
        )
    )
    return [Sitting(*row) for row in rows]


@dataclass(frozen=True)
class Overdue:
    """One person of one's sections who has not finished something in time."""

    person_id: uuid.UUID
    name: str
    title: str
    run_number: int
    due_on: Any


def _unfinished(section_ids: Collection[uuid.UUID], now: datetime) -> sa.Select[Any]:
    today = clock.today(now)
    rows = progress(Enrolment.state.in_(SEATED), Enrolment.run_id.in_(_held()))
    due = sa.func.coalesce(Enrolment.extended_until, Run.learn_until)
    return cast(
        "sa.Select[Any]",
        sa.select(
            Person.id,
            Person.name,
            Training.title,
            Run.number,
            due.label("due"),
        )
        .select_from(rows)
        .join(Enrolment, Enrolment.id == rows.c.enrolment_id)
        .join(Run, Run.id == rows.c.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Person, Person.id == rows.c.person_id)
        .where(
            rows.c.components > 0,
            rows.c.standing.in_((RecordStatus.NOT_STARTED, RecordStatus.IN_PROGRESS)),
            due < today,
            still_counted(rows, today),
            serving_in(section_ids, today),
        )
        .order_by(due, Person.name),
    )


def _held() -> sa.Select[uuid.UUID]:
    return sa.select(Run.id).where(Run.state.in_((RunState.OPEN, RunState.ENDED)))


def overdue(
    session: Session, section_ids: Collection[uuid.UUID], now: datetime
) -> tuple[int, list[Overdue]]:
    """Return how many of some sections are late, and the first of them."""
    query = _unfinished(section_ids, now)
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery()))
    found = session.execute(query.limit(MOST))
    return total or 0, [Overdue(*row) for row in found]


@dataclass(frozen=True)
class Progress:
    """How far the people of a section are with what is being held now."""

    section: str
    done: int
    total: int


def progress_by_section(
    session: Session, section_ids: Collection[uuid.UUID], now: datetime
) -> list[Progress]:
    """Return how far each of some sections is with the runs that are held now."""
    today = clock.today(now)
    open_runs = sa.select(Run.id).where(Run.state == RunState.OPEN)
    rows = progress(Enrolment.state.in_(SEATED), Enrolment.run_id.in_(open_runs))
    done = sa.func.count(sa.case((rows.c.standing == RecordStatus.COMPLETED, 1)))
    found = session.execute(
        sa.select(SectionVersion.name, done, sa.func.count())
        .select_from(rows)
        .join(Section, Section.id == rows.c.section_id)
        .join(SectionVersion, sections.version_on(today))
        .join(Person, Person.id == rows.c.person_id)
        .where(rows.c.section_id.in_(section_ids), still_counted(rows, today))
        .group_by(Section.id, SectionVersion.id)
        .order_by(*sections.ORDER)
    )
    return [Progress(*row) for row in found]
