"""What the office does with runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.materials.states import VersionState
from app.kernel import clock, outbox, workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.open_days import OpenDays
from app.training.offerings import service as offerings
from app.training.orders import queries as orders
from app.training.plans.models import Run, RunKind, Training
from app.training.plans.states import TRANSITIONS, RunState
from app.training.programme import service as programme
from app.training.programme.service import ItemData, SessionData
from app.training.seats import queries as seats_queries
from app.training.seats import service as seats

#: What `reschedule` changes, as the audit tells it.
_SAID = (
    *("learn_from", "learn_until", "minutes", "capacity_min", "capacity_max", "takes_late"),
    "apply_from",
    *("apply_rule", "apply_until", "head_rule", "head_until", "change_rule", "change_until"),
)


@dataclass(frozen=True)
class Limits:
    """Until when what may be asked of a run: each a day, or a rule that counts from its first."""

    apply: str = ""
    head: str = ""
    change: str = ""


@dataclass(frozen=True)
class RunData:
    """What the office says about a run, as a whole; the parts in the order they are taken."""

    learn_from: date
    learn_until: date
    minutes: int
    items: tuple[ItemData, ...] = ()
    kind: RunKind = RunKind.E_LEARNING
    capacity_min: int | None = None
    capacity_max: int | None = None
    takes_late: bool = False
    apply_from: date | None = None
    limits: Limits = Limits()
    sessions: tuple[SessionData, ...] = ()

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day; where people only meet, those of the sessions."""
        if self.kind == RunKind.CLASSROOM and self.sessions:
            held = sorted(clock.today(each.starts_at) for each in self.sessions)
            return held[0], held[-1]
        return self.learn_from, self.learn_until

    @property
    def materials(self) -> list[uuid.UUID]:
        """The materials in their order."""
        return [item.material_id for item in self.items if item.material_id]


def plan(
    session: Session,
    training_id: uuid.UUID,
    key: uuid.UUID,
    data: RunData,
    *,
    by: Actor,
    now: datetime,
    days: OpenDays | None = None,
) -> Run:
    """Add the next run of a training under a key; the same key again gives the run that is there.

    It belongs to the fiscal year in which it begins, whatever year it ends in.

    Raises NotFound, Refused("run_material_not_offered") where a material cannot be launched, and
    Refused("deadline_unreadable").
    """
    if known := session.get(Run, key):
        return known
    # The training's row is the lock of its runs' numbers.
    if session.get(Training, training_id, with_for_update=True) is None:
        raise NotFound
    days = days or OpenDays()
    _refuse_unpublished(session, data)
    offering = offerings.of_year(session, training_id, clock.fiscal_year(data.period[0]), now)
    row = Run(
        id=key,
        offering_id=offering.id,
        number=_next_number(session, offering.id),
        kind=data.kind,
        state=RunState.DRAFT,
        created_at=now,
    )
    _write(row, data, days)
    session.add(row)
    session.flush()
    programme.hold(session, row, data.sessions)
    programme.arrange(session, row, data.items, days)
    audit.record(session, "run.planned", by=by.person_id, now=now, subject=("run", key))
    return row


def _write(row: Run, data: RunData, days: OpenDays) -> None:
    """Write what is said of a run into its row; its deadlines as the moments they mean."""
    row.learn_from, row.learn_until = data.period
    row.minutes, row.takes_late, row.apply_from = data.minutes, data.takes_late, data.apply_from
    row.capacity_min, row.capacity_max = data.capacity_min, data.capacity_max
    first = row.learn_from
    row.apply_rule, row.apply_until = programme.limit(data.limits.apply, first, days)
    row.head_rule, row.head_until = programme.limit(data.limits.head, first, days)
    row.change_rule, row.change_until = programme.limit(data.limits.change, first, days)


def _next_number(session: Session, offering_id: uuid.UUID) -> int:
    newest = session.scalar(
        sa.select(sa.func.max(Run.number)).where(Run.offering_id == offering_id)
    )
    return (newest or 0) + 1


class Rescheduled(NamedTuple):
    """What follows from other days or places: who is told, and whether an order says otherwise."""

    is_told: bool
    is_ordered: bool


def reschedule(
    session: Session,
    run_id: uuid.UUID,
    data: RunData,
    *,
    by: Actor,
    now: datetime,
    days: OpenDays | None = None,
) -> Rescheduled:
    """Say anew all that is said of a run.

    Once people know of it, other days and places are told to those in it; what was ordered stays
    as it was written, until the office orders anew. A postponed run is told of when it goes on.
    Raises Conflict where the run is cancelled or settled, Refused("capacity_below") where more
    people have a seat than there would be, and what `programme` raises.
    """
    run, days = _held(session, run_id), days or OpenDays()
    if run.state in (RunState.CANCELLED, RunState.SETTLED):
        raise Conflict("wrong_state", action="reschedule", state=run.state)
    _refuse_too_few_seats(session, run, data.capacity_max)
    before = _said(run)
    if run.state == RunState.DRAFT:
        run.kind = data.kind
    _write(run, data, days)
    is_moved = programme.hold(session, run, data.sessions)
    programme.arrange(session, run, data.items, days)
    changed: dict[str, object] = {
        name: [before[name], after] for name, after in _said(run).items() if after != before[name]
    }
    if is_moved:
        changed["sessions"] = len(data.sessions)
    subject = ("run", run_id)
    audit.record(
        session, "run.rescheduled", by=by.person_id, now=now, subject=subject, details=changed
    )
    if not changed.keys() & {"learn_from", "learn_until", "sessions"}:
        return Rescheduled(is_told=False, is_ordered=False)
    if is_told := run.state not in (RunState.DRAFT, RunState.POSTPONED):
        tell(session, run_id, now)
    return Rescheduled(is_told, orders.first_of_run(session, run_id) is not None)


def _said(run: Run) -> dict[str, str]:
    return {name: str(getattr(run, name)) for name in _SAID}


def tell(session: Session, run_id: uuid.UUID, now: datetime) -> None:
    """Say in the outbox that the days or the places of a run are others."""
    payload = {"table": "run", "id": str(run_id), "action": "reschedule"}
    outbox.put(session, outbox.Kind.MOVED, payload, now)


def _refuse_too_few_seats(session: Session, run: Run, capacity: int | None) -> None:
    """Take no seat from anybody unseen: who is to wait instead is chosen one by one."""
    if capacity is None or (run.capacity_max is not None and capacity >= run.capacity_max):
        return
    taken = seats_queries.runs(session, run.offering_id)[run.id].taken
    if capacity < taken:
        raise Refused("capacity_below", taken=taken, capacity=capacity)


def act(session: Session, run_id: uuid.UUID, action: str, *, by: Actor, now: datetime) -> Run:
    """Take a run through one transition of its table; raises what `workflow.move` raises."""
    if action not in TRANSITIONS:
        raise NotFound
    run = _locked(session, run_id)
    workflow.move(session, run, action, by=by, now=now)
    return run


def _locked(session: Session, run_id: uuid.UUID) -> Run:
    run = session.get(Run, run_id, with_for_update=True)
    if run is None:
        raise NotFound
    return run


def _held(session: Session, run_id: uuid.UUID) -> Run:
    """Return a run whose seats nobody gives away meanwhile: the offering first, then the run."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound
    seats.locked(session, run.offering_id)
    session.refresh(run, with_for_update=True)
    return run


def _refuse_unpublished(session: Session, data: RunData) -> None:
    """Ask for materials that can be launched; where people only meet, there may be none."""
    materials = data.materials
    if not materials and data.kind == RunKind.CLASSROOM:
        return
    published = set(
        session.scalars(
            sa.select(Version.material_id).where(
                Version.material_id.in_(materials), Version.state == VersionState.PUBLISHED
            )
        )
    )
    if not materials or published != set(materials):
        raise Refused("run_material_not_offered")
