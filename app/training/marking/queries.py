"""Reads of sittings that a hand marks: by run, by person, the next one, and their essays."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel.errors import NotFound
from app.learning.exams.models import Sitting
from app.learning.marking import service as marking
from app.learning.records.models import LearnerRecord
from app.people.register.models import Person
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Assignment, Enrolment
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunItem, Training
from content_packages.questions.answers import said

_WAITS = sa.and_(Sitting.submitted_at.is_not(None), Sitting.score.is_(None))
_MARKED = sa.and_(Sitting.score.is_not(None), Sitting.marked_by.is_not(None))


def _joined(*columns: Any) -> sa.Select[Any]:
    """Return a query of sittings of runs, with these columns."""
    query: sa.Select[Any] = sa.select(*columns)
    return (
        query.select_from(Sitting)
        .join(LearnerRecord, LearnerRecord.id == Sitting.record_id)
        .join(Assignment, Assignment.id == LearnerRecord.assignment_id)
        .join(RunItem, RunItem.id == Assignment.run_item_id)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Material, Material.id == LearnerRecord.material_id)
    )


@dataclass(frozen=True)
class Waiting:
    """How many sittings of a run wait for a hand."""

    run_id: uuid.UUID
    title: str
    run_number: int
    count: int
    #: Since when the first one waits.
    since: datetime


def waiting(session: Session, visible: sa.ColumnElement[bool]) -> list[Waiting]:
    """Return the runs of the trainings that `visible` lets through, the longest waiting first."""
    since = sa.func.min(Sitting.submitted_at, type_=Sitting.submitted_at.type)
    rows = session.execute(
        _joined(Run.id, Training.title, Run.number, sa.func.count(Sitting.id), since)
        .where(_WAITS, visible)
        .group_by(Run.id, Training.title, Run.number)
        .order_by(since)
    )
    return [Waiting(*row) for row in rows]


def count(session: Session, visible: sa.ColumnElement[bool]) -> int:
    """Return how many sittings wait for a hand."""
    return session.scalar(_joined(sa.func.count(Sitting.id)).where(_WAITS, visible)) or 0


@dataclass(frozen=True)
class Line:
    """One sitting in the list of a run."""

    sitting_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    material: str
    sitting_number: int
    submitted_at: datetime
    score: float | None
    is_passed: bool | None


def lines(
    run_id: uuid.UUID, day: date, reached: sa.ColumnElement[bool], *, is_marked: bool
) -> sa.Select[Any]:
    """Return the query of a run's sittings that wait, or were marked, with the columns of `Line`.

    `reached` is, here and below, the condition on `Person` that whoever asks looks after them.
    """
    return (
        _people(
            day,
            Sitting.id,
            Person.id,
            Person.name,
            newest_number(Person.id),
            SectionVersion.name,
            Material.title,
            Sitting.number,
            Sitting.submitted_at,
            Sitting.score,
            Sitting.is_passed,
        )
        .where(Run.id == run_id, reached, _MARKED if is_marked else _WAITS)
        .order_by(Sitting.submitted_at, Sitting.id)
    )


def _people(day: date, *columns: Any) -> sa.Select[Any]:
    """Return the same with whose they are, and the section that they were enrolled from."""
    return (
        _joined(*columns)
        .join(Person, Person.id == Sitting.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(day))
    )


def next_waiting(
    session: Session, run_id: uuid.UUID, after: Sitting, reached: sa.ColumnElement[bool]
) -> uuid.UUID | None:
    """Return the sitting of a run that waits after another, or else the first one."""
    is_before = sa.case((Sitting.submitted_at < after.submitted_at, 1), else_=0)
    found: uuid.UUID | None = session.scalar(
        _joined(Sitting.id)
        .join(Person, Person.id == Sitting.person_id)
        .where(Run.id == run_id, reached, _WAITS, Sitting.id != after.id)
        .order_by(is_before, Sitting.submitted_at, Sitting.id)
        .limit(1)
    )
    return found


@dataclass(frozen=True)
class Place:
    """Where a sitting belongs."""

    run_id: uuid.UUID
    training_id: uuid.UUID
    title: str
    run_number: int
    material: str
    name: str
    number: str


def place(session: Session, sitting_id: uuid.UUID) -> Place:
    """Return whose sitting it is, and of which run; raises NotFound for one of no run."""
    number = newest_number(Person.id)
    run = (Run.id, Training.id, Training.title, Run.number)
    row = session.execute(
        _joined(*run, Material.title, Person.name, number)
        .join(Person, Person.id == Sitting.person_id)
        .where(Sitting.id == sitting_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Place(*row)


@dataclass(frozen=True)
class Essay:
    """One essay of a run: a row of the CSV."""

    person_id: uuid.UUID
    number: str
    name: str
    section: str
    material: str
    sitting_number: int
    place: int
    question: str
    answer: str
    points: float | None
    most: float


def essays(
    session: Session, run_id: uuid.UUID, day: date, reached: sa.ColumnElement[bool]
) -> Iterator[Essay]:
    """Yield every essay that was handed in in a run, in two statements and one a paper."""
    rows = session.execute(
        _people(
            day,
            Sitting,
            Person.id,
            Person.name,
            newest_number(Person.id),
            SectionVersion.name,
            Material.title,
        )
        .where(Run.id == run_id, reached, Sitting.submitted_at.is_not(None))
        .order_by(Material.title, *sections.ORDER, Person.id, Sitting.number)
    )
    for sitting, person_id, name, number, section, material in rows:
        for at, question in marking.for_hand(session, sitting):
            yield Essay(
                person_id, number, name, section, material, sitting.number, at, question.text,
                said(question, sitting.answers.get(question.id)),
                sitting.marks.get(question.id), question.points,
            )  # fmt: skip
