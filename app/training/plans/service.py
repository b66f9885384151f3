"""What the office does with runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.materials.states import VersionState
from app.kernel import clock, deadlines, workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.open_days import OpenDays
from app.training.offerings import service as offerings
from app.training.plans.models import ItemKind, Run, RunItem, RunKind, RunSession, Training
from app.training.plans.states import TRANSITIONS, RunState

#: What `reschedule` changes, as the audit tells it.
_SAID = (
    *("learn_from", "learn_until", "minutes", "capacity_min", "capacity_max", "takes_late"),
    *("apply_rule", "apply_until", "head_rule", "head_until", "change_rule", "change_until"),
)


@dataclass(frozen=True)
class SessionData:
    """What the office says about one sitting of a run."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    online_url: str = ""
    lecturer: str = ""


@dataclass(frozen=True)
class Limits:
    """Until when what may be asked of a run: each a day, or a rule that counts from its first."""

    apply: str = ""
    head: str = ""
    change: str = ""


@dataclass(frozen=True)
class RunData:
    """What the office says about a run; the materials in the order they are taken."""

    learn_from: date
    learn_until: date
    minutes: int
    materials: tuple[uuid.UUID, ...] = ()
    kind: RunKind = RunKind.E_LEARNING
    capacity_min: int | None = None
    capacity_max: int | None = None
    takes_late: bool = False
    limits: Limits = Limits()
    sessions: tuple[SessionData, ...] = ()


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
    if data.materials or data.kind != RunKind.CLASSROOM:
        _refuse_unpublished(session, data.materials)
    offering = offerings.of_year(session, training_id, clock.fiscal_year(data.learn_from), now)
    row = Run(id=key, offering_id=offering.id, kind=data.kind, created_at=now)
    row.number = _next_number(session, offering.id)
    _write(row, data, days or OpenDays())
    session.add(row)
    session.flush()
    session.add_all(_items(key, data))
    _hold(session, row, data.sessions)
    session.flush()
    audit.record(session, "run.planned", by=by.person_id, now=now, subject=("run", key))
    return row


def _write(row: Run, data: RunData, days: OpenDays) -> None:
    """Write what is said of a run into its row; its deadlines as the moments they mean."""
    row.learn_from, row.learn_until, row.minutes = data.learn_from, data.learn_until, data.minutes
    row.capacity_min, row.capacity_max = data.capacity_min, data.capacity_max
    row.takes_late = data.takes_late
    row.apply_rule, row.apply_until = _limit(data.limits.apply, data.learn_from, days)
    row.head_rule, row.head_until = _limit(data.limits.head, data.learn_from, days)
    row.change_rule, row.change_until = _limit(data.limits.change, data.learn_from, days)


def _limit(text: str, anchor: date, days: OpenDays) -> tuple[str, datetime | None]:
    if not text.strip():
        return "", None
    found = deadlines.moment(text, anchor, days)
    if found is None:
        raise Refused("deadline_unreadable", text=text)
    return text.strip(), found


def _items(run_id: uuid.UUID, data: RunData) -> list[RunItem]:
    """Return the parts of a run: what is learnt alone, then where people meet."""
    items = [
        RunItem(run_id=run_id, kind=ItemKind.MATERIAL, material_id=material_id, position=position)
        for position, material_id in enumerate(data.materials, 1)
    ]
    if data.kind != RunKind.E_LEARNING:
        items.append(RunItem(run_id=run_id, kind=ItemKind.SESSIONS, position=len(items) + 1))
    return items


def _hold(session: Session, run: Run, sessions: tuple[SessionData, ...]) -> None:
    """Add the sittings of a run, in the order of time; the run lasts from the first to the last."""
    ordered = sorted(sessions, key=lambda each: each.starts_at)
    session.add_all(
        RunSession(
            run_id=run.id,
            number=number,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            place=each.place,
            online_url=each.online_url,
            lecturer=each.lecturer,
        )
        for number, each in enumerate(ordered, 1)
    )


def _next_number(session: Session, offering_id: uuid.UUID) -> int:
    newest = session.scalar(
        sa.select(sa.func.max(Run.number)).where(Run.offering_id == offering_id)
    )
    return (newest or 0) + 1


def reschedule(
    session: Session,
    run_id: uuid.UUID,
    data: RunData,
    *,
    by: Actor,
    now: datetime,
    days: OpenDays | None = None,
) -> Run:
    """Change a run's days, minutes and limits; raises Conflict where the run was cancelled."""
    run = _locked(session, run_id)
    if run.state == RunState.CANCELLED:
        raise Conflict("wrong_state", action="reschedule", state=run.state)
    before = {name: str(getattr(run, name)) for name in _SAID}
    _write(run, data, days or OpenDays())
    after = {name: str(getattr(run, name)) for name in _SAID}
    audit.record(
        session,
        "run.rescheduled",
        by=by.person_id,
        now=now,
        subject=("run", run_id),
        details={
            name: [before[name], after[name]] for name in _SAID if before[name] != after[name]
        },
    )
    return run


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


def _refuse_unpublished(session: Session, materials: tuple[uuid.UUID, ...]) -> None:
    published = set(
        session.scalars(
            sa.select(Version.material_id).where(
                Version.material_id.in_(materials), Version.state == VersionState.PUBLISHED
            )
        )
    )
    if not materials or published != set(materials):
        raise Refused("run_material_not_offered")
