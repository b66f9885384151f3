"""A unit waived on the office's behalf; the record, and all that follows from it, as by content."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.learning.courses import queries as courses
from app.learning.records.models import Attempt
from app.learning.sessions import service as sessions
from app.learning.sessions.service import Place
from xapi.cmi5 import standing
from xapi.cmi5.course import said


def newest(session: Session, record_id: uuid.UUID) -> Attempt:
    """Return the attempt at a course that goes on. Raises Refused("nothing_to_waive")."""
    query = sa.select(Attempt).where(Attempt.record_id == record_id, Attempt.ended_at.is_(None))
    found = session.scalars(query).one_or_none()
    if found is None or not courses.is_course(found):
        raise Refused("nothing_to_waive")
    return found


def open_units(session: Session, attempt: Attempt) -> list[tuple[str, str]]:
    """Return the units that are not satisfied, by key and title."""
    course = courses.course(session, attempt.version_id)
    return [
        (unit.key, said(unit.title))
        for unit in course.units
        if not standing.is_satisfied(unit, attempt.document)
    ]


def waive(
    session: Session, attempt: Attempt, key: str, reason: str, *, by: Actor, place: Place
) -> None:
    """Have a unit count as done. Raises Refused("nothing_to_waive") where it does already."""
    titles = dict(open_units(session, attempt))
    unit = courses.course(session, attempt.version_id).unit(key)
    if unit is None or key not in titles:
        raise Refused("nothing_to_waive")
    people = attempt.owner.people
    sessions.waive(session, attempt.id, unit, reason, place)
    _record(session, attempt.id, by, place.now, unit=titles[key], reason=reason, people=people)


def _record(
    session: Session, attempt_id: uuid.UUID, by: Actor, now: datetime, **details: object
) -> None:
    subject = ("attempt", attempt_id)
    audit.record(
        session, "attempt.waived", by=by.person_id, now=now, subject=subject, details=details
    )
