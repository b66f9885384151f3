"""Reads of signing in: how things stand with somebody's password, and who has none."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register import queries as register
from app.people.register.models import Person
from app.people.sections.models import Section
from app.people.sign_in.models import Credential, SignIn


@dataclass(frozen=True)
class SignInState:
    """How things stand with somebody's password."""

    has_password: bool
    must_change: bool
    #: Until when no password is accepted; None where it is not locked now.
    locked_until: datetime | None
    last_at: datetime | None


def state_of(session: Session, person_id: uuid.UUID, now: datetime) -> SignInState:
    """Return how things stand with somebody's password."""
    row = session.get(Credential, person_id)
    last = session.scalar(
        sa.select(sa.func.max(SignIn.created_at)).where(SignIn.person_id == person_id)
    )
    locked = row.locked_until if row else None
    return SignInState(
        has_password=row is not None,
        must_change=bool(row and row.must_change),
        locked_until=locked if locked and locked > now else None,
        last_at=last,
    )


def without_password(
    session: Session,
    now: datetime,
    section_ids: Collection[uuid.UUID] | None,
    *,
    again: bool = False,
) -> list[uuid.UUID]:
    """Return who serves in these sections (None: all) and has no password.

    `again` adds those who were given one and have never signed in.
    """
    query = register.posts(now).with_only_columns(Person.id)
    query = query.outerjoin(Credential, Credential.person_id == Person.id)
    wanted: sa.ColumnElement[bool] = Credential.person_id.is_(None)
    if again:
        signed_in = sa.exists().where(SignIn.person_id == Person.id)
        wanted = sa.or_(wanted, sa.and_(Credential.must_change, ~signed_in))
    if section_ids is not None:
        query = query.where(Section.id.in_(section_ids))
    return list(session.scalars(query.where(wanted)))
