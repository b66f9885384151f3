"""The learner's record: derived from its attempts at each commit, and never worse than before."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.records.queries import Course
from app.learning.records.states import DONE, RANK, RecordStatus, score_of, status_of
from scorm import outcome, structure


def record_for(
    session: Session, person_id: uuid.UUID, material_id: uuid.UUID, assignment_id: uuid.UUID
) -> LearnerRecord:
    """Return the record of an assignment, locked; made at its first launch."""
    query = sa.select(LearnerRecord).where(LearnerRecord.assignment_id == assignment_id)
    record = session.scalars(query.with_for_update()).one_or_none()
    if record is None:
        try:
            with session.begin_nested():
                record = LearnerRecord(
                    person_id=person_id,
                    material_id=material_id,
                    assignment_id=assignment_id,
                    status=RecordStatus.NOT_STARTED,
                )
                session.add(record)
        except sa.exc.IntegrityError:  # another launch of the same moment has made it
            record = session.scalars(query.with_for_update()).one()
    return record


def statuses(attempt: Attempt, course: Course) -> dict[str, str]:
    """Return the status of every leaf by its identifier, for the player's outline."""
    return {
        identifier: status_of(result, begun=identifier in attempt.document["items"])
        for identifier, result in _outcomes(attempt, course).items()
    }


def _outcomes(attempt: Attempt, course: Course) -> dict[str, outcome.Outcome]:
    states = attempt.document["items"]
    return {
        item.identifier: outcome.of(course.edition, states.get(item.identifier))
        for item in structure.leaves(course.organization)
    }


def conclude(
    session: Session, attempt: Attempt, course: Course, record: LearnerRecord | None, now: datetime
) -> None:
    """Derive the attempt's summary from its states, and its record's from all its attempts."""
    results = list(_outcomes(attempt, course).values())
    whole = outcome.roll_up(results)
    attempt.status = status_of(whole, begun=bool(attempt.document["items"]))
    attempt.score = score_of(whole)
    attempt.progress = whole.progress_measure or 0.0
    attempt.seconds = whole.seconds
    is_done = attempt.status in DONE
    attempt.completed_at = (attempt.completed_at or now) if is_done else None
    if record is not None:
        session.flush()
        sum_up(session, record, now)


def sum_up(session: Session, record: LearnerRecord, now: datetime) -> None:
    """Make the record the best of its attempts, and tell who assigned it when it has changed."""
    # The columns alone: an earlier attempt's document may be long, and is not needed here.
    attempts = session.execute(
        sa.select(
            Attempt.status, Attempt.score, Attempt.progress, Attempt.seconds, Attempt.completed_at
        ).where(Attempt.record_id == record.id)
    ).all()
    before = record.status
    record.status = max((attempt.status for attempt in attempts), key=RANK.index)
    scores = [attempt.score for attempt in attempts if attempt.score is not None]
    record.score = max(scores, default=None)
    record.progress = max(attempt.progress for attempt in attempts)
    record.seconds = sum(attempt.seconds for attempt in attempts)
    done = [attempt.completed_at for attempt in attempts if attempt.completed_at is not None]
    record.completed_at = min(done, default=None)
    record.started_at = record.started_at or now
    record.last_at = now
    if record.status != before:
        payload = {"assignment_id": str(record.assignment_id)}
        outbox.put(session, outbox.Kind.PROGRESSED, payload, now)
