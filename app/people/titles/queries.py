"""Reads of titles: the list in the order of rank, with how many people hold each today."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.periods import valid
from app.people.register.models import Appointment, Person, Title


@dataclass(frozen=True)
class TitleLine:
    """One title in the list."""

    id: uuid.UUID
    name: str
    grade: str
    rank_order: int
    employment_class: str
    people: int


def titles(session: Session, day: date) -> list[TitleLine]:
    """Return all titles by rank, in one statement."""
    holders = (
        sa.select(Appointment.title_id, sa.func.count(Appointment.person_id.distinct()).label("n"))
        .join(Person, Person.id == Appointment.person_id)
        .where(valid(Appointment, day), sa.or_(Person.left_on.is_(None), Person.left_on >= day))
        .group_by(Appointment.title_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            Title.id,
            Title.name,
            Title.grade,
            Title.rank_order,
            Title.employment_class,
            sa.func.coalesce(holders.c.n, 0),
        )
        .outerjoin(holders, holders.c.title_id == Title.id)
        .order_by(Title.rank_order, Title.name)
    )
    return [TitleLine(*row) for row in rows]
