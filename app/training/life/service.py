"""Taking a run through its life, with all its people.

A run that is cancelled takes its people with it and brings them back; nothing that they have done
is lost. What the clock does is asked for again and again by a worker, run by run, and does each
thing once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import workflow
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.open_days import OpenDays
from app.training.candidacies.models import Candidacy, Route
from app.training.candidacies.states import LIVE, CandidacyState
from app.training.changes import service as changes
from app.training.effects import service as effects
from app.training.enrolment import service as enrolment
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import BEFORE_IT, SEATED, TRANSITIONS, EnrolmentState
from app.training.life import queries
from app.training.offerings.models import Offering
from app.training.plans import service as plans
from app.training.plans.models import Run
from app.training.plans.service import Rescheduled, RunData
from app.training.plans.states import RunReason, RunState
from app.training.programme import service as programme
from app.training.seating import service as seating
from app.training.seats import queries as seats_queries
from app.training.seats import service as seats

#: What needs a reason.
WITH_REASON = frozenset({"cancel", "postpone"})


@dataclass(frozen=True)
class Moved:
    """How many people went along with their run, and how many stay where they have gone since."""

    people: int = 0
    elsewhere: int = 0


def act(
    session: Session,
    run_id: uuid.UUID,
    action: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> Moved:
    """Take a run through one transition, and its people where they go along with it.

    Cancelling and postponing need a reason: Refused("reason_needed"). Raises what
    `workflow.move` raises.
    """
    if action not in Run.transitions:
        raise NotFound
    run, _ = _locked(session, run_id)
    if action in WITH_REASON and reason not in list(RunReason):
        raise Refused("reason_needed")
    state, before = run.state, run.state_before
    workflow.move(session, run, action, by=by, now=now)
    if state == RunState.POSTPONED and action == "cancel":
        run.state_before = before  # brought back, it goes on from where it was put off
    if action in (*WITH_REASON, "restore", "resume"):
        run.reason = reason or None
    if action == "cancel":
        return _cancel(session, run_id, by=by, now=now)
    if action == "restore":
        return _restore(session, run, by=by, now=now)
    return Moved()


def _cancel(session: Session, run_id: uuid.UUID, *, by: Actor, now: datetime) -> Moved:
    rows = _people(session, run_id, TRANSITIONS["cancel_run"].sources)
    workflow.move_all(session, rows, "cancel_run", by=by, now=now)
    changes.withdraw_of_run(session, run_id, now)
    return Moved(len(rows))


def _restore(session: Session, run: Run, *, by: Actor, now: datetime) -> Moved:
    """Bring back those whom the run took along, but for who has a seat in another one by now."""
    rows = _people(session, run.id, (EnrolmentState.RUN_CANCELLED,))
    elsewhere = set(
        session.scalars(
            sa.select(Enrolment.person_id)
            .join(Run, Run.id == Enrolment.run_id)
            .where(Run.offering_id == run.offering_id, Enrolment.state.in_(SEATED))
        )
    )
    back = [row for row in rows if row.person_id not in elsewhere]
    workflow.move_all(session, back, "restore_run", by=by, now=now)
    return Moved(len(back), len(rows) - len(back))


def go_online(session: Session, run_id: uuid.UUID, url: str, *, by: Actor, now: datetime) -> int:
    """Have the sessions of a run that are still to come be joined on line; return how many.

    Those who are enrolled are told. Raises Refused("no_session_to_come").
    """
    run, _ = _locked(session, run_id)
    count = programme.go_online(session, run_id, url, now)
    if not count:
        raise Refused("no_session_to_come")
    subject = ("run", run_id)
    audit.record(
        session,
        "run.went_online",
        by=by.person_id,
        now=now,
        subject=subject,
        details={"sessions": count},
    )
    if run.state != RunState.DRAFT:
        plans.tell(session, run_id, now)
    return count


def shrink(
    session: Session,
    run_id: uuid.UUID,
    capacity: int,
    enrolment_ids: Collection[uuid.UUID],
    days: OpenDays,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Lower the capacity of a run, and have those whom the office chose wait; return how many.

    They come before all who wait already, in the order in which they were decided. Raises
    NotFound for who has no seat or has begun, Refused("capacity_below") where too few were
    chosen, and Refused("capacity_crossed") where fewer remain than are needed.
    """
    run, offering = _locked(session, run_id)
    if capacity < (run.capacity_min or 1):
        raise Refused("capacity_crossed", least=run.capacity_min or 1)
    rows = [row for row in _people(session, run_id, BEFORE_IT) if row.id in set(enrolment_ids)]
    if len(rows) != len(set(enrolment_ids)):
        raise NotFound
    left = seats_queries.runs(session, offering.id)[run_id].taken - len(rows)
    if left > capacity:
        raise Refused("capacity_below", taken=left, capacity=capacity)
    _lower(session, run, capacity, by, now)  # first: a seat that is freed is then nobody's
    for row in rows:
        effects.take_out(session, row, "revoke", offering, days, by=by, now=now)
    waiting = [_candidacy(session, row, offering, now) for row in rows]
    seating.wait_first(session, waiting, run_id, by=by, now=now)
    return len(rows)


def reschedule(
    session: Session, run_id: uuid.UUID, data: RunData, days: OpenDays, *, by: Actor, now: datetime
) -> Rescheduled:
    """Say anew all that is said of a run, and have those who wait take the seats that it has more.

    Who sits a test now has as long as it says by then.
    Raises what `plans.reschedule` raises.
    """
    run, offering = _locked(session, run_id)
    had = run.capacity_max
    done = plans.reschedule(session, run_id, data, by=by, now=now, days=days)
    enrolment.reset_ends(session, run_id, now)
    if had is not None and (run.capacity_max is None or run.capacity_max > had):
        effects.move_up(session, run_id, offering, days, now)
    return done


def _lower(session: Session, run: Run, capacity: int, by: Actor, now: datetime) -> None:
    details = {"capacity_max": [str(run.capacity_max), str(capacity)]}
    run.capacity_max = capacity
    session.flush()
    subject = ("run", run.id)
    audit.record(
        session, "run.rescheduled", by=by.person_id, now=now, subject=subject, details=details
    )


def _candidacy(session: Session, row: Enrolment, offering: Offering, now: datetime) -> Candidacy:
    """Return by what somebody waits: what they came by, or for who was enrolled by list another."""
    live = session.scalars(
        sa.select(Candidacy).where(
            Candidacy.offering_id == offering.id,
            Candidacy.person_id == row.person_id,
            Candidacy.state.in_(LIVE),
        )
    ).one_or_none()
    if live is not None:
        return live
    made = Candidacy(
        offering_id=offering.id,
        person_id=row.person_id,
        route=Route.NAMED,
        state=CandidacyState.NOMINATED,
        section_id=row.section_id,
        title_id=row.title_id,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def open_run(session: Session, run_id: uuid.UUID, now: datetime) -> None:
    """Open a run whose first day has come, where nothing that it needs is missing."""
    plans.act(session, run_id, "open", by=SYSTEM, now=now)


def start(session: Session, run_id: uuid.UUID, now: datetime) -> None:
    """Have those who are to take a run be under way: its first session has begun."""
    workflow.move_all(session, _people(session, run_id, BEFORE_IT), "start", by=SYSTEM, now=now)


def finish(session: Session, run_id: uuid.UUID, now: datetime) -> None:
    """Have those who are under way be through, whatever comes of it."""
    rows = _people(session, run_id, TRANSITIONS["finish"].sources)
    workflow.move_all(session, rows, "finish", by=SYSTEM, now=now)


def end(session: Session, run_id: uuid.UUID, now: datetime) -> None:
    """End a run whose last day is over."""
    plans.act(session, run_id, "end", by=SYSTEM, now=now)


class Duty(NamedTuple):
    """What the clock does: which runs are due, and what is done with each."""

    due: Callable[[Session, datetime], Sequence[uuid.UUID]]
    do: Callable[[Session, uuid.UUID, datetime], None]


#: In this order: what ends is through before.
DUTIES: Mapping[str, Duty] = {
    "open": Duty(queries.to_open, open_run),
    "start": Duty(queries.to_start, start),
    "finish": Duty(queries.to_finish, finish),
    "end": Duty(queries.to_end, end),
}


def _locked(session: Session, run_id: uuid.UUID) -> tuple[Run, Offering]:
    """Return a run and its offering, whose seats nobody gives away meanwhile."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound
    offering = seats.locked(session, run.offering_id)
    session.refresh(run, with_for_update=True)
    return run, offering


def _people(session: Session, run_id: uuid.UUID, states: Collection[str]) -> list[Enrolment]:
    return list(
        session.scalars(
            sa.select(Enrolment)
            .where(Enrolment.run_id == run_id, Enrolment.state.in_(states))
            .order_by(Enrolment.decided_at, Enrolment.id)
            .with_for_update()
        )
    )
