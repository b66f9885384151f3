"""What the office does with a year's offerings."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.training.offerings.models import Offering

#: What another year takes over of an offering.
_RULES = (
    "target",
    "subjects",
    "obligation",
    "approval_path",
    "change_path",
    "late_change",
    "overflow",
    "promotion",
    "promotion_rule",
    "absence_limit",
    "condition",
    "is_dynamic",
    "reminders",
)


def of_year(session: Session, training_id: uuid.UUID, fiscal_year: int, now: datetime) -> Offering:
    """Return what a year offers of a training; where it offers none yet, it does so from now on.

    A new one takes over the rules of the newest. Whoever calls holds the training's row.
    """
    known = session.scalars(
        sa.select(Offering)
        .where(Offering.training_id == training_id)
        .order_by(Offering.fiscal_year.desc())
    ).all()
    for offering in known:
        if offering.fiscal_year == fiscal_year:
            return offering
    rules = {name: getattr(known[0], name) for name in _RULES} if known else {}
    row = Offering(training_id=training_id, fiscal_year=fiscal_year, created_at=now, **rules)
    session.add(row)
    session.flush()
    return row
