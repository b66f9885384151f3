"""Deciding one candidacy: a seat in a run, or a place in the line of those who wait for one.

Whoever calls holds the offering (`seats.service.locked`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import Actor
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.enrolment import service as enrolment
from app.training.enrolment.service import Place
from app.training.offerings.models import Offering
from app.training.seats import queries as seats_queries


def settle(
    session: Session, row: Candidacy, offering: Offering, *, by: Actor, now: datetime
) -> None:
    """Decide a candidacy that nobody else has to decide: the first wish with a free seat, or wait.

    The offering is locked.
    """
    accounts = seats_queries.runs(session, offering.id)
    wishes = candidacies.preferences(session, [row.id]).get(row.id) or list(accounts)
    free = [run_id for run_id in wishes if accounts[run_id].left != 0]
    if row.is_over_quota or not free:
        wait(session, row, wishes[0], by=by, now=now)
        return
    seat(session, row, free[0], by=by, now=now)


def wait(session: Session, row: Candidacy, run_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Put a candidacy at the end of those who wait for a run; the offering is locked."""
    workflow.move(session, row, "waitlist", by=by, now=now)
    row.run_id = run_id
    last = session.scalar(
        sa.select(sa.func.max(Candidacy.waiting)).where(Candidacy.run_id == run_id)
    )
    row.waiting = (last or 0) + 1
    session.flush()


#: By which steps a candidacy comes to wait, from each state in which it may be.
_TO_WAITING: dict[str, tuple[str, ...]] = {
    CandidacyState.RETURNED: ("revise", "nominate", "waitlist"),
    CandidacyState.DRAFT: ("nominate", "waitlist"),
    CandidacyState.APPLIED: ("nominate", "waitlist"),
    CandidacyState.NOMINATED: ("waitlist",),
    CandidacyState.SELECTED: ("put_back",),
    CandidacyState.WAITLISTED: (),
}


def wait_first(
    session: Session, rows: Sequence[Candidacy], run_id: uuid.UUID, *, by: Actor, now: datetime
) -> None:
    """Put candidacies before all who wait for a run, in this order; the offering is locked."""
    session.execute(
        sa.update(Candidacy)
        .where(Candidacy.run_id == run_id, Candidacy.state == CandidacyState.WAITLISTED)
        .values(waiting=Candidacy.waiting + len(rows))
    )
    for place, row in enumerate(rows, 1):
        for action in _TO_WAITING[row.state]:
            workflow.move(session, row, action, by=by, now=now)
        row.run_id, row.waiting, row.proposal = run_id, place, None
    session.flush()


def seat(
    session: Session, row: Candidacy, run_id: uuid.UUID, *, by: Actor, now: datetime
) -> uuid.UUID:
    """Give a candidacy a seat in a run, and return the enrolment; the offering is locked."""
    enrolment.refuse_seated(session, run_id, row.person_id)
    workflow.move(session, row, "select", by=by, now=now)
    row.run_id, row.waiting, row.proposal = run_id, None, None
    session.flush()
    place = Place(row.person_id, row.section_id, row.title_id, candidacy_id=row.id)
    return enrolment.place(session, run_id, [place], now)[0]
