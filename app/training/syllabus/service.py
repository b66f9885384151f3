"""What the office registers of a training, and the categories that it sorts them by."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.plans.models import Prerequisite, Provider, Training, TrainingCategory

#: The columns of a training that the office says.
_SAID = ("code", "title", "purpose", "category_id", "owner_id", "provider", "is_once")
#: What the audit calls a column whose name means something of people there.
_NAMED = {"title": "training_title"}


@dataclass(frozen=True)
class TrainingData:
    """What the office says about a training."""

    code: str
    title: str
    purpose: str
    category_id: uuid.UUID | None = None
    owner_id: uuid.UUID | None = None
    provider: str = Provider.WARD
    is_once: bool = False
    #: The trainings that are to be completed before.
    required: tuple[uuid.UUID, ...] = ()


def register(
    session: Session, key: uuid.UUID, data: TrainingData, *, by: Actor, now: datetime
) -> Training:
    """Add a training under a key; the same key again gives the training that is there.

    Raises Refused("training_code_taken") for a code of another training.
    """
    if known := session.get(Training, key):
        return known
    row = Training(id=key, created_at=now, **{name: getattr(data, name) for name in _SAID})
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refused("training_code_taken", taken=data.code) from error
    _require(session, key, data.required)
    audit.record(
        session, "training.registered", by=by.person_id, now=now, subject=("training", key)
    )
    return row


def change(
    session: Session, training_id: uuid.UUID, data: TrainingData, *, by: Actor, now: datetime
) -> None:
    """Put a training right, for all its years.

    Raises NotFound, Refused("training_code_taken"), and Refused("prerequisite_circle") where it
    would have to be completed before itself.
    """
    row = session.get(Training, training_id, with_for_update=True)
    if row is None:
        raise NotFound
    _refuse_circle(session, training_id, data.required)
    old = {name: getattr(row, name) for name in _SAID}
    details: dict[str, object] = {
        _NAMED.get(name, name): [_told(old[name]), _told(getattr(data, name))]
        for name in _SAID
        if old[name] != getattr(data, name)
    }
    try:
        with session.begin_nested():
            for name in _SAID:
                setattr(row, name, getattr(data, name))
    except IntegrityError as error:
        raise Refused("training_code_taken", taken=data.code) from error
    before = _required(session).get(training_id, ())
    if set(before) != set(data.required):
        _require(session, training_id, data.required)
        details["required"] = [len(before), len(set(data.required))]
    if details:
        audit.record(
            session,
            "training.changed",
            by=by.person_id,
            now=now,
            subject=("training", training_id),
            details=details,
        )


def _told(value: object) -> object:
    return str(value) if isinstance(value, uuid.UUID) else value


def _required(session: Session) -> dict[uuid.UUID, list[uuid.UUID]]:
    found = defaultdict(list)
    for row in session.scalars(sa.select(Prerequisite)):
        found[row.training_id].append(row.required_id)
    return found


def _require(session: Session, training_id: uuid.UUID, required: Sequence[uuid.UUID]) -> None:
    session.execute(sa.delete(Prerequisite).where(Prerequisite.training_id == training_id))
    session.add_all(
        Prerequisite(training_id=training_id, required_id=required_id)
        for required_id in dict.fromkeys(required)
    )
    session.flush()


def _refuse_circle(session: Session, training_id: uuid.UUID, required: Sequence[uuid.UUID]) -> None:
    known, waiting, seen = _required(session), list(required), set()
    while waiting:
        each = waiting.pop()
        if each == training_id:
            raise Refused("prerequisite_circle")
        if each not in seen:
            seen.add(each)
            waiting.extend(known.get(each, ()))


def add_category(
    session: Session, key: uuid.UUID, name: str, *, by: Actor, now: datetime
) -> TrainingCategory:
    """Add a category at the end under a key; the same key again gives the one that is there.

    Raises Refused("category_name_taken").
    """
    if known := session.get(TrainingCategory, key):
        return known
    last = session.scalar(sa.select(sa.func.max(TrainingCategory.position))) or 0
    row = TrainingCategory(id=key, name=name, position=last + 1)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Refused("category_name_taken", taken=name) from error
    _note(session, "category.added", row, by, now)
    return row


def rename_category(
    session: Session, category_id: uuid.UUID, name: str, *, by: Actor, now: datetime
) -> None:
    """Give a category another name; raises NotFound and Refused("category_name_taken")."""
    row = _category(session, category_id)
    before = row.name
    if before == name:
        return
    try:
        with session.begin_nested():
            row.name = name
    except IntegrityError as error:
        raise Refused("category_name_taken", taken=name) from error
    _note(session, "category.renamed", row, by, now, category=[before, name])


def shift_category(session: Session, category_id: uuid.UUID, by_places: int) -> None:
    """Move a category up (-1) or down (1) in lists; at the end it stays where it is."""
    rows = list(
        session.scalars(
            sa.select(TrainingCategory)
            .order_by(TrainingCategory.position, TrainingCategory.id)
            .with_for_update()
        )
    )
    here = next((place for place, row in enumerate(rows) if row.id == category_id), None)
    if here is None:
        raise NotFound
    rows.insert(max(0, here + by_places), rows.pop(here))
    for position, row in enumerate(rows, 1):
        row.position = position


def delete_category(session: Session, category_id: uuid.UUID, *, by: Actor, now: datetime) -> str:
    """Delete a category that no training is of, and return its name.

    Raises NotFound and Refused("category_used").
    """
    row = _category(session, category_id)
    used = session.scalar(
        sa.select(sa.func.count()).select_from(Training).where(Training.category_id == row.id)
    )
    if used:
        raise Refused("category_used", name=row.name, count=used)
    _note(session, "category.deleted", row, by, now)
    session.delete(row)
    session.flush()
    return row.name


def _category(session: Session, category_id: uuid.UUID) -> TrainingCategory:
    row = session.get(TrainingCategory, category_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def _note(
    session: Session,
    action: str,
    row: TrainingCategory,
    by: Actor,
    now: datetime,
    **details: object,
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("training_category", row.id),
        details=details or {"category": row.name},
    )
