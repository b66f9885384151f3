"""Reads of one's own sessions: those with a seat in them, and those that make another one up."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.training.attendance.models import Attendance, MakeUp
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunSession, Training
from app.training.plans.states import RunState

#: States of a run whose sessions are not held, or not known to their learners.
NOT_HELD = (RunState.DRAFT, RunState.CANCELLED, RunState.POSTPONED)


class Awaited(NamedTuple):
    """A session in which somebody is awaited, by which enrolment, and when they checked in."""

    sitting: RunSession
    enrolment_id: uuid.UUID
    checked_in_at: datetime | None


def own(
    session: Session, person_id: uuid.UUID, *conditions: sa.ColumnElement[bool]
) -> list[Awaited]:
    """Return the sessions that fulfil conditions and in which somebody is awaited.

    They have a seat in its run, or make up in it what they have missed in another: two statements.
    """
    found = sa.select(RunSession, Enrolment.id, Attendance.checked_in_at)
    of_run = found.join(Enrolment, Enrolment.run_id == RunSession.run_id).outerjoin(
        Attendance,
        sa.and_(Attendance.enrolment_id == Enrolment.id, Attendance.session_id == RunSession.id),
    )
    as_guest = (
        found.join(Attendance, Attendance.makes_up_id == RunSession.id)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Attendance.make_up == MakeUp.GIVEN)
    )
    return [
        Awaited(*row)
        for query in (of_run, as_guest)
        for row in session.execute(
            query.where(Enrolment.person_id == person_id, Enrolment.state.in_(SEATED), *conditions)
        )
    ]


@dataclass(frozen=True)
class Held:
    """A session of today, as the home tells it to who is to come."""

    title: str
    run_number: int
    number: int
    starts_at: datetime
    place: str
    enrolment_id: uuid.UUID
    is_in: bool


def today(session: Session, person_id: uuid.UUID, now: datetime) -> list[Held]:
    """Return the sessions of today that somebody is to come to and that are not over."""
    held = sa.select(Run.id).where(Run.state.not_in(NOT_HELD))
    found = own(
        session,
        person_id,
        RunSession.starts_at <= clock.end_of(clock.today(now)),
        RunSession.ends_at >= now,
        RunSession.run_id.in_(held),
    )
    names = _names(session, {each.sitting.run_id for each in found}) if found else {}
    return [
        Held(
            *names[sitting.run_id],
            sitting.number,
            sitting.starts_at,
            sitting.place,
            enrolment_id,
            checked_in_at is not None,
        )
        for sitting, enrolment_id, checked_in_at in sorted(
            found, key=lambda each: each.sitting.starts_at
        )
    ]


def _names(session: Session, run_ids: set[uuid.UUID]) -> dict[uuid.UUID, tuple[str, int]]:
    rows = session.execute(
        sa.select(Run.id, Training.title, Run.number)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Run.id.in_(run_ids))
    )
    return {row[0]: (row[1], row[2]) for row in rows}
