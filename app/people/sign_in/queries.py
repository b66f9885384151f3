"""Reads of signing in: how things stand with somebody's way in, and who has no password."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.accounts.models import Account
from app.people.register import queries as register
from app.people.register.models import Person
from app.people.second_factor.models import SecondFactor
from app.people.sections.models import Section
from app.people.sign_in.models import Credential, SignIn


@dataclass(frozen=True)
class SignInState:
    """How things stand with somebody's way in."""

    has_password: bool
    must_change: bool
    #: Until when no password is accepted; None where it is not locked now.
    locked_until: datetime | None
    last_at: datetime | None
    #: Since when the account is closed by hand; None while it is open.
    frozen_at: datetime | None = None
    #: Since when a second factor is in use; None where there is none.
    second_factor_at: datetime | None = None


def state_of(session: Session, person_id: uuid.UUID, now: datetime) -> SignInState:
    """Return how things stand with somebody's way in."""
    row = session.get(Credential, person_id)
    account = session.get(Account, person_id)
    factor = session.get(SecondFactor, person_id)
    last = session.scalar(
        sa.select(sa.func.max(SignIn.created_at)).where(SignIn.person_id == person_id)
    )
    locked = account.locked_until if account else None
    return SignInState(
        has_password=row is not None,
        must_change=bool(row and row.must_change),
        locked_until=locked if locked and locked > now else None,
        last_at=last,
        frozen_at=account.frozen_at if account else None,
        second_factor_at=factor.set_up_at if factor else None,
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
