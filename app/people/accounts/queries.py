"""Reads of accounts: who stands behind one today, and which sign-ins of it are open."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.settings import Settings
from app.people.accounts.models import Account
from app.people.operators import queries as operators
from app.people.register import queries as register
from app.people.sign_in.models import SignIn


@dataclass(frozen=True)
class Holder:
    """Who an account lets in: a member of the staff by today's post, or an operator."""

    name: str
    number: str
    #: Section of the main post; empty for an operator.
    section: str
    email: str | None = None
    is_operator: bool = False


def holder_of(session: Session, person_id: uuid.UUID, now: datetime) -> Holder | None:
    """Return who stands behind an account today; None for who serves no more."""
    post = register.post_of(session, person_id, now)
    if post:
        return Holder(post.name, post.number, post.section, post.email)
    operator = operators.serving(session, person_id, now)
    if operator:
        return Holder(operator.name, operator.number, "", is_operator=True)
    return None


def person_by_number(session: Session, number: str, now: datetime) -> uuid.UUID | None:
    """Return whose number it is today: a staff number, or an operator's."""
    return register.person_by_number(session, number, now) or operators.by_number(session, number)


def is_frozen(session: Session, person_id: uuid.UUID) -> bool:
    """Whether an account was closed by hand."""
    frozen = sa.select(Account.frozen_at).where(Account.person_id == person_id)
    return session.scalar(frozen) is not None


@dataclass(frozen=True)
class OpenSignIn:
    """A sign-in that has not ended, as its owner sees it."""

    id: uuid.UUID
    method: str
    is_shared: bool
    created_at: datetime


def open_sign_ins(
    session: Session, person_id: uuid.UUID, now: datetime, settings: Settings
) -> list[OpenSignIn]:
    """Return somebody's open sign-ins, the newest first; one that was idle for long may be dead."""
    rows = session.execute(
        sa.select(SignIn.id, SignIn.method, SignIn.is_shared, SignIn.created_at)
        .where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.created_at > now - timedelta(hours=settings.sign_in_hours),
        )
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
    )
    return [OpenSignIn(*row) for row in rows]
