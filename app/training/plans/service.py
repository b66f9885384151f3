"""What the office does with trainings and runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.materials.states import VersionState
from app.kernel import workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.training.plans.models import Run, RunItem, Training
from app.training.plans.states import TRANSITIONS, RunState


@dataclass(frozen=True)
class TrainingData:
    """What the office says about a training."""

    code: str
    title: str
    purpose: str


@dataclass(frozen=True)
class RunData:
    """What the office says about a run; the materials in the order they are taken."""

    learn_from: date
    learn_until: date
    minutes: int
    materials: tuple[uuid.UUID, ...] = ()


def register(
    session: Session, key: uuid.UUID, data: TrainingData, *, by: Actor, now: datetime
) -> Training:
    """Add a training under a key; the same key again gives the training that is there.

    Raises Refused("training_code_taken") for a code of another training.
    """
    if known := session.get(Training, key):
        return known
    row = Training(id=key, code=data.code, title=data.title, purpose=data.purpose, created_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refused("training_code_taken", taken=data.code) from error
    audit.record(
        session, "training.registered", by=by.person_id, now=now, subject=("training", key)
    )
    return row


def plan(
    session: Session,
    training_id: uuid.UUID,
    key: uuid.UUID,
    data: RunData,
    *,
    by: Actor,
    now: datetime,
) -> Run:
    """Add the next run of a training under a key; the same key again gives the run that is there.

    Raises NotFound, and Refused("run_material_not_offered") where a material cannot be launched.
    """
    if known := session.get(Run, key):
        return known
    # The training's row is the lock of its runs' numbers.
    if session.get(Training, training_id, with_for_update=True) is None:
        raise NotFound
    _refuse_unpublished(session, data.materials)
    row = Run(
        id=key,
        training_id=training_id,
        number=_next_number(session, training_id),
        state=RunState.DRAFT,
        learn_from=data.learn_from,
        learn_until=data.learn_until,
        minutes=data.minutes,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.add_all(
        RunItem(run_id=key, material_id=material_id, position=position)
        for position, material_id in enumerate(data.materials, 1)
    )
    session.flush()
    audit.record(session, "run.planned", by=by.person_id, now=now, subject=("run", key))
    return row


def _next_number(session: Session, training_id: uuid.UUID) -> int:
    newest = session.scalar(
        sa.select(sa.func.max(Run.number)).where(Run.training_id == training_id)
    )
    return (newest or 0) + 1


def reschedule(
    session: Session, run_id: uuid.UUID, data: RunData, *, by: Actor, now: datetime
) -> Run:
    """Change a run's days and minutes; raises Conflict where the run was cancelled."""
    run = _locked(session, run_id)
    if run.state == RunState.CANCELLED:
        raise Conflict("wrong_state", action="reschedule", state=run.state)
    pairs = {
        name: [str(getattr(run, name)), str(getattr(data, name))]
        for name in ("learn_from", "learn_until", "minutes")
    }
    run.learn_from, run.learn_until, run.minutes = data.learn_from, data.learn_until, data.minutes
    audit.record(
        session,
        "run.rescheduled",
        by=by.person_id,
        now=now,
        subject=("run", run_id),
        details={name: pair for name, pair in pairs.items() if pair[0] != pair[1]},
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
