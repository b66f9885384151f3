"""Reads of tests: what one is, how somebody stands with it, and what a sitting was asked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.learning.exams.models import Sitting
from app.learning.records.models import LearnerRecord
from app.learning.records.states import DONE
from content_packages.questions import paper as papers
from content_packages.questions.answers import is_answered, right, said
from content_packages.questions.item import MARKER, Question
from content_packages.questions.paper import Asked, Feedback, Paper, Rules

#: How long after its end a sitting still takes answers that were on their way.
GRACE = timedelta(seconds=60)
#: Papers by version: what was published never changes, and each saving asks for its paper.
_papers: dict[uuid.UUID, Paper] = {}
_MOST_PAPERS = 200


def paper(session: Session, version_id: uuid.UUID) -> Paper:
    """Return the paper of a published version."""
    if version_id not in _papers:
        if len(_papers) >= _MOST_PAPERS:
            _papers.clear()
        _papers[version_id] = Paper.of(session.get_one(Version, version_id).document)
    return _papers[version_id]


def published(session: Session, material_id: uuid.UUID) -> Version | None:
    """Return the version that a new sitting takes; None where there is none."""
    return session.scalars(
        sa.select(Version).where(
            Version.material_id == material_id, Version.state == VersionState.PUBLISHED
        )
    ).one_or_none()


def sittings(session: Session, record_id: uuid.UUID) -> Sequence[Sitting]:
    """Return the sittings of a record, the newest first."""
    return session.scalars(
        sa.select(Sitting).where(Sitting.record_id == record_id).order_by(Sitting.number.desc())
    ).all()


def is_over(sitting: Sitting, now: datetime) -> bool:
    """Whether the time of a sitting is over; what was on its way is still taken for a while."""
    return sitting.ends_at is not None and now >= sitting.ends_at


def takes_answers(sitting: Sitting, now: datetime) -> bool:
    """Whether answers still count."""
    is_late = sitting.ends_at is not None and now >= sitting.ends_at + GRACE
    return sitting.submitted_at is None and not is_late


def left(rules: Rules, record: LearnerRecord, used: int) -> int | None:
    """Return how many more sittings there may be; None where nothing limits them."""
    if rules.attempts is None:
        return None
    return max(0, rules.attempts + record.extra_sittings - used)


@dataclass(frozen=True)
class Exam:
    """A test as somebody stands before it."""

    title: str
    rules: Rules
    #: How many questions a sitting asks, and the points they are worth, where all are the same.
    count: int
    sittings: Sequence[Sitting]
    left: int | None
    #: The sitting that is open; None where the next one is another.
    open: Sitting | None


def exam(session: Session, record: LearnerRecord) -> Exam | None:
    """Return the test of a record; None where it is none, and while it cannot be sat yet."""
    material = session.get_one(Material, record.material_id)
    if material.kind != MaterialKind.EXAM:
        return None
    sat = sittings(session, record.id)
    version = published(session, record.material_id)
    version_id = version.id if version else sat[0].version_id if sat else None
    if version_id is None:
        return None
    found = paper(session, version_id)
    return Exam(
        title=material.title,
        rules=found.rules,
        count=sum(_asked(each) for each in found.sections),
        sittings=sat,
        left=left(found.rules, record, len(sat)),
        open=sat[0] if sat and sat[0].submitted_at is None else None,
    )


def _asked(section: papers.Section) -> int:
    whole = len(section.questions)
    return whole if section.count is None else min(section.count, whole)


def asked(session: Session, sitting: Sitting) -> list[Asked]:
    """Return what a sitting is asked, section by section, as it is shown to who sits."""
    return papers.asked(paper(session, sitting.version_id), sitting.drawn, sitting.seed)


def unanswered(session: Session, sitting: Sitting) -> list[int]:
    """Return the places, from 1, of the questions without an answer."""
    questions = paper(session, sitting.version_id).questions
    return [
        place
        for place, name in enumerate(sitting.drawn, 1)
        if not is_answered(questions[name], sitting.answers.get(name))
    ]


def shows_answers(
    rules: Rules, sitting: Sitting, record: LearnerRecord, used: int, *, is_closed: bool
) -> bool:
    """Whether explanations and right answers are shown; `is_closed`: it can be sat no more."""
    if sitting.submitted_at is None or rules.feedback is Feedback.NEVER:
        return False
    if rules.feedback is Feedback.EACH or sitting.is_passed or record.status in DONE:
        return True
    is_last = is_closed or left(rules, record, used) == 0
    return rules.feedback is Feedback.OVER and is_last


@dataclass(frozen=True)
class Marked:
    """One question of a sitting with what came of it."""

    place: int
    question: Question
    #: What is asked, as people read it.
    text: str
    #: The answer as people read it; empty where there is none.
    said: str
    #: The right answer as people read it; empty for an essay.
    right: str
    #: None while a hand has still to give them.
    points: float | None


def marked(session: Session, sitting: Sitting) -> list[Marked]:
    """Return the questions of a sitting in their order, with what came of each."""
    questions = paper(session, sitting.version_id).questions
    return told([questions[name] for name in sitting.drawn], sitting.answers, sitting.marks)


def told(
    questions: Sequence[Question],
    answers: Mapping[str, object],
    marks: Mapping[str, float | None],
) -> list[Marked]:
    """Return questions in their order, with the answers and what they earned."""
    return [
        Marked(
            place,
            each,
            MARKER.sub(r"［\1］", each.text),
            said(each, answers.get(each.id)),
            right(each),
            marks.get(each.id),
        )
        for place, each in enumerate(questions, 1)
    ]


def overdue(session: Session, now: datetime, most: int = 500) -> Sequence[uuid.UUID]:
    """Return the open sittings whose time, and what was on its way in it, is over."""
    return session.scalars(
        sa.select(Sitting.id)
        .where(Sitting.submitted_at.is_(None), Sitting.ends_at <= now - GRACE)
        .order_by(Sitting.ends_at)
        .limit(most)
    ).all()
