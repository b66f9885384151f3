"""Reads of what each role has to do next, for the home."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.training.audiences.models import AudienceMember
from app.training.calls import queries as calls
from app.training.candidacies.models import Candidacy, Route
from app.training.candidacies.states import LIVE, CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import APPLIED_FOR, Offering
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
class Named:
    """A naming of one's own that waits for one's answer."""

    candidacy_id: uuid.UUID
    title: str
    fiscal_year: int


def unanswered(session: Session, person_id: uuid.UUID) -> list[Named]:
    """Return the namings that somebody has still to answer, the oldest first."""
    rows = session.execute(
        sa.select(Candidacy.id, Training.title, Offering.fiscal_year)
        .join(Offering, Offering.id == Candidacy.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(
            Candidacy.person_id == person_id,
            Candidacy.route == Route.NAMED,
            Candidacy.state == CandidacyState.NOMINATED,
            Candidacy.answer.is_(None),
        )
        .order_by(Candidacy.created_at, Candidacy.id)
    )
    return [Named(*row) for row in rows]


@dataclass(frozen=True)
class Offered:
    """A training that one can apply for now."""

    offering_id: uuid.UUID
    title: str
    until: datetime | None


def can_apply(session: Session, person_id: uuid.UUID, now: datetime) -> list[Offered]:
    """Return what somebody can apply for by themselves, the nearest deadline first."""
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
        sa.select(Run, Training.title)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(
            Run.state == RunState.CALLING,
            Offering.obligation.in_(APPLIED_FOR),
            sa.or_(~meant, is_meant),
            ~put_forward,
            ~seated,
        )
    )
    titles: dict[uuid.UUID, str] = {}
    limits: dict[uuid.UUID, list[datetime | None]] = defaultdict(list)
    for run, title in rows:
        if calls.takes_applications(run, now):
            titles[run.offering_id] = title
            limits[run.offering_id].append(run.apply_until or run.head_until)
    latest = clock.end_of(date.max.replace(year=9000))
    found = [Offered(key, title, _last(limits[key])) for key, title in titles.items()]
    return sorted(found, key=lambda each: (each.until or latest, each.title))[:MOST]


def _last(limits: list[datetime | None]) -> datetime | None:
    """Return the last of some limits; none where one of them has none."""
    ends = [limit for limit in limits if limit]
    return max(ends) if len(ends) == len(limits) else None
