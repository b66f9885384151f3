"""Tell the record store of attempts: look at one, keep what is new as statements, and note it.

All of a look is one transaction: what is noted as told is kept, and the other way round. An attempt
is read as it stands and not locked; what comes meanwhile is for the next look.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.content.videos.models import Completion
from app.kernel.settings import Settings
from app.learning.activity_ids.service import activity_id
from app.learning.own_statements import service as own_statements
from app.learning.records import queries
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.turns import service as turns
from app.learning.turns.models import AttemptTold
from app.learning.watching.models import Watched
from scorm.course import Course
from xapi import video_telling
from xapi.scorm import telling
from xapi.scorm.seen import Answer, Left, Look, Outcome, Scene, Standing, Thing, Turn, Whole
from xapi.scorm.words import Verb

#: An attempt that is going on is looked at again after a minute; one that holds still after as long
#: as it has, and so much at most: some learners think, and some have gone for lunch.
LONGEST_WAIT: Final = timedelta(minutes=10)
#: How long one waits that could not be told of.
PUT_OFF: Final = timedelta(hours=1)
_LOCAL: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,11}")
_ENDINGS: Final = {"suspended": Verb.SUSPENDED, "finished": Verb.TERMINATED}


@dataclass(frozen=True)
class _Told:
    """What a look has come to."""

    statements: Sequence[dict[str, Any]]
    told: dict[str, Any]
    #: When something last came of the attempt.
    at: datetime
    #: Whether more may come of it by itself.
    is_open: bool


@dataclass(frozen=True)
class _Seen:
    """An attempt with what is said of all of them."""

    attempt: Attempt
    material: Material
    settings: Settings
    now: datetime

    @property
    def actor(self) -> dict[str, Any]:
        """Who learns: a key, for names of people do not go into the store."""
        name = str(self.attempt.owner.id)
        return own_statements.account(self.settings.office_origin, name)

    def iri(self, name: str) -> str:
        """Return what a part of the material is called; "" is the material itself."""
        return activity_id(self.settings.office_origin, self.material.id, name)

    def last_at(self, turned: Sequence[Mapping[str, Any]]) -> datetime:
        """Return when something last came of it."""
        at = self.attempt.committed_at or self.attempt.created_at
        return max([at, *(datetime.fromisoformat(each["at"]) for each in turned)])

    def is_over(self, at: datetime) -> bool:
        """Whether no launch can still bring anything, where the last has come at a moment."""
        lasts = timedelta(hours=self.settings.launch_hours)
        return self.attempt.ended_at is not None or self.now - at >= lasts


def due(session: Session, now: datetime, most: int) -> list[uuid.UUID]:
    """Return some of the attempts whose moment has come, those that wait longest first."""
    waiting = (
        sa.select(AttemptTold.attempt_id)
        .where(AttemptTold.next_at <= now)
        .order_by(AttemptTold.next_at, AttemptTold.attempt_id)
    )
    return list(session.scalars(waiting.limit(most)))


def claim(session: Session, attempt_id: uuid.UUID, now: datetime) -> AttemptTold | None:
    """Return an attempt that is due, locked; None where another hand has it or has told of it."""
    return session.scalars(
        sa.select(AttemptTold)
        .where(AttemptTold.attempt_id == attempt_id, AttemptTold.next_at <= now)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def put_off(session: Session, attempt_id: uuid.UUID, now: datetime) -> None:
    """Have an attempt wait that could not be told of, so that it keeps no other waiting."""
    session.execute(
        sa.update(AttemptTold)
        .where(AttemptTold.attempt_id == attempt_id)
        .values(next_at=now + PUT_OFF)
    )


def tell(session: Session, row: AttemptTold, settings: Settings, *, now: datetime) -> int:
    """Keep what is new of a claimed attempt, note that it is told, and return how much it was.

    Raises Invalid where a statement would not obey the rules: a fault of ours.
    """
    attempt, material = session.execute(
        sa.select(Attempt, Material)
        .join(LearnerRecord, LearnerRecord.id == Attempt.record_id)
        .join(Material, Material.id == LearnerRecord.material_id)
        .where(Attempt.id == row.attempt_id)
        .execution_options(populate_existing=True)
    ).one()
    seen_now = _Seen(attempt, material, settings, now)
    look = _video if queries.is_video(attempt) else _course
    found = look(session, seen_now, row)
    home_page = settings.office_origin
    own_statements.keep(session, found.statements, home_page=home_page, now=now)
    row.told, row.turns = found.told, []
    row.next_at = now + _wait(now - found.at) if found.is_open else None
    return len(found.statements)


def _wait(quiet: timedelta) -> timedelta:
    return min(max(quiet, turns.WAIT), LONGEST_WAIT)


def _course(session: Session, of: _Seen, row: AttemptTold) -> _Told:
    attempt = of.attempt
    course = queries.course(session, attempt.version_id)
    at = of.last_at(row.turns)
    ending = Verb.TERMINATED if attempt.ended_at else Verb.SUSPENDED
    look = Look(
        turns=[_turn(each) for each in row.turns],
        items=_standings(course, attempt.document.get("items", {})),
        whole=_whole(attempt),
        at=at,
        ending=ending if of.is_over(at) else None,
    )
    statements, told = telling.tell(_scene(of, course), look, row.told)
    return _Told(statements, told, at, is_open=bool(told["open"]))


def _scene(of: _Seen, course: Course) -> Scene:
    items = {name: Thing(of.iri(name), item.title) for name, item in course.items.items()}
    return Scene(
        registration=of.attempt.id,
        actor=of.actor,
        course=Thing(of.iri(""), of.material.title),
        items=items,
        is_2004=course.edition.is_2004,
    )


def _standings(course: Course, states: Mapping[str, Any]) -> dict[str, Standing]:
    return {
        name: Standing(
            Outcome(**turns.came_to(course.edition, states[name])),
            _answers(turns.answers(course.edition, states[name])),
            _ENDINGS.get(states[name]["session"]),
        )
        for name in course.items
        if name in states
    }


def _answers(told: Sequence[Mapping[str, Any]]) -> tuple[Answer, ...]:
    return tuple(
        Answer(**{**each, "correct": tuple(each["correct"]), "at": _zoned(each["at"])})
        for each in told
    )


def _zoned(at: str | None) -> str | None:
    """Return a time as content wrote it, by Japan's clocks where it says nothing of a zone.

    SCORM lets one follow a fraction of a second only, and most content writes none.
    """
    return f"{at}+09:00" if at and _LOCAL.fullmatch(at) else at


def _turn(noted: Mapping[str, Any]) -> Turn:
    left = noted.get("left")
    return Turn(
        at=datetime.fromisoformat(noted["at"]),
        item=noted.get("item"),
        entry=noted.get("entry", ""),
        left=_left(left) if left else None,
    )


def _left(noted: Mapping[str, Any]) -> Left:
    return Left(
        item=noted["item"],
        at=datetime.fromisoformat(noted["at"]),
        ending=Verb.SUSPENDED if noted["is_suspended"] else Verb.TERMINATED,
        outcome=Outcome(**noted["outcome"]),
        answers=_answers(noted["answers"]) if "answers" in noted else None,
    )


def _whole(attempt: Attempt) -> Whole:
    score = attempt.score
    return Whole(
        status=attempt.status,
        score=None if score is None else round(score / 100, 6),
        completed_at=attempt.completed_at,
        seconds=attempt.seconds,
    )


def _video(_session: Session, of: _Seen, row: AttemptTold) -> _Told:
    document, at = of.attempt.document, of.last_at(row.turns)
    watched = Watched.of(document)
    look = video_telling.Look(
        openings=[_opening(each) for each in row.turns],
        watched=_watched(document),
        at=at,
        completed_at=of.attempt.completed_at,
        is_playing=document.get("is_playing", False),
        is_over=of.is_over(at),
    )
    scene = video_telling.Scene(
        registration=of.attempt.id,
        actor=of.actor,
        id=of.iri(""),
        title=of.material.title,
        length=watched.duration,
        threshold=_threshold(watched),
    )
    statements, told = video_telling.tell(scene, look, row.told)
    return _Told(statements, told, at, is_open=bool(told["session"]))


def _opening(noted: Mapping[str, Any]) -> video_telling.Opening:
    at, left_at = (datetime.fromisoformat(noted[name]) for name in ("at", "left_at"))
    return video_telling.Opening(at, left_at, _watched(noted["left"]))


def _watched(document: Mapping[str, Any]) -> video_telling.Watched:
    played = tuple((start, stop) for start, stop in document["played"])
    return video_telling.Watched(document["position"], played, document["played_seconds"])


def _threshold(watched: Watched) -> float | None:
    """Return how much of a film is to be played, where that decides (Video Profile 1.0, 2.6.2)."""
    if watched.rule.completion == Completion.WHOLE:
        return 1.0
    return watched.rule.percent / 100 if watched.rule.completion == Completion.PERCENT else None
