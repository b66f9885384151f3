"""What the plan of the next year would take over."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.training.offerings.models import Offering
from app.training.offerings.queries import IS_HELD
from app.training.plans.models import Run, RunSession, Training


@dataclass(frozen=True)
class CopyLine:
    """What another year would take over of an offering."""

    id: uuid.UUID
    code: str
    title: str
    runs: int
    sessions: int
    #: Whether the other year offers the training already.
    is_there: bool


def to_copy(session: Session, fiscal_year: int, *, mine: sa.ColumnElement[bool]) -> list[CopyLine]:
    """Return what the next year would take over of a year's plan, by code."""
    following = aliased(Offering)
    is_there = sa.exists().where(
        following.training_id == Offering.training_id, following.fiscal_year == fiscal_year + 1
    )
    rows = session.execute(
        sa.select(
            Offering.id,
            Training.code,
            Training.title,
            sa.func.count(Run.id.distinct()),
            sa.func.count(RunSession.id),
            is_there,
        )
        .select_from(Offering)
        .join(Training, Training.id == Offering.training_id)
        .outerjoin(Run, sa.and_(Run.offering_id == Offering.id, IS_HELD))
        .outerjoin(RunSession, RunSession.run_id == Run.id)
        .where(Offering.fiscal_year == fiscal_year, mine)
        .group_by(Offering.id, Training.id)
        .order_by(Training.code)
    )
    return [CopyLine(*row) for row in rows]
