"""Reads of courses that speak xAPI: what a version holds, who learns, and how far they are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.outlines.queries import COURSES
from app.kernel.errors import NotFound
from app.learning.activity_ids.service import activity_id
from app.learning.records.models import Attempt
from app.learning.records.states import status_of
from xapi.cmi5 import course as courses
from xapi.cmi5 import standing
from xapi.cmi5.course import Block, Course, Unit

#: What the document of an attempt at such a course calls its kind.
KIND: Final = "course"
#: Courses by version: a version never changes, and statements come one by one.
_courses: dict[uuid.UUID, tuple[uuid.UUID, Course]] = {}
_MOST_COURSES: Final = 500


def course(session: Session, version_id: uuid.UUID) -> Course:
    """Return the course of a version. Raises NotFound for one of another kind."""
    return _of(session, version_id)[1]


def _of(session: Session, version_id: uuid.UUID) -> tuple[uuid.UUID, Course]:
    if version_id not in _courses:
        version = session.get_one(Version, version_id)
        if version.edition not in COURSES:
            raise NotFound
        if len(_courses) >= _MOST_COURSES:
            _courses.clear()
        _courses[version_id] = version.material_id, courses.from_document(version.manifest)
    return _courses[version_id]


def iri_of(session: Session, version_id: uuid.UUID, node: Course | Block | Unit, home: str) -> str:
    """Return what statements call a part of a version's course.

    cmi5 has us make a name of our own (8.1.5, 9.4); before it packages named their parts.
    """
    material_id, whole = _of(session, version_id)
    return node.id if whole.scheme == "tincan" else activity_id(home, material_id, node.id)


def is_course(attempt: Attempt) -> bool:
    """Whether an attempt is at such a course: its document says so from its first launch on."""
    return attempt.document.get("kind") == KIND


def attempt(session: Session, attempt_id: uuid.UUID) -> Attempt:
    """Return an attempt at such a course. Raises NotFound."""
    found = session.get(Attempt, attempt_id)
    if found is None or not is_course(found):
        raise NotFound
    return found


def standing_of(session: Session, attempt: Attempt) -> dict[str, Any]:
    """Return how far a learner is, as the course's page is told."""
    whole = course(session, attempt.version_id)
    return {
        "statuses": statuses(whole, attempt.document),
        "done": standing.WHOLE in attempt.document["satisfied"],
    }


def statuses(whole: Course, document: Mapping[str, Any]) -> dict[str, str]:
    """Return the status of each unit, for the player's outline."""
    found = standing.outcomes(whole, document)
    return {
        key: status_of(one, begun=standing.of(document, key)["is_begun"])
        for key, one in found.items()
    }
