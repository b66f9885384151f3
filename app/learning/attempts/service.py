"""Attempts: begin, deliver an item, commit what it has set, end.

A commit is applied once: it names its launch and its sequence number, and the answer to a number
that was applied already is given again. The newest launch holds the lease; an older one is told.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.records import queries
from app.learning.records import service as records
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.records.queries import Course
from app.learning.records.states import DONE, RecordStatus
from scorm import navigation, runtime, structure

Row = TypeVar("Row", Attempt, LearnerRecord)


@dataclass(frozen=True)
class Learner:
    """What content may know of who takes it."""

    id: str
    name: str
    language: str


@dataclass(frozen=True)
class Delivered:
    """An item with the run-time state that its session starts from."""

    item: structure.Item
    state: dict[str, Any]
    requests: dict[str, str]
    statuses: dict[str, str]
    sequence: int


def begin(
    session: Session,
    version: Version,
    *,
    person_id: uuid.UUID,
    assignment_id: uuid.UUID | None,
    now: datetime,
) -> Attempt:
    """Return the attempt to launch, with a new lease: the open one, or a new one of `version`.

    An open attempt stays with the version it began with. Without an assignment it is an author's
    preview, which is always new and leaves no record.
    """
    record = None
    if assignment_id is not None:
        record = records.record_for(session, person_id, version.material_id, assignment_id)
    attempt = _open_attempt(session, record) if record else None
    if attempt is None:
        attempt = Attempt(
            record_id=record.id if record else None,
            person_id=person_id,
            version_id=version.id,
            number=_next_number(session, record),
            document={"current": None, "items": {}},
            created_at=now,
            lease=0,
        )
        session.add(attempt)
    attempt.lease += 1
    session.flush()
    if record:
        records.sum_up(session, record, now)
    return attempt


def _open_attempt(session: Session, record: LearnerRecord) -> Attempt | None:
    return session.scalars(
        sa.select(Attempt)
        .where(Attempt.record_id == record.id, Attempt.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()


def _next_number(session: Session, record: LearnerRecord | None) -> int:
    if record is None:
        return 1
    highest = sa.select(sa.func.max(Attempt.number)).where(Attempt.record_id == record.id)
    return (session.scalar(highest) or 0) + 1


def deliver(
    session: Session,
    attempt_id: uuid.UUID,
    *,
    lease: int,
    request: str,
    learner: Learner,
    now: datetime,
) -> Delivered | None:
    """Follow a navigation request and start a session on the item it leads to; None at the end.

    Opens the lease: from here on an older launch of the attempt may write no more. The same request
    may be sent again: a session that was not finished is resumed.
    """
    attempt, course, record = _locked(session, attempt_id)
    if lease < attempt.opened_lease:
        raise Conflict("superseded")
    if attempt.ended_at is not None:
        raise Refused("attempt_ended")
    if lease > attempt.opened_lease:
        attempt.opened_lease, attempt.sequence, attempt.answer = lease, 0, {}
    item = navigation.deliver(course.organization, attempt.document["current"], request)
    if item is None:
        return None
    launch = _launch_of(item, learner, is_preview=attempt.record_id is None)
    items = attempt.document["items"]
    state = runtime.begin(course.edition, launch, items.get(item.identifier))
    attempt.document = {"current": item.identifier, "items": {**items, item.identifier: state}}
    records.conclude(session, attempt, course, record, now)
    return Delivered(
        item=item,
        state=state,
        requests=navigation.valid_requests(course.organization, item.identifier),
        statuses=records.statuses(attempt, course),
        sequence=attempt.sequence,
    )


@dataclass(frozen=True)
class Message:
    """The changes of one item's session, in their order, under the next number of the launch."""

    sequence: int
    item: str
    changes: list[tuple[str, str]]
    #: Whether the content has ended its session.
    finished: bool
    #: Whether it did so because the learner was leaving the player.
    leaving: bool = False


def commit(
    session: Session,
    attempt_id: uuid.UUID,
    *,
    lease: int,
    messages: Sequence[Message],
    now: datetime,
) -> dict[str, Any]:
    """Apply messages, each once, and return the answer, the same however often they are sent.

    The answer: `sequence`, `saved_at`, `rejected` ([element, error code]), `statuses` by item,
    `status` and `score`. Raises Conflict("superseded") when a newer launch has the lease and
    Conflict("out_of_sequence") when a message before these is missing; nothing is applied then.
    """
    attempt, course, record = _locked(session, attempt_id)
    if lease < attempt.opened_lease:
        raise Conflict("superseded")
    if lease > attempt.opened_lease:
        raise Conflict("out_of_sequence", expected=0)
    fresh = [message for message in messages if message.sequence > attempt.sequence]
    if not fresh:
        return attempt.answer
    rejected = [each for message in fresh for each in _apply(attempt, course, message)]
    attempt.committed_at = now
    records.conclude(session, attempt, course, record, now)
    attempt.answer = {
        "sequence": attempt.sequence,
        "saved_at": now.isoformat(),
        "rejected": [[rejection.element, rejection.error] for rejection in rejected],
        "statuses": records.statuses(attempt, course),
        "status": attempt.status,
        "score": attempt.score,
    }
    return attempt.answer


def _apply(attempt: Attempt, course: Course, message: Message) -> list[runtime.Rejection]:
    if message.sequence != attempt.sequence + 1:
        raise Conflict("out_of_sequence", expected=attempt.sequence + 1)
    items = attempt.document["items"]
    if message.item not in items:
        raise NotFound
    # A copy: SQLAlchemy sees a new document by comparing it with the old one.
    state = copy.deepcopy(items[message.item])
    rejected = runtime.apply(course.edition, state, message.changes)
    if message.finished:
        state = runtime.finish(course.edition, state, leaving=message.leaving)
    attempt.document = {**attempt.document, "items": {**items, message.item: state}}
    attempt.sequence = message.sequence
    return rejected


def end(session: Session, attempt_id: uuid.UUID, *, lease: int, now: datetime) -> bool:
    """End the attempt if it is done, so that the next launch begins another; return whether it did.

    What is not done stays open and is resumed.
    """
    attempt, course, record = _locked(session, attempt_id)
    if lease < attempt.opened_lease:
        raise Conflict("superseded")
    states = attempt.document["items"].values()
    finished = not any(runtime.is_open(state) or runtime.is_suspended(state) for state in states)
    if attempt.ended_at is None and finished and attempt.status in (*DONE, RecordStatus.FAILED):
        attempt.ended_at = now
    records.conclude(session, attempt, course, record, now)
    return attempt.ended_at is not None


def _launch_of(item: structure.Item, learner: Learner, *, is_preview: bool) -> runtime.Launch:
    return runtime.Launch.of(
        item,
        learner_id=learner.id,
        learner_name=learner.name,
        language=learner.language,
        mode="browse" if is_preview else "normal",
    )


def _locked(
    session: Session, attempt_id: uuid.UUID
) -> tuple[Attempt, Course, LearnerRecord | None]:
    """Lock the record, then the attempt: in a launch's order, so that neither waits in a circle."""
    record_id = sa.select(Attempt.record_id).where(Attempt.id == attempt_id).scalar_subquery()
    record = _fresh(session, sa.select(LearnerRecord).where(LearnerRecord.id == record_id))
    attempt = _fresh(session, sa.select(Attempt).where(Attempt.id == attempt_id))
    if attempt is None:
        raise NotFound
    return attempt, queries.course(session, attempt.version_id), record


def _fresh(session: Session, query: sa.Select[Row]) -> Row | None:
    locking = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(locking).one_or_none()
