"""Reads of what each role has to do next, for the home."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.training.audiences.models import AudienceMember
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import LIVE
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Obligation, Offering
from app.training.orders.models import Order, OrderLine
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState
from app.training.receipts.queries import stands

#: So many of a kind stand on the home; the rest is behind its link.
MOST = 5


@dataclass(frozen=True)
class Unreceived:
    """A training order of one's own that one has not said to have received."""

    order_id: uuid.UUID
    line_id: uuid.UUID
    title: str
    run_number: int
    kind: str


def unreceived(session: Session, person_id: uuid.UUID) -> list[Unreceived]:
    """Return the orders that somebody has still to say they received, the oldest first."""
    rows = session.execute(
        sa.select(Order, OrderLine.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.person_id == person_id, OrderLine.acknowledged_at.is_(None), stands())
        .order_by(Order.issued_at, Order.id)
    )
    return [
        Unreceived(order.id, line_id, order.document["title"], order.document["run"], order.kind)
        for order, line_id in rows
    ]


@dataclass(frozen=True)
class Offered:
    """A training that one can apply for now."""

    offering_id: uuid.UUID
    title: str
    until: datetime | None
    begins_on: Any


def can_apply(session: Session, person_id: uuid.UUID, now: datetime) -> list[Offered]:
    """Return what somebody can apply for by themselves, the nearest deadline first."""
    limit = sa.func.coalesce(Run.apply_until, Run.head_until)
    meant = sa.exists().where(AudienceMember.offering_id == Offering.id)
    is_meant = meant.where(AudienceMember.person_id == person_id)
    put_forward = sa.exists().where(
        Candidacy.offering_id == Offering.id,
        Candidacy.person_id == person_id,
        Candidacy.state.in_(LIVE),
    )
    seated = (
        sa.exists()
        .where(Enrolment.person_id == person_id, Enrolment.state.in_(SEATED))
        .where(Enrolment.run_id.in_(sa.select(Run.id).where(Run.offering_id == Offering.id)))
    )
    rows = session.execute(
        sa.select(Offering.id, Training.title, sa.func.max(limit), sa.func.min(Run.learn_from))
        .join(Training, Training.id == Offering.training_id)
        .join(Run, Run.offering_id == Offering.id)
        .where(
            Run.state == RunState.CALLING,
            sa.or_(limit.is_(None), limit >= now),
            Offering.obligation.in_((Obligation.OPEN, Obligation.FREE, Obligation.NOMINATED)),
            sa.or_(~meant, is_meant),
            ~put_forward,
            ~seated,
        )
        .group_by(Offering.id, Training.id)
        .order_by(sa.func.max(limit), Training.title)
        .limit(MOST)
    )
    return [Offered(*row) for row in rows]
