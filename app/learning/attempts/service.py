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

from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.attempts import access
from app.learning.records import queries
from app.learning.records import service as records
from app.learning.records.models import Attempt
from app.learning.records.states import DONE, RecordStatus
from app.learning.sharing import service as sharing
from app.learning.traces import service as traces
from app.learning.turns import service as turns
from scorm import attempt as engine
from scorm import navigation, result, runtime
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
    """An attempt's row, locked, with the engine that works on its document."""

    attempt: Attempt
    course: Course
    play: engine.Attempt
    #: When the record was last told of it.
    told_at: datetime | None
    #: Whether its record has to be told.
    is_news: bool = False

    def conclude(self, now: datetime) -> dict[str, str]:
        """Derive the attempt's summary; return the status of each leaf.

        A stream of commits that change nothing is no news.
        """
        found = result.outcomes(self.course, self.attempt.document)
        is_new = records.conclude(self.attempt, self.play, found, now)
        self.is_news |= is_new or records.is_due(self.told_at, now)
        return records.statuses(self.attempt, found)


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
            return _answer(work, now)
        if step != attempt.step + 1:
            raise Conflict("out_of_sequence", expected=attempt.step + 1)
        attempt.step = step
        work.play.suspends_silent = suspends_silent
        mode: Mode = "browse" if attempt.record_id is None else "normal"
        before = turns.before(attempt)
        found = work.play.navigate(*asked, lambda item: _launch_of(item, learner, mode))
        turns.turned(session, attempt, work.course.edition, before, found.item, now)
        _remember(attempt, found)
        return _answer(work, now)


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


def _answer(work: _Work, now: datetime) -> Navigated:
    """Tell where the last step has led, as it stands now."""
    last = dict(work.attempt.document["last"])
    identifier = last.pop("item")
    return Navigated(
        item=work.course.items[identifier] if identifier else None,
        state=work.play.states[identifier] if identifier else None,
        controls=work.play.controls(),
        statuses=work.conclude(now),
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
    is_late: bool = False,
) -> dict[str, Any]:
    """Apply messages, each once, and return the answer, the same however often they are sent.

    The answer: `sequence`, `saved_at`, `rejected` ([element, error code]), `statuses` by item,
    `controls`, `status` and `score`, and the `step` they are of. What comes after the time to learn
    (`is_late`) marks the attempt. Raises Conflict("superseded") when a newer launch has the lease
    and Conflict("out_of_sequence") when a message before these is missing; nothing is applied then.
    """
    with _work(session, attempt_id, lease, now) as work:
        attempt = work.attempt
        fresh = [message for message in messages if message.sequence > attempt.sequence]
        if not fresh:
            return attempt.answer
        rejected = [each for message in fresh for each in _apply(session, work, message, now)]
        attempt.committed_at = now
        if is_late and attempt.late_at is None:
            attempt.late_at = now
        attempt.answer = (_unchanged(work, fresh, now) or _derived(work, now)) | {
            "sequence": attempt.sequence,
            "saved_at": now.isoformat(),
            "rejected": [[rejection.element, rejection.error] for rejection in rejected],
        }
        return attempt.answer


def _derived(work: _Work, now: datetime) -> dict[str, Any]:
    """Return how it stands after a commit, as the player is told."""
    return {
        "statuses": work.conclude(now),  # first: status and score come of it
        "controls": work.play.controls().as_document(),
        "status": work.attempt.status,
        "score": work.attempt.score,
        "step": work.attempt.step,
    }


def _unchanged(work: _Work, messages: Sequence[Message], now: datetime) -> dict[str, Any] | None:
    """Return what was told last, where it is sure to hold still: most commits are such.

    Content has only noted things for itself, the learner is where the last answer was given, and no
    other course can have changed an objective meanwhile.
    """
    told = work.attempt.answer
    if told.get("step") != work.attempt.step or work.course.shared_objectives:
        return None
    if not all(not one.finished and runtime.are_notes(one.changes) for one in messages):
        return None
    work.is_news |= records.is_due(work.told_at, now)
    return told


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
        before = turns.before(attempt)
        work.play.leave(is_done=is_done)
        turns.turned(session, attempt, work.course.edition, before, None, now)
        attempt.answer.pop("step", None)  # what it says of the controls holds no more
        work.conclude(now)
        is_done = attempt.status in (*DONE, RecordStatus.FAILED)
        if is_done and attempt.document.get("ended"):
            attempt.ended_at = now
        return attempt.ended_at is not None


@contextmanager
def _work(
    session: Session, attempt_id: uuid.UUID, lease: int, now: datetime, *, opens: bool = False
) -> Iterator[_Work]:
    """Yield an attempt to work on, locked, by the launch that holds its lease."""
    attempt, told_at = access.locked(session, attempt_id)
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
        work = _Work(attempt, course, play, told_at)
        yield work
        traces.add_decisions(session, attempt, log, now)
    access.write(session, attempt)
    if work.is_news and attempt.record_id is not None:
        records.sum_up(session, attempt.record_id, now)


@contextmanager
def _shared(session: Session, attempt: Attempt, course: Course) -> Iterator[Shared]:
    """Yield what the learner's courses share; a preview has its own, and leaves no mark."""
    if attempt.record_id is not None:
        with sharing.held(session, attempt.owner, course) as shared:
            yield shared
        return
    kept = attempt.document.setdefault("preview", {"objectives": {}, "data": {}})
    yield Shared(kept["objectives"], kept["data"])
