"""Which roles somebody holds on a day, with their scopes spelled out."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Grant
from app.kernel.periods import valid
from app.people.permission.models import Role, RoleGrant
from app.people.sections import queries as sections
from app.people.sections.models import SectionVersion


@dataclass(frozen=True)
class HeldRole:
    """One role that somebody holds, as a page shows it."""

    id: uuid.UUID
    role: str
    #: Name of the section it reaches; None for all.
    section: str | None
    with_children: bool
    valid_from: date
    valid_to: date | None


def held_by(session: Session, person_id: uuid.UUID, now: datetime) -> list[HeldRole]:
    """Return the roles that somebody was granted and holds today."""
    rows = session.execute(
        sa.select(
            RoleGrant.id,
            RoleGrant.role,
            SectionVersion.name,
            RoleGrant.with_children,
            RoleGrant.valid_from,
            RoleGrant.valid_to,
        )
        .outerjoin(SectionVersion, sections.version_on(clock.today(now), RoleGrant.section_id))
        .where(RoleGrant.person_id == person_id, valid(RoleGrant, clock.today(now)))
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    )
    return [HeldRole(*row) for row in rows]


def holders_of(session: Session, roles: Collection[str], now: datetime) -> set[uuid.UUID]:
    """Return who holds one of these roles today."""
    query = sa.select(RoleGrant.person_id).where(
        RoleGrant.role.in_(roles), valid(RoleGrant, clock.today(now))
    )
    return set(session.scalars(query))


def grants_of(session: Session, person_id: uuid.UUID, now: datetime) -> tuple[Grant, ...]:
    """Return the roles held today; every person is a learner."""
    today = clock.today(now)
    rows = session.scalars(
        sa.select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            valid(RoleGrant, today),
        )
    )
    held = tuple(
        Grant(row.role, _reach(session, row.section_id, today, with_children=row.with_children))
        for row in rows
    )
    return (Grant(Role.LEARNER, frozenset()), *held)


def _reach(
    session: Session, section_id: uuid.UUID | None, today: date, *, with_children: bool
) -> frozenset[uuid.UUID] | None:
    if section_id is None:
        return None
    if not with_children:
        return frozenset({section_id})
    return frozenset(session.scalars(sections.below([section_id], today)))
