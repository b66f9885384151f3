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
from app.people.permission.models import Role, RoleGrant
from app.people.sections.models import Section


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


def _valid(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    open_end = sa.or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today)
    return (RoleGrant.valid_from <= today, open_end)


def held_by(session: Session, person_id: uuid.UUID, now: datetime) -> list[HeldRole]:
    """Return the roles that somebody was granted and holds today."""
    rows = session.execute(
        sa.select(
            RoleGrant.id,
            RoleGrant.role,
            Section.name,
            RoleGrant.with_children,
            RoleGrant.valid_from,
            RoleGrant.valid_to,
        )
        .outerjoin(Section, Section.id == RoleGrant.section_id)
        .where(RoleGrant.person_id == person_id, *_valid(clock.today(now)))
        .order_by(RoleGrant.valid_from, RoleGrant.id)
    )
    return [HeldRole(*row) for row in rows]


def holders_of(session: Session, roles: Collection[str], now: datetime) -> set[uuid.UUID]:
    """Return who holds one of these roles today."""
    query = sa.select(RoleGrant.person_id).where(
        RoleGrant.role.in_(roles), *_valid(clock.today(now))
    )
    return set(session.scalars(query))


def grants_of(session: Session, person_id: uuid.UUID, now: datetime) -> tuple[Grant, ...]:
    """Return the roles held today; every person is a learner."""
    today = clock.today(now)
    rows = session.scalars(
        sa.select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            *_valid(today),
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
    return frozenset(session.scalars(below(section_id, today)))


def below(section_id: uuid.UUID, today: date) -> sa.Select[uuid.UUID]:
    """Return the query of a section and all sections below it that exist on a day."""
    tree = sa.select(Section.id).where(Section.id == section_id).cte("below", recursive=True)
    children = (
        sa.select(Section.id)
        .join(tree, Section.parent_id == tree.c.id)
        .where(sa.or_(Section.valid_to.is_(None), Section.valid_to >= today))
    )
    return sa.select(tree.union(children).c.id)
