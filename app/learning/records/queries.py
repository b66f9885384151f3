"""Reads of attempts and records: the course an attempt takes, and all that a record tells."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.errors import NotFound
from app.learning.courses import queries as courses
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.records.states import score_of, status_of
from scorm import outcome, structure
from scorm.course import Course
from scorm.edition import Edition
from scorm.interactions import InteractionRecord, interactions
from xapi.cmi5 import standing
from xapi.cmi5.course import said

#: Courses by version: a version never changes, and its manifest is too long to read each commit.
_courses: dict[uuid.UUID, Course] = {}
_MOST_COURSES = 500
_EDITIONS = frozenset(Edition)


def course(session: Session, version_id: uuid.UUID) -> Course:
    """Return the course of a version."""
    if version_id not in _courses:
        version = session.get_one(Version, version_id)
        if version.edition not in _EDITIONS:  # a video, a course of units, or no package at all
            raise NotFound
        manifest = structure.from_document(version.manifest)
        if manifest.organization is None:
            raise NotFound
        if len(_courses) >= _MOST_COURSES:
            _courses.clear()
        _courses[version_id] = Course.of(Edition(version.edition), manifest.organization)
    return _courses[version_id]


def course_of(session: Session, attempt_id: uuid.UUID) -> tuple[Attempt, Course]:
    """Return an attempt with the course it takes; raises NotFound for one that is gone."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFound
    return attempt, course(session, attempt.version_id)


def takers(session: Session, version_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many open attempts each version has; previews do not count."""
    counted = (
        sa.select(Attempt.version_id, sa.func.count())
        .where(Attempt.version_id.in_(version_ids))
        .where(Attempt.record_id.is_not(None), Attempt.ended_at.is_(None))
        .group_by(Attempt.version_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def last_activity(session: Session, person_id: uuid.UUID) -> datetime | None:
    """Return when somebody's player has last saved anything; None where it never has."""
    newest = sa.select(sa.func.max(Attempt.committed_at)).where(Attempt.person_id == person_id)
    return session.scalar(newest)


@dataclass(frozen=True)
class ItemDetail:
    """What one item of an attempt has come to."""

    title: str
    status: str
    score: float | None
    seconds: float
    interactions: list[InteractionRecord]
    #: Why it need not be done; None where it must.
    waived: str | None = None


@dataclass(frozen=True)
class WatchedDetail:
    """What was watched of a video; times in seconds."""

    duration: float
    #: The stretches of the film that were played, in order and apart from each other.
    played: list[tuple[float, float]]
    position: float
    played_seconds: float
    present_seconds: float
    hidden_seconds: float
    hidden_times: int
    elsewhere_times: int
    doubted_seconds: float
    #: How many questions in it were answered, and of them rightly.
    answered: int
    right: int


@dataclass(frozen=True)
class AttemptDetail:
    """One attempt with its items."""

    id: uuid.UUID
    number: int
    is_traced: bool
    #: Whether the office has had the learner begin anew after it.
    is_reset: bool
    #: Whether its course shares objectives or data with the learner's other courses.
    shares: bool
    status: str
    score: float | None
    seconds: float
    started_at: datetime
    committed_at: datetime | None
    #: When something of it first came after the time to learn was over.
    late_at: datetime | None
    ended_at: datetime | None
    items: list[ItemDetail]
    #: Of a video, what was watched; None for a package.
    watched: WatchedDetail | None = None
    #: Whether its items are units that speak for themselves.
    is_course: bool = False


@dataclass(frozen=True)
class RecordDetail:
    """A record with all its attempts, the newest first."""

    record: LearnerRecord
    attempts: list[AttemptDetail]


def detail(session: Session, record_id: uuid.UUID) -> RecordDetail:
    """Return all that a record tells; raises NotFound for one that is not there."""
    record = session.get(LearnerRecord, record_id)
    if record is None:
        raise NotFound
    attempts = session.scalars(
        sa.select(Attempt).where(Attempt.record_id == record_id).order_by(Attempt.number.desc())
    )
    return RecordDetail(record, [attempt_detail(session, attempt) for attempt in attempts])


def attempt_detail(session: Session, attempt: Attempt) -> AttemptDetail:
    """Return all that one attempt tells."""
    if is_video(attempt):
        return _detail(attempt, watched=_watched(attempt.document))
    if courses.is_course(attempt):
        return _detail(attempt, _units(session, attempt), is_course=True)
    taken = course(session, attempt.version_id)
    states = attempt.document.get("items", {})
    items = [
        _item(taken.edition, item, states.get(item.identifier))
        for item in structure.leaves(taken.organization)
    ]
    shares = bool(taken.shared_objectives or taken.shared_data)
    return _detail(attempt, items, shares=shares)


def _detail(
    attempt: Attempt,
    items: Sequence[ItemDetail] = (),
    *,
    shares: bool = False,
    watched: WatchedDetail | None = None,
    is_course: bool = False,
) -> AttemptDetail:
    return AttemptDetail(
        id=attempt.id,
        number=attempt.number,
        is_traced=attempt.is_traced,
        is_reset=bool(attempt.document.get("is_reset")),
        shares=shares,
        status=attempt.status,
        score=attempt.score,
        seconds=attempt.seconds,
        started_at=attempt.created_at,
        committed_at=attempt.committed_at,
        late_at=attempt.late_at,
        ended_at=attempt.ended_at,
        items=list(items),
        watched=watched,
        is_course=is_course,
    )


def is_video(attempt: Attempt) -> bool:
    """Whether an attempt is at a video: its document says so from its first launch on."""
    return attempt.document.get("kind") == "video"


def _units(session: Session, attempt: Attempt) -> list[ItemDetail]:
    """Return what each unit of a course that speaks xAPI has come to."""
    whole, document = courses.course(session, attempt.version_id), attempt.document
    told, found = courses.statuses(whole, document), standing.outcomes(whole, document)
    return [
        ItemDetail(
            said(unit.title),
            told[key],
            score_of(found[key]),
            found[key].seconds,
            [],
            standing.of(document, key)["waived"],
        )
        for key, unit in ((unit.key, unit) for unit in whole.units)
    ]


def _watched(document: Mapping[str, Any]) -> WatchedDetail:
    answers = document["answers"].values()
    return WatchedDetail(
        **{
            name: document[name]
            for name in (
                *("duration", "position", "played_seconds", "present_seconds", "hidden_seconds"),
                *("hidden_times", "elsewhere_times", "doubted_seconds"),
            )
        },
        played=[(start, stop) for start, stop in document["played"]],
        answered=len(answers),
        right=sum(each["is_right"] for each in answers),
    )


def _item(edition: Edition, item: structure.Item, state: dict[str, object] | None) -> ItemDetail:
    result = outcome.of(edition, state)
    return ItemDetail(
        title=item.title,
        status=status_of(result, begun=state is not None),
        score=score_of(result),
        seconds=result.seconds,
        interactions=interactions(edition, state) if state else [],
    )
