"""Sessions opened, listened to, and ended: what content says becomes how far its learner is.

An attempt is locked, with its record, before anything of its sessions is read: whoever says
something in it waits for whoever is ahead, and no verdict is given on what is half true.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.db import insert_new, new_id
from app.kernel.errors import Forbidden, NotFound
from app.kernel.hashing import hashed
from app.learning.attempts import access
from app.learning.courses import queries as courses
from app.learning.own_statements import service as own_statements
from app.learning.records import service as records
from app.learning.records.models import Attempt
from app.learning.sessions import queries
from app.learning.sessions.models import Ending, XapiPreparation, XapiSession
from scorm import duration
from xapi.cmi5 import session as rules
from xapi.cmi5 import standing, statements, tincan_session
from xapi.cmi5.course import Course, Unit
from xapi.cmi5.session import Held
from xapi.cmi5.words import Verb

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where the office is, as statements name it, and the moment."""

    home_page: str
    now: datetime


@dataclass
class Work:
    """An attempt at a course, locked, with what it holds."""

    session: Session
    attempt: Attempt
    course: Course
    place: Place
    told_at: datetime | None
    #: What we have to say of it, once what led to it is kept.
    ours: list[Said]

    @classmethod
    def on(cls, session: Session, attempt_id: uuid.UUID, place: Place) -> Work:
        """Lock an attempt. Raises NotFound for one of another kind."""
        attempt, told_at = access.locked(session, attempt_id)
        course = courses.course(session, attempt.version_id)
        return cls(session, attempt, course, place, told_at, [])

    @property
    def document(self) -> dict[str, Any]:
        """Return what is known of the attempt."""
        return self.attempt.document

    def begin(self, actor: Said) -> None:
        """Have a new attempt know its learner, and what is satisfied from the start (9.6.1)."""
        if not self.document:
            self.attempt.document = {
                "kind": courses.KIND, "actor": dict(actor), **standing.fresh()
            }  # fmt: skip
            self.satisfy(new_id())

    def satisfy(self, session_id: uuid.UUID) -> None:
        """Say what has become satisfied, in the session that led to it (9.3.9)."""
        if self.course.scheme == "tincan":
            standing.newly_satisfied(self.course, self.document)
            return
        for node in standing.newly_satisfied(self.course, self.document):
            iri = courses.iri_of(self.session, self.attempt.version_id, node, self.place.home_page)
            said = statements.satisfied(
                node, iri, self.place.now, registration=str(self.attempt.id),
                actor=self.document["actor"], session_id=str(session_id),
            )  # fmt: skip
            self.ours.append(said)

    def of(self, row: XapiSession) -> statements.Session:
        """Return a session as statements tell it."""
        unit = self.course.unit(row.unit)
        assert unit is not None  # a version never changes
        iri = courses.iri_of(self.session, self.attempt.version_id, unit, self.place.home_page)
        registration, actor = str(self.attempt.id), self.document["actor"]
        return statements.Session(str(row.id), registration, actor, unit, iri, row.mode)

    def conclude(self) -> None:
        """Derive the attempt and its record from the document, and say what we have to say."""
        self._tell()
        now = self.place.now
        whole = standing.whole(self.course, self.document)
        begun = bool(self.document["units"])
        is_news = records.settle(self.attempt, whole, now, is_begun=begun)
        access.write(self.session, self.attempt)
        is_due = records.is_due(self.told_at, now)
        if self.attempt.record_id is not None and (is_news or is_due):
            records.sum_up(self.session, self.attempt.record_id, now)

    def _tell(self) -> None:
        own_statements.keep(
            self.session, self.ours, home_page=self.place.home_page, now=self.place.now
        )
        self.ours = []


def open_session(work: Work, row: XapiSession, launch_url: str) -> statements.Session:
    """Begin a session: what went on before is abandoned, and the launch is told (9.3.1, 9.3.6)."""
    for other in queries.going_on(work.session, work.attempt.id):
        _abandon(work, other)
    work.session.add(row)
    work.session.flush()
    standing.noted(work.document, row.unit)["is_begun"] = True
    found = work.of(row)
    if work.course.scheme == "cmi5":
        work.ours.append(statements.launched(found, work.place.now, launch_url=launch_url))
    return found


def give_token(session: Session, key: str, now: datetime) -> tuple[uuid.UUID, str | None]:
    """Return the session that a fetch URL opens, and its token: once (8.2.3.1), None after that.

    Raises NotFound where it opens none.
    """
    row = queries.by_fetch(session, hashed(key))
    if row is None:
        raise NotFound
    if row.token_hash is not None or row.ended_at is not None or now >= row.expires_at:
        return row.id, None
    return row.id, new_token(row)


def new_token(row: XapiSession) -> str:
    """Give a session a token, and return its secret: 256 random bits."""
    secret = secrets.token_urlsafe(32)
    row.token_hash = hashed(secret)
    return secret


def note_preferences_read(session: Session, session_id: uuid.UUID) -> None:
    """Note that content has read what its learner likes, as it must first of all (11.0)."""
    if session.get(XapiPreparation, session_id) is None:
        insert_new(session, XapiPreparation, session_id=session_id)


def take(session: Session, session_id: uuid.UUID, said: Sequence[Said], place: Place) -> Work:
    """Judge what content says that is not there yet, and note what comes of it.

    Whoever keeps the statements has what is returned `conclude` after that. Raises
    Forbidden("session_over") and `rules.Breach`.
    """
    row = queries.one(session, session_id)
    work = Work.on(session, row.attempt_id, place)
    session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise Forbidden("session_over")
    for each in said:
        _take(work, row, each)
    if place.now > (row.until_at or place.now) and work.attempt.late_at is None:
        work.attempt.late_at = place.now
    work.attempt.committed_at = row.last_at = place.now
    return work


def _take(work: Work, row: XapiSession, said: Said) -> None:
    held = _held(work, row)
    if work.course.scheme == "tincan":
        verb = tincan_session.judge(said, held)
        standing.take(work.document, row.unit, verb, said)
        work.satisfy(row.id)
        return
    verb = rules.judge(said, held)
    if verb is not None:
        row.said = [*row.said, verb.value]
    if verb == Verb.INITIALIZED:
        row.initialized_at = work.place.now
    if row.mode == "Normal":
        standing.take(work.document, row.unit, verb, said)
    if verb == Verb.TERMINATED:
        seconds = standing.seconds_of(said["result"]["duration"])
        _end(work, row, Ending.TERMINATED, seconds)
    work.satisfy(row.id)


def _held(work: Work, row: XapiSession) -> Held:
    found = work.of(row)
    known = standing.of(work.document, row.unit)
    return Held(
        actor=found.actor,
        activity_id=found.activity_id,
        publisher_id=found.unit.id,
        registration=found.registration,
        session_id=found.id,
        mode=row.mode,
        mastery_score=found.unit.mastery_score,
        is_prepared=work.session.get(XapiPreparation, row.id) is not None,
        said=frozenset(row.said),
        is_completed=known["is_completed"],
        is_passed=known["is_passed"],
    )


def _end(work: Work, row: XapiSession, how: Ending, seconds: float) -> None:
    """End a session; of its time no more counts than the clock has counted since its launch."""
    now = work.place.now
    row.ended_at, row.ending = now, how
    most = (now - row.launched_at).total_seconds()
    standing.noted(work.document, row.unit)["seconds"] += max(0.0, min(seconds, most))


def _abandon(work: Work, row: XapiSession) -> None:
    """End a session without its content's last word (9.3.6)."""
    spent = (row.last_at or row.launched_at) - row.launched_at
    _end(work, row, Ending.ABANDONED, spent.total_seconds())
    if work.course.scheme == "cmi5":
        length = duration.format_iso_8601(int(spent / timedelta(milliseconds=10)))
        work.ours.append(statements.abandoned(work.of(row), work.place.now, duration=length))


def abandon(session: Session, session_id: uuid.UUID, place: Place) -> None:
    """End a session by our own word; one that is over stays as it is. Raises NotFound."""
    row = queries.one(session, session_id)
    work = Work.on(session, row.attempt_id, place)
    session.refresh(row, with_for_update=True)
    if row.ended_at is None:
        _abandon(work, row)
        work.conclude()


def waive(session: Session, attempt_id: uuid.UUID, unit: Unit, reason: str, place: Place) -> None:
    """Have a unit count as done by other means; once for each registration (9.3.7).

    Waiving again changes nothing. Raises NotFound.
    """
    work = Work.on(session, attempt_id, place)
    known = standing.noted(work.document, unit.key)
    if known["waived"] is not None:
        return
    known["waived"] = reason
    iri = courses.iri_of(session, work.attempt.version_id, unit, place.home_page)
    session_id = new_id()
    if work.course.scheme == "cmi5":
        told = statements.Session(
            str(session_id), str(attempt_id), work.document["actor"], unit, iri, "Normal"
        )
        work.ours.append(statements.waived(told, place.now, reason=reason))
    work.satisfy(session_id)
    work.conclude()
