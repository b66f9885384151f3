"""Reads of what waits for those who plan trainings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.training.calls import queries as called
from app.training.calls.queries import UNANSWERED
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.nominations import queries as nominations
from app.training.offerings.models import NOMINATED_FOR, Offering
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState

#: So many of a kind stand on the home; the rest is behind its link.
MOST = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ToDecide:
    """An offering for which the office has something to decide, or to order."""

    offering_id: uuid.UUID
    title: str
    count: int


def to_select(session: Session, mine: sa.ColumnElement[bool]) -> list[ToDecide]:
    """Return the offerings with people put forward and not decided; `mine` is on `Training`."""
    rows = session.execute(
        sa.select(Offering.id, Training.title, sa.func.count(Candidacy.id))
        .join(Candidacy, Candidacy.offering_id == Offering.id)
        .join(Training, Training.id == Offering.training_id)
        .where(Candidacy.state == CandidacyState.NOMINATED, mine)
        .group_by(Offering.id, Training.id)
        .order_by(sa.func.min(Candidacy.created_at))
        .limit(MOST)
    )
    return [ToDecide(*row) for row in rows]


@dataclass(frozen=True)
class ToOrder:
    """A run whose people are decided and not ordered."""

    run_id: uuid.UUID
    title: str
    run_number: int
    count: int


def to_order(session: Session, mine: sa.ColumnElement[bool]) -> list[ToOrder]:
    """Return the runs that were called for and whose people wait for their order."""
    rows = session.execute(
        sa.select(Run.id, Training.title, Run.number, sa.func.count(Enrolment.id))
        .join(Enrolment, Enrolment.run_id == Run.id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(
            Enrolment.state == EnrolmentState.DECIDED,
            Enrolment.candidacy_id.is_not(None),
            mine,
        )
        .group_by(Run.id, Training.id)
        .order_by(Run.learn_from)
        .limit(MOST)
    )
    return [ToOrder(*row) for row in rows]


@dataclass(frozen=True)
class InTrouble:
    """A run that cannot go on as it is."""

    run_id: uuid.UUID
    title: str
    run_number: int
    #: too_few, not_opened.
    why: str


def in_trouble(session: Session, mine: sa.ColumnElement[bool], now: datetime) -> list[InTrouble]:
    """Return the runs with fewer people than they need, or that should have begun and have not."""
    today = clock.today(now)
    seated = sa.func.count(Enrolment.id)
    is_late = sa.and_(Run.state.in_((RunState.CLOSED, RunState.DECIDED)), Run.learn_from <= today)
    is_near = sa.and_(
        Run.state.in_((RunState.CLOSED, RunState.DECIDED)),
        Run.learn_from > today,
        Run.learn_from <= today + 2 * WEEK,
    )
    why = sa.case((is_late, "not_opened"), else_="too_few")
    rows = session.execute(
        sa.select(Run.id, Training.title, Run.number, why)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .outerjoin(Enrolment, sa.and_(Enrolment.run_id == Run.id, Enrolment.state.in_(SEATED)))
        .where(mine, sa.or_(is_late, is_near))
        .group_by(Run.id, Training.id)
        .having(sa.or_(is_late, seated < Run.capacity_min))
        .order_by(Run.learn_from)
        .limit(MOST)
    )
    return [InTrouble(*row) for row in rows]


@dataclass(frozen=True)
class Calling:
    """A call that ends soon, with how many sections have not answered it yet."""

    offering_id: uuid.UUID
    title: str
    until: datetime | None
    unanswered: int


def calls(session: Session, mine: sa.ColumnElement[bool], now: datetime) -> list[Calling]:
    """Return the calls that sections have to answer, the nearest deadline first."""
    until = sa.func.max(Run.head_until)
    rows = session.execute(
        sa.select(Offering.id, Training.title, until)
        .join(Training, Training.id == Offering.training_id)
        .join(Run, Run.offering_id == Offering.id)
        .where(
            Run.state == RunState.CALLING,
            Offering.obligation.in_(NOMINATED_FOR),
            sa.or_(Run.head_until.is_(None), Run.head_until >= now),
            mine,
        )
        .group_by(Offering.id, Training.id)
        .order_by(until)
        .limit(MOST)
    ).all()
    found = []
    for offering_id, title, limit in rows:
        asked = nominations.asked(session, called.call(session, offering_id), now)
        left = sum(each.standing.stage in UNANSWERED for each in asked)
        found.append(Calling(offering_id, title, limit, left))
    return found
