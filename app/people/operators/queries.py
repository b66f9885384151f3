"""Reads of operators' accounts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.audit.models import AuditEvent
from app.people.accounts.models import Account
from app.people.operators.models import Operator
from app.people.register.models import Person
from app.people.sign_in.models import SignIn


@dataclass(frozen=True)
class Serving:
    """An operator whose time is not over."""

    name: str
    number: str


def serving(session: Session, person_id: uuid.UUID, now: datetime) -> Serving | None:
    """Return an operator by the person's key; None for staff, and after the last day."""
    row = session.execute(
        sa.select(Person.name, Operator.number)
        .join(Person, Person.id == Operator.person_id)
        .where(Operator.person_id == person_id, Operator.valid_to >= clock.today(now))
    ).one_or_none()
    return Serving(*row) if row else None


def by_number(session: Session, number: str) -> uuid.UUID | None:
    """Return whose operator's number it is, time over or not; capitals do not matter."""
    query = sa.select(Operator.person_id).where(Operator.number == number.lower())
    return session.scalar(query)


@dataclass(frozen=True)
class Listed:
    """An operator's account as the administrator sees it."""

    person_id: uuid.UUID
    number: str
    name: str
    valid_to: date
    created_at: datetime
    #: Since when it is frozen; None while it is not.
    frozen_at: datetime | None
    last_at: datetime | None
    #: Lines of the audit that name the account as who acted.
    lines: int


def listed(session: Session) -> list[Listed]:
    """Return every operator's account there ever was, the newest first: one statement."""
    last = sa.select(sa.func.max(SignIn.created_at)).where(SignIn.person_id == Operator.person_id)
    lines = sa.select(sa.func.count()).where(AuditEvent.actor_id == Operator.person_id)
    rows = session.execute(
        sa.select(
            Operator.person_id,
            Operator.number,
            Person.name,
            Operator.valid_to,
            Operator.created_at,
            Account.frozen_at,
            last.scalar_subquery(),
            lines.scalar_subquery(),
        )
        .join(Person, Person.id == Operator.person_id)
        .outerjoin(Account, Account.person_id == Operator.person_id)
        .order_by(Operator.number.desc())
    )
    return [Listed(*row) for row in rows]


@dataclass(frozen=True)
class Signed:
    """One sign-in of an operator."""

    created_at: datetime
    ended_at: datetime | None


def last_sign_ins(session: Session, person_id: uuid.UUID, most: int = 10) -> list[Signed]:
    """Return an operator's last sign-ins, the newest first."""
    rows = session.execute(
        sa.select(SignIn.created_at, SignIn.ended_at)
        .where(SignIn.person_id == person_id)
        .order_by(SignIn.created_at.desc())
        .limit(most)
    )
    return [Signed(*row) for row in rows]


def lines_of(person_id: uuid.UUID) -> sa.Select[Any]:
    """Return the query of what an account did, the newest first."""
    query = (
        sa.select(
            AuditEvent.seq,
            AuditEvent.at,
            AuditEvent.action,
            AuditEvent.subject_kind,
            AuditEvent.subject_id,
            AuditEvent.address,
            AuditEvent.reference,
        )
        .where(AuditEvent.actor_id == person_id)
        .order_by(AuditEvent.seq.desc())
    )
    return cast("sa.Select[Any]", query)
