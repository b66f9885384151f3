"""Reads of what was answered to a version of a test, over all its runs or in one; no names."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.learning.exams import queries as exams
from app.learning.exams.models import Sitting
from app.learning.records.models import LearnerRecord
from app.training.enrolment.models import Assignment, Enrolment
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from content_packages.questions.analysis import Figures, Sat, analyse, spread

#: Each person counts once: what a second sitting knows, the first one may have taught.
_FIRST = sa.and_(Sitting.submitted_at.is_not(None), Sitting.number == 1)


@dataclass(frozen=True)
class Sitters:
    """A version or a run of a test that somebody sat, and how many did."""

    key: uuid.UUID
    label: str
    number: int
    count: int


def versions(session: Session, material_id: uuid.UUID) -> list[Sitters]:
    """Return the versions of a test that were sat, the newest first."""
    rows = session.execute(
        sa.select(Version.id, sa.literal(""), Version.number, sa.func.count())
        .join(Sitting, Sitting.version_id == Version.id)
        .where(Version.material_id == material_id, _FIRST)
        .group_by(Version.id, Version.number)
        .order_by(Version.number.desc())
    )
    return [Sitters(*row) for row in rows]


def runs(session: Session, version_id: uuid.UUID) -> list[Sitters]:
    """Return the runs in which a version was sat, the newest first."""
    rows = session.execute(
        sa.select(Run.id, Training.title, Run.number, sa.func.count())
        .select_from(Sitting)
        .join(LearnerRecord, LearnerRecord.id == Sitting.record_id)
        .join(Assignment, Assignment.id == LearnerRecord.assignment_id)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Sitting.version_id == version_id, _FIRST)
        .group_by(Run.id, Training.title, Run.number, Run.learn_from)
        .order_by(Run.learn_from.desc(), Run.number.desc())
    )
    return [Sitters(*row) for row in rows]


@dataclass(frozen=True)
class Analysis:
    """What the sittings of a version have come to."""

    count: int
    #: How many of them are marked to the end, and passed.
    marked: int
    passed: int
    mean: float | None
    deviation: float | None
    #: How many scores lie in each ten of 0 to 100.
    spread: Sequence[int]
    figures: Sequence[Figures]


def analysis(session: Session, version_id: uuid.UUID, run_id: uuid.UUID | None) -> Analysis:
    """Return the figures of a version, over all runs or in one, in two statements."""
    query = sa.select(
        Sitting.drawn, Sitting.answers, Sitting.marks, Sitting.score, Sitting.is_passed
    ).where(Sitting.version_id == version_id, _FIRST)
    if run_id is not None:
        query = (
            query.join(LearnerRecord, LearnerRecord.id == Sitting.record_id)
            .join(Assignment, Assignment.id == LearnerRecord.assignment_id)
            .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
            .where(Enrolment.run_id == run_id)
        )
    rows = session.execute(query).all()
    scores = [row.score for row in rows if row.score is not None]
    sat = [Sat(row.drawn, row.answers, row.marks) for row in rows]
    return Analysis(
        count=len(rows),
        marked=len(scores),
        passed=sum(bool(row.is_passed) for row in rows),
        mean=fmean(scores) if scores else None,
        deviation=pstdev(scores) if scores else None,
        spread=spread(scores),
        figures=analyse(exams.paper(session, version_id), sat),
    )
