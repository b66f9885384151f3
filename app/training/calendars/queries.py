"""Reads for calendars: whose a key is, and what somebody has to take when."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.calendar import Event, WholeDay
from app.learning.records.states import RecordStatus
from app.people.accounts.models import Account
from app.people.permission.queries import is_here
from app.people.register.models import Person
from app.training.calendars.models import CalendarKey
from app.training.enrolment.models import Enrolment
from app.training.enrolment.queries import progress
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunKind, RunSession, Training
from app.training.plans.states import RunState
from app.training.telling import queries as telling

#: So long what is over stays in a calendar.
KEPT = timedelta(days=365)
#: Runs that are not held, or of which their people do not know yet.
_NOT_HELD = (RunState.DRAFT, RunState.CANCELLED, RunState.POSTPONED)
_STATES = tuple(state for state in SEATED if state != EnrolmentState.SUSPENDED)


def hash_of(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def key_of(session: Session, person_id: uuid.UUID) -> CalendarKey | None:
    """Return what is kept of somebody's key; None for who has none."""
    return session.get(CalendarKey, person_id)


def owner(session: Session, key: str, now: datetime) -> CalendarKey | None:
    """Return what is kept of a key that opens a calendar today.

    None for an unknown one, and for that of somebody who could not sign in: who has left, is
    restricted, or whose account is frozen.
    """
    query = (
        sa.select(CalendarKey)
        .join(Person, Person.id == CalendarKey.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            CalendarKey.key_hash == hash_of(key),
            is_here(clock.today(now)),
            Person.restricted_at.is_(None),
            Account.frozen_at.is_(None),
        )
    )
    return session.scalars(query).one_or_none()


def sessions_of(session: Session, person_id: uuid.UUID, now: datetime) -> list[Event]:
    """Return the sessions of somebody's decided enrolments, in one statement."""
    rows = session.execute(
        sa.select(RunSession, Training.title)
        .join(Run, Run.id == RunSession.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(_STATES),
            Run.state.not_in(_NOT_HELD),
            RunSession.ends_at > now - KEPT,
        )
        .order_by(RunSession.starts_at, RunSession.id)
    )
    return [telling.event_of(sitting, title, now) for sitting, title in rows]


def due_days_of(
    session: Session, person_id: uuid.UUID, words: str, now: datetime
) -> list[WholeDay]:
    """Return until when somebody has for e-learning that is not done, as whole days.

    `words` is what a day is called, with the training as %(title)s.
    """
    rows = progress(Enrolment.person_id == person_id, Enrolment.state.in_(_STATES))
    due_on = sa.func.coalesce(Enrolment.extended_until, Run.learn_until)
    found = session.execute(
        sa.select(Enrolment.id, Training.title, due_on)
        .join(rows, rows.c.enrolment_id == Enrolment.id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(
            rows.c.standing != RecordStatus.COMPLETED,
            rows.c.components > 0,
            Run.kind != RunKind.CLASSROOM,
            Run.state.not_in(_NOT_HELD),
            due_on > clock.today(now - KEPT),
        )
        .order_by(due_on, Training.title)
    )
    return [
        WholeDay(f"due-{key}", telling.sequence(now), words % {"title": title}, day)
        for key, title, day in found
    ]
