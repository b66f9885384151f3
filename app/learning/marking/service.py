"""Marking by hand: points for essays, given and given again; the record follows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Refused
from app.learning.exams import queries, service
from app.learning.exams.models import Sitting
from content_packages.questions import marking
from content_packages.questions.item import Question

#: What points are given in.
STEP = 0.5


def for_hand(session: Session, sitting: Sitting) -> list[tuple[int, Question]]:
    """Return the questions of a sitting that a hand marks, each with its place from 1."""
    questions = queries.paper(session, sitting.version_id).questions
    return [
        (place, questions[name])
        for place, name in enumerate(sitting.drawn, 1)
        if marking.points(questions[name], sitting.answers.get(name)) is None
    ]


def is_sound(points: float, question: Question) -> bool:
    """Whether so many points can be given for a question: all of them, or a number of steps."""
    return points == question.points or (
        0 <= points <= question.points and (points / STEP).is_integer()
    )


def mark(
    session: Session,
    sitting_id: uuid.UUID,
    points: Mapping[str, float],
    *,
    by: Actor,
    now: datetime,
) -> Sitting:
    """Give points for questions that a hand marks; those given before are given anew.

    Raises Conflict("sitting_open") before it was handed in, and Refused("points_wrong").
    """
    row = service.held(session, sitting_id)
    if row.submitted_at is None:
        raise Conflict("sitting_open")
    known = {question.id: question for _, question in for_hand(session, row)}
    if not all(name in known and is_sound(given, known[name]) for name, given in points.items()):
        raise Refused("points_wrong")
    before = row.score, _told(row, points)
    row.marks = {**row.marks, **points}
    row.marked_by = by.person_id
    service.score(session, row, now)
    service.conclude(session, row.record_id, now)
    audit.record(
        session,
        "sitting.marked",
        by=by.person_id,
        now=now,
        subject=("sitting", row.id),
        details={
            "people": [str(row.person_id)],
            "score": [before[0], row.score],
            "points": [before[1], _told(row, points)],
        },
    )
    return row


def _told(row: Sitting, names: Mapping[str, float]) -> str:
    """Return the points of some questions by their places, as the audit tells them: 3: 2.5."""
    given = [
        f"{place}: {row.marks[name]:g}"
        for place, name in enumerate(row.drawn, 1)
        if name in names and row.marks.get(name) is not None
    ]
    return ", ".join(given)
