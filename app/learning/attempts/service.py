"""Attempts: begin, navigate, commit what an item has set, leave.

Everything is applied once. A commit names its launch and its sequence number, and a navigation its
step: a number that was applied already is answered again, and changes nothing. The newest launch
holds the lease; an older one is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.records import queries
from app.learning.records import service as records
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.records.states import DONE, RecordStatus
from app.learning.sharing import service as sharing
from app.learning.traces import service as traces
from scorm import attempt as engine
from scorm import navigation, runtime
from scorm.course import Controls, Course, Shared
from scorm.launch import Launch, Mode
from scorm.structure import Item


@dataclass(frozen=True)
class Learner:
    """What content may know of who takes it."""

    id: str
    name: str
    language: str


@dataclass(frozen=True)
class Navigated:
    """Where a navigation has led: an item with the state its session starts from, or none.

    `is_ended`: the sequencing session is over; `is_left`: what was delivered has ended and nothing
    took its place; `reason`: the book's code of why a request was not followed.
    """

    item: Item | None
    state: dict[str, Any] | None
    is_ended: bool
    is_left: bool
    reason: str
    controls: Controls
    statuses: dict[str, str]
    sequence: int


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
    #: What the content has called, where the attempt is traced.
    calls: list[list[Any]] | None = None


@dataclass
class _Work:
    """An attempt's rows, locked, with the engine that works on its document."""

    attempt: Attempt
    course: Course
    record: LearnerRecord | None
    play: engine.Attempt


def navigate(
    session: Session,
    attempt_id: uuid.UUID,
    *,
    lease: int,
    step: int,
    request: str,
    learner: Learner,
    now: datetime,
    suspends_silent: bool = True,
) -> Navigated:
    """Follow a navigation request and start a session on the item it leads to.

    Opens the lease: from here on an older launch of the attempt may write no more. `step` is 1, 2,
    3 … within the launch; the last one may be sent again. `request` is written as adl.nav.request
    is, or `open`; `suspends_silent` as in `scorm.attempt`. Raises
    Conflict("superseded"), Conflict("out_of_sequence"), Refused("attempt_ended"),
    Refused("navigation_unknown").
    """
    asked = navigation.parse_request(request, of_content=False)
    if asked is None:
        raise Refused("navigation_unknown")
    with _work(session, attempt_id, lease, now, opens=True) as work:
        attempt = work.attempt
        if attempt.ended_at is not None:
            raise Refused("attempt_ended")
        if step == attempt.step and step > 0:
            return _answer(work)
        if step != attempt.step + 1:
            raise Conflict("out_of_sequence", expected=attempt.step + 1)
        attempt.step = step
        work.play.suspends_silent = suspends_silent
        mode: Mode = "browse" if attempt.record_id is None else "normal"
        found = work.play.navigate(*asked, lambda item: _launch_of(item, learner, mode))
        _remember(attempt, found)
        records.conclude(session, attempt, work.play, work.record, now)
        return _answer(work)


def _launch_of(item: Item, learner: Learner, mode: Mode) -> Launch:
    return Launch.of(
        item,
        learner_id=learner.id,
        learner_name=learner.name,
        language=learner.language,
        mode=mode,
    )


def _remember(attempt: Attempt, found: engine.Delivery) -> None:
    attempt.document["last"] = {
        "item": found.item.identifier if found.item else None,
        "is_ended": found.is_ended,
        "is_left": found.is_left,
        "reason": found.reason,
    }


def _answer(work: _Work) -> Navigated:
    """Tell where the last step has led, as it stands now."""
    last = dict(work.attempt.document["last"])
    identifier = last.pop("item")
    return Navigated(
        item=work.course.items[identifier] if identifier else None,
        state=work.play.states[identifier] if identifier else None,
        controls=work.play.controls(),
        statuses=records.statuses(work.attempt, work.course),
        sequence=work.attempt.sequence,
        **last,
    )


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
    `controls`, `status` and `score`. Raises Conflict("superseded") when a newer launch has the
    lease and Conflict("out_of_sequence") when a message before these is missing; nothing is applied
    then.
    """
    with _work(session, attempt_id, lease, now) as work:
        attempt = work.attempt
        fresh = [message for message in messages if message.sequence > attempt.sequence]
        if not fresh:
            return attempt.answer
        rejected = [each for message in fresh for each in _apply(session, work, message, now)]
        attempt.committed_at = now
        records.conclude(session, attempt, work.play, work.record, now)
        attempt.answer = {
            "sequence": attempt.sequence,
            "saved_at": now.isoformat(),
            "rejected": [[rejection.element, rejection.error] for rejection in rejected],
            "statuses": records.statuses(attempt, work.course),
            "controls": work.play.controls().as_document(),
            "status": attempt.status,
            "score": attempt.score,
        }
        return attempt.answer


def _apply(
    session: Session, work: _Work, message: Message, now: datetime
) -> list[runtime.Rejection]:
    attempt = work.attempt
    if message.sequence != attempt.sequence + 1:
        raise Conflict("out_of_sequence", expected=attempt.sequence + 1)
    if message.item not in work.play.states:
        raise NotFound
    attempt.sequence = message.sequence
    traces.add_calls(session, attempt, message.calls or [], now)
    return work.play.commit(
        message.item, message.changes, finished=message.finished, leaving=message.leaving
    )


def leave(session: Session, attempt_id: uuid.UUID, *, lease: int, now: datetime) -> bool:
    """Let the learner go; return whether the attempt is over, so that a launch begins another.

    What is not done stays open and is resumed.
    """
    with _work(session, attempt_id, lease, now) as work:
        attempt = work.attempt
        if attempt.ended_at is not None:
            return True
        is_done = attempt.status in (*DONE, RecordStatus.FAILED)
        work.play.leave(is_done=is_done)
        records.conclude(session, attempt, work.play, work.record, now)
        is_done = attempt.status in (*DONE, RecordStatus.FAILED)
        if is_done and attempt.document.get("ended"):
            attempt.ended_at = now
        return attempt.ended_at is not None


@contextmanager
def _work(
    session: Session, attempt_id: uuid.UUID, lease: int, now: datetime, *, opens: bool = False
) -> Iterator[_Work]:
    """Yield an attempt to work on, locked, by the launch that holds its lease."""
    attempt, record = _locked(session, attempt_id)
    if lease < attempt.opened_lease:
        raise Conflict("superseded")
    if lease > attempt.opened_lease:
        if not opens:
            raise Conflict("out_of_sequence", expected=0)
        attempt.opened_lease, attempt.sequence, attempt.step, attempt.answer = lease, 0, 0, {}
    course = queries.course(session, attempt.version_id)
    with _shared(session, attempt, course) as shared:
        log: list[Any] | None = [] if attempt.is_traced else None
        play = engine.Attempt(course, attempt.document, shared, log=log)
        yield _Work(attempt, course, record, play)
        traces.add_decisions(session, attempt, log, now)
        flag_modified(attempt, "document")


@contextmanager
def _shared(session: Session, attempt: Attempt, course: Course) -> Iterator[Shared]:
    """Yield what the learner's courses share; a preview has its own, and leaves no mark."""
    if attempt.record_id is not None:
        with sharing.held(session, attempt.person_id, course) as shared:
            yield shared
        return
    kept = attempt.document.setdefault("preview", {"objectives": {}, "data": {}})
    yield Shared(kept["objectives"], kept["data"])


#: The attempt with its record, both locked by one statement: the record first, as a launch does, so
#: that neither waits in a circle.
_WITH_RECORD = (
    sa.select(LearnerRecord, Attempt)
    .join(Attempt, Attempt.record_id == LearnerRecord.id)
    .where(Attempt.id == sa.bindparam("attempt"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_ALONE = (
    sa.select(Attempt)
    .where(Attempt.id == sa.bindparam("attempt"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _locked(session: Session, attempt_id: uuid.UUID) -> tuple[Attempt, LearnerRecord | None]:
    given = {"attempt": attempt_id}
    found = session.execute(_WITH_RECORD, given).one_or_none()
    if found is not None:
        return found[1], found[0]
    attempt = session.execute(_ALONE, given).scalar_one_or_none()
    if attempt is None:
        raise NotFound
    return attempt, None
