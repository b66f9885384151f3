"""Reads of a run's life: which runs the clock moves on, and who would lose a seat first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.register.models import Person
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import BEFORE_IT, TRANSITIONS, EnrolmentState
from app.training.plans.models import Run, RunKind, RunSession
from app.training.plans.states import RunState


def to_open(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """Return the decided runs whose first day has come and whose last has not passed."""
    today = clock.today(now)
    return _runs(
        session, Run.state == RunState.DECIDED, Run.learn_from <= today, Run.learn_until >= today
    )


def to_start(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """Return the open runs whose first session has begun and in which somebody has not."""
    begun = sa.exists().where(RunSession.run_id == Run.id, RunSession.starts_at <= now)
    return _runs(session, Run.state == RunState.OPEN, begun, _has(BEFORE_IT))


def to_finish(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """Return the runs that are over and in which somebody is not through.

    Where people only meet, a run is over with its last session; else with its last day, unless it
    can be taken late.
    """
    held = RunSession.run_id == Run.id
    all_held = sa.and_(
        Run.kind == RunKind.CLASSROOM,
        sa.exists().where(held),
        ~sa.exists().where(held, RunSession.ends_at > now),
    )
    return _runs(
        session,
        Run.state.in_((RunState.OPEN, RunState.ENDED)),
        sa.or_(all_held, _is_past(now)),
        _has(TRANSITIONS["finish"].sources),
    )


def to_end(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """Return the open runs whose last day has passed, but for those that can be taken late."""
    return _runs(session, Run.state == RunState.OPEN, _is_past(now))


def _is_past(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Run.learn_until < clock.today(now), Run.takes_late.is_(False))


def _has(states: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Enrolment.run_id == Run.id, Enrolment.state.in_(states))


def _runs(session: Session, *conditions: sa.ColumnElement[bool]) -> Sequence[uuid.UUID]:
    return session.scalars(sa.select(Run.id).where(*conditions).order_by(Run.id)).all()


@dataclass(frozen=True)
class Holder:
    """Somebody with a seat that could be given up."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    decided_at: datetime
    is_ordered: bool


def holders(session: Session, run_id: uuid.UUID, day: date) -> list[Holder]:
    """Return who is still to take a run: who was decided last comes first."""
    number = newest_number(Person.id)
    query = cast(
        "sa.Select[Any]",
        sa.select(
            Enrolment.id,
            Person.id,
            Person.name,
            number.label("number"),
            SectionVersion.name,
            Enrolment.decided_at,
            Enrolment.state == EnrolmentState.ORDERED,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(day))
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(BEFORE_IT))
        .order_by(Enrolment.decided_at.desc(), Enrolment.id.desc()),
    )
    return [Holder(*row) for row in session.execute(query)]
