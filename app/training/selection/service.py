"""Deciding candidacies: one by one where nobody else is asked, or a whole offering at once.

While the office compares, a decision is a proposal that only the office sees; confirming makes all
of them come true in one transaction, or none.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.offerings.models import Offering
from app.training.plans.models import Run
from app.training.plans.states import TAKING, RunState
from app.training.proposals import queries as proposals
from app.training.seating import service as seating
from app.training.seats import queries as seats_queries
from app.training.seats import service as seats

#: What the office can propose.
PROPOSALS = (
    CandidacyState.SELECTED,
    CandidacyState.WAITLISTED,
    CandidacyState.NOT_SELECTED,
)


@dataclass(frozen=True)
class Confirmed:
    """How many were decided each way."""

    selected: int
    waitlisted: int
    not_selected: int


def propose(
    session: Session,
    candidacy_id: uuid.UUID,
    proposal: str | None,
    run_id: uuid.UUID | None,
    *,
    by: Actor,
    now: datetime,
) -> Candidacy:
    """Note what the office would decide of a candidacy; None takes it back.

    Raises NotFound, Conflict("wrong_state") where it is not to be decided any more, and
    Refused("run_needed") where somebody would be selected for no run.
    """
    row = session.get(Candidacy, candidacy_id, with_for_update=True)
    if row is None or proposal not in (None, *PROPOSALS):
        raise NotFound
    if row.state != CandidacyState.NOMINATED:
        raise Conflict("wrong_state", action="propose", state=row.state)
    if proposal in (CandidacyState.SELECTED, CandidacyState.WAITLISTED):
        run = session.get(Run, run_id) if run_id else None
        if run is None or run.offering_id != row.offering_id:
            raise Refused("run_needed")
    row.proposal = proposal
    row.run_id = run_id if proposal and proposal != CandidacyState.NOT_SELECTED else None
    audit.record(
        session,
        "candidacy.proposed",
        by=by.person_id,
        now=now,
        subject=("candidacy", row.id),
        details={"people": [str(row.person_id)], "proposal": str(proposal)},
    )
    return row


@dataclass(frozen=True)
class Choice:
    """What the office says when it confirms, beside the proposals themselves."""

    #: More than there are seats, knowingly.
    may_exceed: bool = False
    #: Somebody in two places at the same time, knowingly.
    may_clash: bool = False
    #: The mark (`proposals.queries.mark`) of what was looked at; None: whatever there is.
    seen: str | None = None


def confirm(
    session: Session,
    offering_id: uuid.UUID,
    choice: Choice | None = None,
    *,
    by: Actor,
    now: datetime,
) -> Confirmed:
    """Make all proposals of an offering come true, and mark its runs as decided.

    Those who wait keep the order of their rank. Raises Refused("nothing_proposed"),
    Refused("run_takes_nobody"), Conflict("proposals_changed") where something else is proposed
    than was looked at, and, unless the office chose so knowingly, Refused("run_full") and
    Refused("proposals_clash").
    """
    choice = choice or Choice()
    offering = seats.locked(session, offering_id)
    rows = _proposed(session, offering_id)
    if not rows:
        raise Refused("nothing_proposed")
    _check(session, offering, rows, choice)
    for row in rows:
        _decide(session, row, by=by, now=now)
    mark_decided(session, offering_id, by=by, now=now)
    counts = Counter(row.state for row in rows)
    done = Confirmed(
        counts[CandidacyState.SELECTED],
        counts[CandidacyState.WAITLISTED],
        counts[CandidacyState.NOT_SELECTED],
    )
    audit.record(
        session,
        "selection.confirmed",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details={**asdict(done), "may_exceed": choice.may_exceed, "may_clash": choice.may_clash},
    )
    return done


def _check(session: Session, offering: Offering, rows: Sequence[Candidacy], choice: Choice) -> None:
    if choice.seen not in (None, proposals.mark(session, offering.id)):
        raise Conflict("proposals_changed")
    _refuse_closed_runs(session, rows)
    if not choice.may_exceed:
        _refuse_beyond_capacity(session, offering, rows)
    if not choice.may_clash:
        _refuse_clashes(session, offering.id, rows)


def _proposed(session: Session, offering_id: uuid.UUID) -> Sequence[Candidacy]:
    """Return whom something is proposed for, by rank; who has none comes last."""
    return session.scalars(
        sa.select(Candidacy)
        .where(
            Candidacy.offering_id == offering_id,
            Candidacy.state == CandidacyState.NOMINATED,
            Candidacy.proposal.is_not(None),
        )
        .order_by(Candidacy.rank.is_(None), Candidacy.rank, Candidacy.created_at, Candidacy.id)
    ).all()


def _decide(session: Session, row: Candidacy, *, by: Actor, now: datetime) -> None:
    proposal, run_id = row.proposal, row.run_id
    row.proposal = None
    if proposal == CandidacyState.NOT_SELECTED or run_id is None:
        workflow.move(session, row, "pass_over", by=by, now=now)
    elif proposal == CandidacyState.WAITLISTED:
        seating.wait(session, row, run_id, by=by, now=now)
    else:
        seating.seat(session, row, run_id, by=by, now=now)


def _refuse_beyond_capacity(
    session: Session, offering: Offering, rows: Sequence[Candidacy]
) -> None:
    wanted = Counter(
        row.run_id for row in rows if row.run_id and row.proposal == CandidacyState.SELECTED
    )
    accounts = seats_queries.runs(session, offering.id)
    for run_id, count in wanted.items():
        left = accounts[run_id].left
        if left is not None and left < count:
            raise Refused("run_full", left=left, wanted=count)


def _refuse_closed_runs(session: Session, rows: Sequence[Candidacy]) -> None:
    closed = sa.select(Run.id).where(
        Run.id.in_({row.run_id for row in rows if row.run_id}), Run.state.not_in(TAKING)
    )
    if session.scalar(closed.limit(1)) is not None:
        raise Refused("run_takes_nobody")


def _refuse_clashes(session: Session, offering_id: uuid.UUID, rows: Sequence[Candidacy]) -> None:
    known = proposals.clashes(session, offering_id)
    count = sum(
        row.proposal == CandidacyState.SELECTED and (row.id, row.run_id) in known for row in rows
    )
    if count:
        raise Refused("proposals_clash", count=count)


def mark_decided(session: Session, offering_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Move the runs on whose call is over and for which nobody is left to be decided."""
    undecided = sa.select(Candidacy.id).where(
        Candidacy.offering_id == offering_id, Candidacy.state == CandidacyState.NOMINATED
    )
    if session.scalar(undecided.limit(1)) is not None:
        return
    runs = session.scalars(
        sa.select(Run).where(
            Run.offering_id == offering_id,
            Run.state.in_((RunState.CALLING, RunState.CLOSED)),
        )
    )
    for run in runs:
        workflow.move(session, run, "decide", by=by, now=now)


def move_in_line(
    session: Session, candidacy_id: uuid.UUID, *, is_up: bool, by: Actor, now: datetime
) -> None:
    """Let somebody who waits change places with the one before, or after; at the end, with nobody.

    Raises NotFound, and Conflict("wrong_state") for somebody who waits no more.
    """
    row = _waiting(session, candidacy_id)
    line = session.scalars(
        sa.select(Candidacy)
        .where(Candidacy.run_id == row.run_id, Candidacy.state == CandidacyState.WAITLISTED)
        .order_by(Candidacy.waiting)
    ).all()
    place = line.index(row)
    other = place - 1 if is_up else place + 1
    if 0 <= other < len(line):
        row.waiting, line[other].waiting = line[other].waiting, row.waiting
        audit.record(
            session,
            "candidacy.moved_in_line",
            by=by.person_id,
            now=now,
            subject=("candidacy", row.id),
            details={"people": [str(row.person_id)], "place": other + 1},
        )


def pass_over(session: Session, candidacy_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Tell somebody who waits that there will be no seat (選外); raises what the above raises."""
    workflow.move(session, _waiting(session, candidacy_id), "pass_over", by=by, now=now)


def _waiting(session: Session, candidacy_id: uuid.UUID) -> Candidacy:
    """Return somebody who waits, with the offering locked."""
    row = session.get(Candidacy, candidacy_id)
    if row is None:
        raise NotFound
    seats.locked(session, row.offering_id)
    session.refresh(row)
    if row.state != CandidacyState.WAITLISTED:
        raise Conflict("wrong_state", action="wait", state=row.state)
    return row
