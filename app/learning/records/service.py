"""The learner's record: derived from its attempts at each commit, and never worse than before."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.db import insert_new, new_id
from app.learning.owners.models import Owner
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.records.states import DONE, RANK, RecordStatus, score_of, status_of
from scorm import result
from scorm.attempt import Attempt as Played
from scorm.outcome import Outcome

#: How exact a record's `last_at` is.
LAST_AT_STEP = timedelta(minutes=1)


def record_for(
    session: Session, owner: Owner, material_id: uuid.UUID, assignment_id: uuid.UUID
) -> LearnerRecord:
    """Return the record of an assignment, locked; made at its first launch."""
    query = sa.select(LearnerRecord).where(LearnerRecord.assignment_id == assignment_id)
    record = session.scalars(query.with_for_update()).one_or_none()
    if record is None:
        add(session, owner, material_id, assignment_id)
        record = session.scalars(query.with_for_update()).one()
    return record


def add(
    session: Session,
    owner: Owner,
    material_id: uuid.UUID,
    assignment_id: uuid.UUID,
    started_at: datetime | None = None,
) -> uuid.UUID | None:
    """Keep a record of an assignment, and return its key; None where there is one already."""
    key = new_id()
    is_new = insert_new(
        session,
        LearnerRecord,
        id=key,
        **owner.columns(),
        material_id=material_id,
        assignment_id=assignment_id,
        status=RecordStatus.NOT_STARTED,
        started_at=started_at,
        last_at=started_at,
    )
    return key if is_new else None


def statuses(attempt: Attempt, found: Mapping[str, Outcome]) -> dict[str, str]:
    """Return the status of every leaf, given what each comes to, for the player's outline."""
    begun = attempt.document.get("items", {})
    return {name: status_of(one, begun=name in begun) for name, one in found.items()}


def conclude(attempt: Attempt, play: Played, found: Mapping[str, Outcome], now: datetime) -> bool:
    """Derive the attempt's summary from what its leaves come to; return whether it has changed."""
    is_begun = bool(attempt.document.get("items"))
    return settle(attempt, result.whole(play, found), now, is_begun=is_begun)


def settle(attempt: Attempt, whole: Outcome, now: datetime, *, is_begun: bool) -> bool:
    """Derive the attempt's summary from what it comes to; return whether it has changed."""
    before = _summary(attempt)
    attempt.status = status_of(whole, begun=is_begun)
    attempt.score = score_of(whole)
    attempt.progress = whole.progress_measure or 0.0
    attempt.seconds = whole.seconds
    is_done = attempt.status in DONE
    attempt.completed_at = (attempt.completed_at or now) if is_done else None
    return _summary(attempt) != before


def _summary(attempt: Attempt) -> tuple[object, ...]:
    return attempt.status, attempt.score, attempt.progress, attempt.seconds, attempt.completed_at


def is_due(last_at: datetime | None, now: datetime) -> bool:
    """Whether a record's `last_at` is no longer as exact as it should be."""
    return last_at is None or now - last_at >= LAST_AT_STEP


@dataclass(frozen=True)
class Going:
    """One go at a material, whatever its kind, as far as a record is the sum of such."""

    status: str
    score: float | None
    #: From 0 to 1.
    progress: float
    #: Time spent, in seconds.
    seconds: float
    completed_at: datetime | None


def sum_up(session: Session, record_id: uuid.UUID, now: datetime) -> None:
    """Make a record the best of its attempts, and tell who assigned it when it has changed."""
    # The columns alone: an earlier attempt's document may be long, and is not needed here.
    rows = session.execute(
        sa.select(
            Attempt.status, Attempt.score, Attempt.progress, Attempt.seconds, Attempt.completed_at
        ).where(Attempt.record_id == record_id)
    )
    conclude_record(session, record_id, [Going(*row) for row in rows], now)


def conclude_record(
    session: Session, record_id: uuid.UUID, attempts: Sequence[Going], now: datetime
) -> None:
    """Make a record the best of what was done for it, one at least; tell who assigned it.

    They are told of another status and another score: a portal takes both.
    """
    record = session.get_one(LearnerRecord, record_id, populate_existing=True)
    before = record.status, record.score
    record.status = max((attempt.status for attempt in attempts), key=RANK.index)
    scores = [attempt.score for attempt in attempts if attempt.score is not None]
    record.score = max(scores, default=None)
    record.progress = max(attempt.progress for attempt in attempts)
    record.seconds = sum(attempt.seconds for attempt in attempts)
    done = [attempt.completed_at for attempt in attempts if attempt.completed_at is not None]
    record.completed_at = min(done, default=None)
    record.started_at = record.started_at or now
    record.last_at = now
    if (record.status, record.score) != before:
        payload = {"assignment_id": str(record.assignment_id)}
        outbox.put(session, outbox.Kind.PROGRESSED, payload, now)
