"""Begin or resume an attempt; begin anew, by the office's word or a new version's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.materials.queries import Published
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.db import insert_new, new_id
from app.kernel.errors import NotFound, Refused
from app.kernel.plain import Plain
from app.learning.owners.models import Owner
from app.learning.records import queries
from app.learning.records import service as records
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.sharing import service as sharing

_RECORD = cast("sa.Table", LearnerRecord.__table__)
_ATTEMPT = cast("sa.Table", Attempt.__table__)
_OF_ASSIGNMENT = sa.select(_RECORD.c.id).where(
    _RECORD.c.assignment_id == sa.bindparam("assignment")
)
#: What nearly every launch does, made once.
_GONE_ON = Plain(
    sa.update(_ATTEMPT)
    .where(_ATTEMPT.c.record_id == _OF_ASSIGNMENT.scalar_subquery(), _ATTEMPT.c.ended_at.is_(None))
    .values(lease=_ATTEMPT.c.lease + 1)
    .returning(_ATTEMPT.c.id, _ATTEMPT.c.lease, _ATTEMPT.c.version_id)
)


@dataclass(frozen=True)
class Launched:
    """An attempt that was launched: which, by which lease, and at which version."""

    attempt_id: uuid.UUID
    lease: int
    version_id: uuid.UUID

    @classmethod
    def of(cls, attempt: Attempt) -> Launched:
        """Return the newest launch of an attempt."""
        return cls(attempt.id, attempt.lease, attempt.version_id)


def launch(
    session: Session, version: Published, *, owner: Owner, assignment_id: uuid.UUID, now: datetime
) -> Launched:
    """Begin or resume an attempt as `begin` does, without reading what it is made of.

    Nearly all are somebody's first launch, or go on with an attempt: these are a few plain
    statements, and the attempts of the session are not refreshed.
    """
    session.flush()
    row = _GONE_ON.one(session, assignment=assignment_id)
    going = Launched(*row) if row else None
    if going and (going.version_id == version.id or not version.starts_anew):
        return going
    if going is None:
        record_id = records.add(session, owner, version.material_id, assignment_id, now)
        if record_id is not None:
            return _first(session, version, owner, record_id, now)
    attempt = begin(session, version, owner=owner, assignment_id=assignment_id, now=now)
    return Launched.of(attempt)


def _first(
    session: Session, version: Published, owner: Owner, record_id: uuid.UUID, now: datetime
) -> Launched:
    key = new_id()
    is_new = insert_new(
        session,
        Attempt,
        id=key,
        record_id=record_id,
        **owner.columns(),
        version_id=version.id,
        document={},
        lease=1,
        created_at=now,
    )
    assert is_new  # of a record that was not there before
    return Launched(key, 1, version.id)


def begin(
    session: Session,
    version: Version | Published,
    *,
    owner: Owner,
    assignment_id: uuid.UUID | None,
    now: datetime,
    key: uuid.UUID | None = None,
) -> Attempt:
    """Return the attempt to launch, with a new lease: the open one, or a new one of `version`.

    An open attempt stays with the version it began with, unless the new version begins anew, or a
    `key` is asked for that is not its own: then one of that key begins. Going on is no news of the
    record by itself: what is then done is. Without an assignment it is an author's preview, which
    is always new, leaves no record, and is traced.
    """
    record, attempt = None, None
    if assignment_id is not None:
        record = records.record_for(session, owner, version.material_id, assignment_id)
        attempt = _open_attempt(session, record)
    is_kept = attempt is not None and key in (None, attempt.id)
    if attempt and is_kept and (attempt.version_id == version.id or not version.starts_anew):
        attempt.lease += 1
        return attempt
    if attempt is not None:
        attempt.ended_at = now
        session.flush()
    attempt = _begun(session, version, owner, record, key or new_id(), now)
    if record:
        records.sum_up(session, record.id, now)
    return attempt


def _begun(
    session: Session,
    version: Version | Published,
    owner: Owner,
    record: LearnerRecord | None,
    key: uuid.UUID,
    now: datetime,
) -> Attempt:
    attempt = Attempt(
        id=key,
        record_id=record.id if record else None,
        **owner.columns(),
        version_id=version.id,
        number=_next_number(session, record),
        document=_carried_over(session, record, version),
        created_at=now,
        lease=1,
        is_traced=record is None,
    )
    session.add(attempt)
    session.flush()
    return attempt


def _open_attempt(session: Session, record: LearnerRecord) -> Attempt | None:
    query = sa.select(Attempt).where(Attempt.record_id == record.id, Attempt.ended_at.is_(None))
    return session.scalars(query.with_for_update()).one_or_none()


def _next_number(session: Session, record: LearnerRecord | None) -> int:
    if record is None:
        return 1
    highest = sa.select(sa.func.max(Attempt.number)).where(Attempt.record_id == record.id)
    return (session.scalar(highest) or 0) + 1


def _carried_over(
    session: Session, record: LearnerRecord | None, version: Version | Published
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
