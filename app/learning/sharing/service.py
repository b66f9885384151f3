"""Hold what a learner's courses share while an attempt goes on, and write back what it changed.

The rows of all targets of a course are made when one is first needed, and locked in the order of
their keys: two windows on two courses that share an objective wait for each other, never in a
circle.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.learning.owners.models import Owner
from app.learning.sharing.models import SharedValue
from scorm.course import Course, Shared

OBJECTIVE, DATA = "objective", "data"
_NAMES = uuid.UUID("0f5c1a3e-7f0e-5d43-9d5b-1f6f2a6a51c7")


def _key(owner_id: uuid.UUID, kind: str, target: str) -> uuid.UUID:
    return uuid.uuid5(_NAMES, f"{owner_id} {kind} {target}")


@contextmanager
def held(session: Session, owner: Owner, course: Course) -> Iterator[Shared]:
    """Yield what the course may read and write of the learner's, locked until the work is done."""
    wanted = _wanted(course)
    if not wanted:
        yield Shared()
        return
    rows = _locked(session, owner, wanted)
    shared = Shared()
    for row in rows.values():
        if row.kind == OBJECTIVE:
            shared.objectives[row.target] = copy.deepcopy(row.document)
        elif "store" in row.document:
            shared.data[row.target] = row.document["store"]
    yield shared
    for (kind, target), row in rows.items():
        document = _document(shared, kind, target)
        if document != row.document:
            row.document = document


def _wanted(course: Course) -> list[tuple[str, str]]:
    objectives = [(OBJECTIVE, target) for target in course.shared_objectives]
    return objectives + [(DATA, target) for target in course.shared_data]


def _document(shared: Shared, kind: str, target: str) -> dict[str, Any]:
    if kind == OBJECTIVE:
        return shared.objectives.get(target, {})
    return {"store": shared.data[target]} if target in shared.data else {}


def _locked(
    session: Session, owner: Owner, wanted: list[tuple[str, str]]
) -> dict[tuple[str, str], SharedValue]:
    rows = _read(session, owner, wanted)
    if len(rows) < len(wanted):
        _make(session, owner, wanted)
        rows = _read(session, owner, wanted)
    return {(row.kind, row.target): row for row in rows}


def _read(session: Session, owner: Owner, wanted: list[tuple[str, str]]) -> list[SharedValue]:
    query = (
        sa.select(SharedValue)
        .where(SharedValue.id.in_([_key(owner.id, *one) for one in wanted]))
        .order_by(SharedValue.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _make(session: Session, owner: Owner, wanted: list[tuple[str, str]]) -> None:
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgresql else sqlite.insert
    values: list[dict[str, Any]] = [
        {
            "id": _key(owner.id, kind, target),
            **owner.columns(),
            "kind": kind,
            "target": target,
            "document": {},
        }
        for kind, target in wanted
    ]
    values.sort(key=lambda value: str(value["id"]))
    session.execute(insert(SharedValue).on_conflict_do_nothing(), values)


def hand_over(session: Session, source: Owner, target: Owner) -> None:
    """Make another's what an owner's courses share; what the other knows already stays."""
    rows = session.scalars(sa.select(SharedValue).where(SharedValue.is_of(source))).all()
    known = {row.id: row for row in _read(session, target, [(r.kind, r.target) for r in rows])}
    for row in rows:
        key = _key(target.id, row.kind, row.target)
        if key not in known:
            session.add(
                SharedValue(
                    id=key,
                    **target.columns(),
                    kind=row.kind,
                    target=row.target,
                    document=row.document,
                )
            )
        elif not known[key].document:
            known[key].document = row.document
        session.delete(row)


def forget(session: Session, owner: Owner, course: Course, *, by: Actor, now: datetime) -> int:
    """Make unknown again what a course shares of a learner's; return how many values there were."""
    known = [row for row in _read(session, owner, _wanted(course)) if row.document]
    for row in known:
        row.document = {}
    audit.record(
        session,
        "shared.forgotten",
        by=by.person_id,
        now=now,
        subject=("person" if owner.person_id else "guest", owner.id),
        details={"course": course.title, "targets": [row.target for row in known]},
    )
    return len(known)
