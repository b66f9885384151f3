"""Reads of what speaks for a proposal or against it: clashes, the past, what is proposed by now."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel.errors import NotFound
from app.training.attendance.models import Attendance, Presence
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunSession, Training
from app.training.plans.states import RunState


@dataclass(frozen=True)
class OfferingLine:
    """One offering, as the pages of its selection name it."""

    id: uuid.UUID
    training_id: uuid.UUID
    code: str
    title: str
    fiscal_year: int
    promotion: str
    promotion_rule: str


def offering(session: Session, offering_id: uuid.UUID) -> OfferingLine:
    """Return an offering with its training; raises NotFound."""
    row = session.execute(
        sa.select(
            Offering.id,
            Training.id,
            Training.code,
            Training.title,
            Offering.fiscal_year,
            Offering.promotion,
            Offering.promotion_rule,
        )
        .join(Training, Training.id == Offering.training_id)
        .where(Offering.id == offering_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return OfferingLine(*row)


@dataclass(frozen=True)
class Clash:
    """A run in which somebody has a seat at the same time."""

    title: str
    number: int


def clashes(
    session: Session, offering_id: uuid.UUID
) -> dict[tuple[uuid.UUID, uuid.UUID], list[Clash]]:
    """Return by candidacy and run of the offering the other runs that overlap it.

    Of those who are undecided or wait. What is learnt alone clashes with nothing.
    """
    overlaps = _overlaps(offering_id).subquery()
    other = aliased(Offering)
    rows = session.execute(
        sa.select(overlaps.c.candidacy_id, overlaps.c.wanted_id, Training.title, Run.number)
        .join(Run, Run.id == overlaps.c.held_id)
        .join(other, other.id == Run.offering_id)
        .join(Training, Training.id == other.training_id)
        .where(Run.state.not_in((RunState.CANCELLED, RunState.POSTPONED)))
        .order_by(overlaps.c.candidacy_id, Training.title, Run.number)
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Clash]] = defaultdict(list)
    for candidacy_id, run_id, title, number in rows:
        found[candidacy_id, run_id].append(Clash(title, number))
    return dict(found)


def _overlaps(offering_id: uuid.UUID) -> sa.Select[Any]:
    """Return the query of who has a seat in a run that overlaps which run of an offering."""
    wanted, theirs, target = aliased(RunSession), aliased(RunSession), aliased(Run)
    has_seat_elsewhere = sa.and_(
        Enrolment.person_id == Candidacy.person_id,
        Enrolment.state.in_(SEATED),
        Enrolment.run_id != target.id,
    )
    is_at_once = sa.and_(
        theirs.run_id == Enrolment.run_id,
        wanted.starts_at < theirs.ends_at,
        theirs.starts_at < wanted.ends_at,
    )
    query = (
        sa.select(
            Candidacy.id.label("candidacy_id"),
            target.id.label("wanted_id"),
            Enrolment.run_id.label("held_id"),
        )
        .distinct()
        .select_from(Candidacy)
        .join(target, target.offering_id == Candidacy.offering_id)
        .join(wanted, wanted.run_id == target.id)
        .join(Enrolment, has_seat_elsewhere)
        .join(theirs, is_at_once)
        .where(
            Candidacy.offering_id == offering_id,
            Candidacy.state.in_((CandidacyState.NOMINATED, CandidacyState.WAITLISTED)),
        )
    )
    return cast("sa.Select[Any]", query)


class Before(StrEnum):
    """What became of somebody in this training before: 修了, 未修了, 欠席, 辞退, 前回選外."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    ABSENT = "absent"
    DECLINED = "declined"
    PASSED_OVER = "passed_over"


_BEFORE = {
    EnrolmentState.COMPLETED: Before.COMPLETED,
    EnrolmentState.NOT_COMPLETED: Before.NOT_COMPLETED,
    EnrolmentState.DECLINED: Before.DECLINED,
}


@dataclass(frozen=True)
class Past:
    """Something that became of somebody in this training in an earlier year, or another run."""

    what: Before
    fiscal_year: int


def past(
    session: Session, here: OfferingLine, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Past]]:
    """Return what became of people in this training before, the newest first: two statements."""
    found: dict[uuid.UUID, list[Past]] = defaultdict(list)
    passed_over = passed_over_before(session, here, person_ids)
    for person_id, year in passed_over.items():
        found[person_id].append(Past(Before.PASSED_OVER, year))
    was_absent = sa.exists().where(
        Attendance.enrolment_id == Enrolment.id, Attendance.presence == Presence.ABSENT
    )
    rows = session.execute(
        sa.select(Enrolment.person_id, Offering.fiscal_year, Enrolment.state, was_absent)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .where(
            Offering.training_id == here.training_id,
            Enrolment.person_id.in_(person_ids),
            sa.or_(Enrolment.state.in_(_BEFORE), was_absent),
        )
        .order_by(Offering.fiscal_year.desc(), Enrolment.id.desc())
    )
    for person_id, year, state, is_absent in rows:
        known = _BEFORE.get(EnrolmentState(state))
        found[person_id].append(Past(known if known and not is_absent else Before.ABSENT, year))
    return dict(found)


def passed_over_before(
    session: Session, here: OfferingLine | Offering, person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """Return who was not selected (選外) the last time they were put forward, and in which year."""
    rows = session.execute(
        sa.select(Candidacy.person_id, Offering.fiscal_year, Candidacy.state)
        .join(Offering, Offering.id == Candidacy.offering_id)
        .where(
            Offering.training_id == here.training_id,
            Offering.fiscal_year < here.fiscal_year,
            Candidacy.person_id.in_(person_ids),
            Candidacy.state.in_((CandidacyState.SELECTED, CandidacyState.NOT_SELECTED)),
        )
        .order_by(Offering.fiscal_year, Candidacy.id)
    )
    newest = {row.person_id: row for row in rows}
    return {
        person_id: row.fiscal_year
        for person_id, row in newest.items()
        if row.state == CandidacyState.NOT_SELECTED
    }


def mark(session: Session, offering_id: uuid.UUID) -> str:
    """Return a mark of all that is proposed: another one as soon as anything else is."""
    rows = session.execute(
        sa.select(Candidacy.id, Candidacy.proposal, Candidacy.run_id)
        .where(
            Candidacy.offering_id == offering_id,
            Candidacy.state == CandidacyState.NOMINATED,
            Candidacy.proposal.is_not(None),
        )
        .order_by(Candidacy.id)
    )
    told = "\n".join(f"{row.id} {row.proposal} {row.run_id}" for row in rows)
    return hashlib.sha256(told.encode()).hexdigest()
