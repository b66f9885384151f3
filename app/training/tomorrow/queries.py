"""Reads of what is near: sessions, and limits of those who apply and of those who decide."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.kernel import clock
from app.people.permission.queries import is_here
from app.people.register.models import Person
from app.people.register.queries import excluded_on
from app.training.attendance.models import Announcement, Attendance
from app.training.audiences.models import AudienceMember
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, UNDER_WAY
from app.training.offerings.models import APPLIED_FOR, Offering
from app.training.plans.models import Run, RunSession
from app.training.plans.states import RunState

#: Runs whose people know of them, and that are held as they stand.
_HELD = (RunState.CALLING, RunState.CLOSED, RunState.DECIDED, RunState.OPEN)
#: On what a section has still to say a word.
_UNDECIDED = (CandidacyState.DRAFT, CandidacyState.APPLIED)


@dataclass(frozen=True)
class Limit:
    """A moment until which something may be done about an offering."""

    offering_id: uuid.UUID
    until: datetime

    @property
    def day(self) -> date:
        """The day of it in Japan."""
        return clock.today(self.until)


def first_sittings(session: Session, days: Collection[date]) -> list[RunSession]:
    """Return the first session of each run on each of some days."""
    rows = session.scalars(
        sa.select(RunSession)
        .join(Run, Run.id == RunSession.run_id)
        .where(Run.state.in_(_HELD), _within(RunSession.starts_at, days))
        .order_by(RunSession.starts_at.desc())
    )
    first = {(row.run_id, clock.today(row.starts_at)): row for row in rows}
    return sorted(first.values(), key=lambda row: row.starts_at)


def coming(session: Session, sitting: RunSession) -> list[uuid.UUID]:
    """Return who has a seat in a session and has not said that they will not come."""
    absent = sa.exists().where(
        Attendance.enrolment_id == Enrolment.id,
        Attendance.session_id == sitting.id,
        Attendance.announced == Announcement.ABSENT,
    )
    query = sa.select(Enrolment.person_id).where(
        Enrolment.run_id == sitting.run_id, Enrolment.state.in_(UNDER_WAY), ~absent
    )
    return list(session.scalars(query))


def head_limits(session: Session, days: Collection[date]) -> list[Limit]:
    """Return the limits of heads that end on some days."""
    return _limits(session, Run.head_until, days)


def learner_limits(session: Session, days: Collection[date]) -> list[Limit]:
    """Return the limits of learners that end on some days, where they can apply."""
    return _limits(session, Run.apply_until, days, Offering.obligation.in_(APPLIED_FOR))


def _limits(
    session: Session,
    column: InstrumentedAttribute[datetime | None],
    days: Collection[date],
    *conditions: sa.ColumnElement[bool],
) -> list[Limit]:
    """Return the limits of offerings, one a day: several runs may end together."""
    rows: Any = session.execute(
        sa.select(Run.offering_id, column)
        .join(Offering, Offering.id == Run.offering_id)
        .where(Run.state == RunState.CALLING, _within(column, days), *conditions)
        .order_by(column.desc(), Run.offering_id)
    )
    first = {(limit.offering_id, limit.day): limit for limit in (Limit(*row) for row in rows)}
    return list(first.values())


def undecided(session: Session, offering_id: uuid.UUID) -> Counter[uuid.UUID]:
    """Return how many of each section nobody has decided about."""
    rows = session.execute(
        sa.select(Candidacy.section_id, sa.func.count())
        .where(Candidacy.offering_id == offering_id, Candidacy.state.in_(_UNDECIDED))
        .group_by(Candidacy.section_id)
    )
    return Counter({row[0]: row[1] for row in rows})


def silent(session: Session, offering_id: uuid.UUID, day: date) -> list[uuid.UUID]:
    """Return who is meant by an offering and has neither a seat in it nor said anything."""
    said = sa.exists().where(
        Candidacy.offering_id == offering_id, Candidacy.person_id == AudienceMember.person_id
    )
    seated = (
        sa.exists()
        .where(Enrolment.person_id == AudienceMember.person_id, Enrolment.state.in_(SEATED))
        .where(Enrolment.run_id.in_(sa.select(Run.id).where(Run.offering_id == offering_id)))
    )
    query = (
        sa.select(AudienceMember.person_id)
        .join(Person, Person.id == AudienceMember.person_id)
        .where(
            AudienceMember.offering_id == offering_id,
            ~said,
            ~seated,
            is_here(day),
            Person.id.not_in(excluded_on(day)),
        )
    )
    return list(session.scalars(query))


def _within(column: InstrumentedAttribute[Any], days: Collection[date]) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.false(),
        *(column.between(clock.start_of(day), clock.end_of(day)) for day in days),
    )
