"""Begin or resume an attempt; begin anew, by the office's word or a new version's."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.learning.owners.models import Owner
from app.learning.records import queries
from app.learning.records import service as records
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.sharing import service as sharing

#: Nearly every launch goes on with an attempt that is open, found with its record and locked by
#: one statement, which is made once.
_GOING_ON = (
    sa.select(LearnerRecord, Attempt)
    .join(Attempt, Attempt.record_id == LearnerRecord.id)
    .where(LearnerRecord.assignment_id == sa.bindparam("assignment"), Attempt.ended_at.is_(None))
    .with_for_update()
)
_OPEN = (
    sa.select(Attempt)
    .where(Attempt.record_id == sa.bindparam("record"), Attempt.ended_at.is_(None))
    .with_for_update()
)


def begin(
    session: Session,
    version: Version,
    *,
    owner: Owner,
    assignment_id: uuid.UUID | None,
    now: datetime,
) -> Attempt:
    """Return the attempt to launch, with a new lease: the open one, or a new one of `version`.

    An open attempt stays with the version it began with, unless the new version begins anew.
    Without an assignment it is an author's preview, which is always new, leaves no record, and is
    traced.
    """
    record, attempt = None, None
    if assignment_id is not None:
        record, attempt = _found(session, owner, version.material_id, assignment_id)
    if attempt is not None and attempt.version_id != version.id and version.starts_anew:
        attempt.ended_at, attempt = now, None
        session.flush()
    is_new = attempt is None
    if attempt is None:
        attempt = Attempt(
            record_id=record.id if record else None,
            **owner.columns(),
            version_id=version.id,
            number=_next_number(session, record),
            document=_carried_over(session, record, version),
            created_at=now,
            lease=0,
            is_traced=record is None,
        )
        session.add(attempt)
    attempt.lease += 1
    if is_new:
        session.flush()
    # Going on changes nothing of what a record sums up but when that was.
    if record and (is_new or records.is_due(record.last_at, now)):
        records.sum_up(session, record.id, now)
    return attempt


def _found(
    session: Session, owner: Owner, material_id: uuid.UUID, assignment_id: uuid.UUID
) -> tuple[LearnerRecord, Attempt | None]:
    """Return the record of an assignment and its open attempt, both locked, the record first."""
    row = session.execute(_GOING_ON, {"assignment": assignment_id}).one_or_none()
    if row is not None:
        return row[0], row[1]
    record = records.record_for(session, owner, material_id, assignment_id)
    return record, _open_attempt(session, record)


def _open_attempt(session: Session, record: LearnerRecord) -> Attempt | None:
    return session.scalars(_OPEN, {"record": record.id}).one_or_none()


def _next_number(session: Session, record: LearnerRecord | None) -> int:
    if record is None:
        return 1
    highest = sa.select(sa.func.max(Attempt.number)).where(Attempt.record_id == record.id)
    return (session.scalar(highest) or 0) + 1


def _carried_over(
    session: Session, record: LearnerRecord | None, version: Version
) -> dict[str, Any]:
    """Return the document a new attempt starts from: what is tracked goes on (S&N 4e, TM.1).

    How often an activity was attempted, and what rules ask of it, outlives an attempt on the
    course; it begins again with another version, and after a reset.
    """
    if record is None:
        return {}
    last = session.scalars(
        sa.select(Attempt)
        .where(Attempt.record_id == record.id)
        .order_by(Attempt.number.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.version_id != version.id or last.document.get("is_reset"):
        return {}
    tracked = last.document.get("sequencing")
    return {"sequencing": tracked} if tracked else {}


def reset(session: Session, record_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Have the next launch of a record begin anew; what was done so far stays on the record.

    Raises NotFound, and Refused("nothing_to_reset") where nothing was begun.
    """
    record = session.get(LearnerRecord, record_id, with_for_update=True)
    if record is None:
        raise NotFound
    last = session.scalars(
        sa.select(Attempt)
        .where(Attempt.record_id == record.id)
        .order_by(Attempt.number.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if last is None or last.document.get("is_reset"):
        raise Refused("nothing_to_reset")
    last.ended_at = last.ended_at or now
    last.document = {**last.document, "is_reset": True}
    # A window that is still open may write no more.
    last.lease += 1
    last.opened_lease = last.lease
    audit.record(
        session,
        "attempt.reset",
        by=by.person_id,
        now=now,
        subject=("attempt", last.id),
        details={"number": last.number, "people": last.owner.people},
    )


def forget(session: Session, record_id: uuid.UUID, *, by: Actor, now: datetime) -> int:
    """Make unknown again what a record's course shares with the learner's other courses.

    Returns how many values that were. Raises NotFound.
    """
    record = session.get(LearnerRecord, record_id)
    newest = sa.select(Attempt.version_id).where(Attempt.record_id == record_id)
    version_id = session.scalars(newest.order_by(Attempt.number.desc()).limit(1)).one_or_none()
    if record is None or version_id is None:
        raise NotFound
    course = queries.course(session, version_id)
    return sharing.forget(session, record.owner, course, by=by, now=now)


def trace(
    session: Session, record_id: uuid.UUID, *, is_traced: bool, by: Actor, now: datetime
) -> None:
    """Write down from now on, or no more, what happens in the open attempt of a record."""
    record = session.get(LearnerRecord, record_id)
    attempt = _open_attempt(session, record) if record else None
    if attempt is None:
        raise Refused("nothing_to_trace")
    attempt.is_traced = is_traced
    audit.record(
        session,
        "attempt.traced" if is_traced else "attempt.untraced",
        by=by.person_id,
        now=now,
        subject=("attempt", attempt.id),
        details={"people": attempt.owner.people},
    )
