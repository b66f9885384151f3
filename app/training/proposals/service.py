"""Proposing for many at once, by hand or by the order of ranks; nobody else sees any of it."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import CandidacyState
from app.training.plans.models import Run
from app.training.plans.states import TAKING
from app.training.proposals import queries
from app.training.seats import queries as seats_queries
from app.training.seats import service as seats
from app.training.selection.service import PROPOSALS


@dataclass(frozen=True)
class Proposed:
    """For how many something was proposed, and for how many not, since they were decided before."""

    done: int
    left_out: int


def propose_all(
    session: Session,
    offering_id: uuid.UUID,
    candidacy_ids: Collection[uuid.UUID],
    proposal: str | None,
    run_id: uuid.UUID | None,
    *,
    by: Actor,
    now: datetime,
) -> Proposed:
    """Note what the office would decide of some candidacies; None takes it back.

    Without a run each is proposed for the first one that they asked for. Who is not to be decided
    any more stays as they are. Raises NotFound, and Refused: "nobody_chosen", "run_needed",
    "run_takes_nobody", "over_quota_waits".
    """
    if proposal not in (None, *PROPOSALS):
        raise NotFound
    seats.locked(session, offering_id)
    if not candidacy_ids:
        raise Refused("nobody_chosen")
    rows = _undecided(session, offering_id, candidacy_ids)
    if proposal == CandidacyState.SELECTED:
        _refuse_over_quota(rows)
    runs = {}
    if proposal in (CandidacyState.SELECTED, CandidacyState.WAITLISTED):
        runs = _runs(session, offering_id, rows, run_id)
    for row in rows:
        row.proposal, row.run_id = proposal, runs.get(row.id)
    session.flush()
    _record(session, offering_id, rows, str(proposal), by=by, now=now)
    return Proposed(len(rows), len(set(candidacy_ids)) - len(rows))


def _undecided(
    session: Session, offering_id: uuid.UUID, candidacy_ids: Collection[uuid.UUID]
) -> list[Candidacy]:
    """Return those of some candidacies that are still to be decided; raises NotFound."""
    rows = session.scalars(
        sa.select(Candidacy).where(
            Candidacy.offering_id == offering_id, Candidacy.id.in_(candidacy_ids)
        )
    ).all()
    if len(rows) != len(set(candidacy_ids)):
        raise NotFound
    return [row for row in rows if row.state == CandidacyState.NOMINATED]


def _refuse_over_quota(rows: Sequence[Candidacy]) -> None:
    beyond = sum(row.is_over_quota for row in rows)
    if beyond:
        raise Refused("over_quota_waits", count=beyond)


def _runs(
    session: Session, offering_id: uuid.UUID, rows: Sequence[Candidacy], run_id: uuid.UUID | None
) -> dict[uuid.UUID, uuid.UUID]:
    """Return the run that each is proposed for: the one that is named, or their first wish."""
    taking = _taking(session, offering_id)
    if run_id is not None:
        runs = {row.id: run_id for row in rows}
    else:
        wishes = candidacies.preferences(session, [row.id for row in rows])
        only = taking[:1] if len(taking) == 1 else []
        runs = {row.id: wish[0] for row in rows if (wish := wishes.get(row.id) or only)}
    if len(runs) != len(rows):
        raise Refused("run_needed")
    if not set(runs.values()) <= set(taking):
        raise Refused("run_takes_nobody")
    return runs


def _taking(session: Session, offering_id: uuid.UUID) -> list[uuid.UUID]:
    return list(
        session.scalars(
            sa.select(Run.id)
            .where(Run.offering_id == offering_id, Run.state.in_(TAKING))
            .order_by(Run.number)
        )
    )


@dataclass
class Filled:
    """What was proposed by rank, for whom; and of whom nothing, since all their runs clash."""

    selected: list[uuid.UUID] = field(default_factory=list)
    waitlisted: list[uuid.UUID] = field(default_factory=list)
    clashing: list[uuid.UUID] = field(default_factory=list)

    @property
    def proposed(self) -> list[uuid.UUID]:
        """All for whom something was proposed: what taking it back is about."""
        return [*self.selected, *self.waitlisted]


def fill(session: Session, offering_id: uuid.UUID, *, by: Actor, now: datetime) -> Filled:
    """Propose seats by rank until they are full, and then the waiting list; of the undecided alone.

    The first of each section come before the second of any; of equal ranks, who was not selected
    the last time, then who was put forward first. Each gets the first wish that has a seat and
    clashes with nothing. What somebody proposed by hand stays. Raises Refused("run_takes_nobody").
    """
    seats.locked(session, offering_id)
    rows = _in_order(session, offering_id)
    taking = _taking(session, offering_id)
    if not taking:
        raise Refused("run_takes_nobody")
    left = _left(session, offering_id)
    wishes = candidacies.preferences(session, [row.id for row in rows])
    clashes = queries.clashes(session, offering_id)
    done = Filled()
    for row in rows:
        asked = [run_id for run_id in wishes.get(row.id) or taking if run_id in taking] or taking
        _choose(row, [run_id for run_id in asked if (row.id, run_id) not in clashes], left, done)
    session.flush()
    if done.proposed:
        proposed = [row for row in rows if row.proposal]
        _record(session, offering_id, proposed, "by_rank", by=by, now=now)
    return done


def _choose(
    row: Candidacy, runs: Sequence[uuid.UUID], left: dict[uuid.UUID, int | None], done: Filled
) -> None:
    """Propose the first of some runs that has a seat, or to wait for the first of them."""
    free = [run_id for run_id in runs if left[run_id] is None or (left[run_id] or 0) > 0]
    if not runs:
        done.clashing.append(row.id)
    elif row.is_over_quota or not free:
        row.proposal, row.run_id = CandidacyState.WAITLISTED, runs[0]
        done.waitlisted.append(row.id)
    else:
        row.proposal, row.run_id = CandidacyState.SELECTED, free[0]
        seats_left = left[free[0]]
        left[free[0]] = None if seats_left is None else seats_left - 1
        done.selected.append(row.id)


def _in_order(session: Session, offering_id: uuid.UUID) -> list[Candidacy]:
    rows = session.scalars(
        sa.select(Candidacy).where(
            Candidacy.offering_id == offering_id,
            Candidacy.state == CandidacyState.NOMINATED,
            Candidacy.proposal.is_(None),
        )
    ).all()
    here = queries.offering(session, offering_id)
    first = queries.passed_over_before(session, here, [row.person_id for row in rows])

    def place(row: Candidacy) -> tuple[bool, int, bool, datetime, str]:
        is_unranked = row.rank is None
        return is_unranked, row.rank or 0, row.person_id not in first, row.created_at, row.id.hex

    return sorted(rows, key=place)


def _left(session: Session, offering_id: uuid.UUID) -> dict[uuid.UUID, int | None]:
    """Return the seats of each run that are neither taken nor proposed."""
    proposed: Counter[uuid.UUID | None] = Counter(
        session.scalars(
            sa.select(Candidacy.run_id).where(
                Candidacy.offering_id == offering_id,
                Candidacy.state == CandidacyState.NOMINATED,
                Candidacy.proposal == CandidacyState.SELECTED,
            )
        )
    )
    found: dict[uuid.UUID, int | None] = defaultdict(lambda: 0)
    for run_id, account in seats_queries.runs(session, offering_id).items():
        found[run_id] = None if account.left is None else account.left - proposed[run_id]
    return found


def _record(
    session: Session,
    offering_id: uuid.UUID,
    rows: Sequence[Candidacy],
    proposal: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    audit.record(
        session,
        "candidacy.proposed",
        by=by.person_id,
        now=now,
        subject=("offering", offering_id),
        details={**audit.shown(row.person_id for row in rows), "proposal": proposal},
    )
