"""Reads of what was said to a candidacy or a change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.people.register.models import Person
from app.training.approvals.models import ApprovalStep


@dataclass(frozen=True)
class Step:
    """What was said to a candidacy or a change, and by whom."""

    action: str
    actor: str | None
    for_name: str | None
    reason: str | None
    at: datetime


def steps(session: Session, subject_id: uuid.UUID) -> list[Step]:
    """Return what was said to a candidacy or a change, the first thing first."""
    deputy = aliased(Person)
    rows = session.execute(
        sa.select(
            ApprovalStep.action, Person.name, deputy.name, ApprovalStep.reason, ApprovalStep.at
        )
        .outerjoin(Person, Person.id == ApprovalStep.actor_id)
        .outerjoin(deputy, deputy.id == ApprovalStep.for_id)
        .where(ApprovalStep.subject_id == subject_id)
        .order_by(ApprovalStep.at, ApprovalStep.id)
    )
    return [Step(*row) for row in rows]
