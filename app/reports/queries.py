"""Reads of reports: who of a run has and who has not, and what one person has taken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel.csv import is_encodable
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.people.register.models import Person, Title
from app.people.register.queries import is_called, newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.queries import progress, still_counted
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunItem, Training


@dataclass(frozen=True)
class SectionLine:
    """How far the people of one section are; those whose enrolment was revoked are not counted."""

    section: str
    total: int
    completed: int
    in_progress: int
    not_started: int


@dataclass(frozen=True)
class PersonLine:
    """How far one person of a run is."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    title: str
    standing: str
    result: str
    components: int
    done: int
    score: float | None
    seconds: float
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True)
class FileLine:
    """How far one person of a run is with one of its materials: a row of the CSV."""

    person_id: uuid.UUID
    number: str
    name: str
    section: str
    title: str
    material: str
    enrolment: str
    status: str
    score: float | None
    seconds: float
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True)
class HistoryLine:
    """One material that somebody took, and what came of it."""

    record_id: uuid.UUID
    training: str
    run_number: int
    learn_until: date
    material: str
    status: str
    score: float | None
    seconds: float
    started_at: datetime | None
    completed_at: datetime | None


def by_section(
    session: Session,
    run_id: uuid.UUID,
    day: date,
    reached: sa.ColumnElement[bool],
    *,
    is_present: bool = False,
) -> list[SectionLine]:
    """Return the summary of a run by the sections of its enrolments, in one statement.

    By the organisation of the time: each section that somebody was enrolled from. `is_present`
    adds those that have ended to the one that follows them; where several do, or none, they stay.
    `reached` is, here and below, the condition on `Person` that whoever asks may see them in it.
    """
    rows = progress(Enrolment.run_id == run_id, Enrolment.state.in_(SEATED))

    def standing(value: str) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((rows.c.standing == value, 1)))

    found = session.execute(
        sa.select(
            Section.id,
            SectionVersion.name,
            sa.func.count(),
            standing(RecordStatus.COMPLETED),
            standing(RecordStatus.IN_PROGRESS),
            standing(RecordStatus.NOT_STARTED),
        )
        .select_from(Section)
        .join(rows, rows.c.section_id == Section.id)
        .join(Person, Person.id == rows.c.person_id)
        .join(SectionVersion, sections.version_on(day))
        .where(reached, still_counted(rows, day))
        .group_by(Section.id, SectionVersion.id)
        .order_by(*sections.ORDER)
    ).all()
    if not is_present:
        return [SectionLine(*row[1:]) for row in found]
    return _by_present_section(session, found, day)


def _by_present_section(
    session: Session, found: Sequence[Sequence[Any]], day: date
) -> list[SectionLine]:
    after = {key: follow[0] for key, follow in sections.successors(session, day).items()
             if len(follow) == 1}  # fmt: skip
    names = {place.id: place.name for place in sections.present(session, day)}
    order = {key: count for count, key in enumerate(names)}
    sums: dict[uuid.UUID, list[int]] = {}
    told: dict[uuid.UUID, str] = {}
    for section_id, name, *counts in found:
        key = after.get(section_id, section_id)
        told[key] = names.get(key, name)
        sums[key] = [a + b for a, b in zip(sums.get(key, [0] * 4), counts, strict=True)]
    ordered = sorted(sums, key=lambda key: (order.get(key, len(order)), told[key]))
    return [SectionLine(told[key], *sums[key]) for key in ordered]


def people(
    run_id: uuid.UUID,
    day: date,
    reached: sa.ColumnElement[bool],
    *,
    standing: str = "",
    words: str = "",
) -> sa.Select[Any]:
    """Return the query of who has and who has not, with the columns of `PersonLine`."""
    rows = progress(Enrolment.run_id == run_id, Enrolment.state.in_(SEATED))
    number = newest_number(Person.id)
    query = (
        sa.select(
            rows.c.enrolment_id,
            Person.id,
            Person.name,
            number.label("number"),
            SectionVersion.name,
            Title.name,
            rows.c.standing,
            rows.c.result,
            rows.c.components,
            rows.c.done,
            rows.c.score,
            rows.c.seconds,
            rows.c.started_at,
            rows.c.completed_at,
        )
        .join(Person, Person.id == rows.c.person_id)
        .join(Section, Section.id == rows.c.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Title, Title.id == rows.c.title_id)
        .where(reached, still_counted(rows, day))
        .order_by(*sections.ORDER, Title.rank_order, sa.text("number"), Person.id)
    )
    if standing:
        query = query.where(rows.c.standing == standing)
    if words:
        query = query.where(is_called(words, number))
    return query


def lines(
    session: Session,
    run_id: uuid.UUID,
    day: date,
    reached: sa.ColumnElement[bool],
    standing: str = "",
) -> list[FileLine]:
    """Return the rows of a run's CSV, one a person and material, in one statement."""
    query = _lines(day).where(Enrolment.run_id == run_id, reached)
    if standing:
        rows = progress(Enrolment.run_id == run_id)
        query = query.join(rows, rows.c.enrolment_id == Enrolment.id).where(
            rows.c.standing == standing, still_counted(rows, day)
        )
    return [FileLine(*row) for row in session.execute(query)]


def _lines(day: date) -> sa.Select[Any]:
    """Return the query of everybody's rows, with the columns of `FileLine`."""
    return cast(
        "sa.Select[Any]",
        sa.select(
            Person.id,
            newest_number(Person.id).label("number"),
            Person.name,
            SectionVersion.name,
            Title.name,
            sa.func.coalesce(Material.title, ""),
            Enrolment.state,
            sa.func.coalesce(LearnerRecord.status, RecordStatus.NOT_STARTED.value),
            LearnerRecord.score,
            sa.func.coalesce(LearnerRecord.seconds, 0.0),
            LearnerRecord.started_at,
            LearnerRecord.completed_at,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Title, Title.id == Enrolment.title_id)
        .outerjoin(Assignment, Assignment.enrolment_id == Enrolment.id)
        .outerjoin(RunItem, RunItem.id == Assignment.run_item_id)
        .outerjoin(Material, Material.id == RunItem.material_id)
        .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .order_by(
            *sections.ORDER,
            Title.rank_order,
            sa.text("number"),
            Person.id,
            RunItem.position,
        ),
    )


def unencodable(session: Session, run_id: uuid.UUID, reached: sa.ColumnElement[bool]) -> int:
    """Return how many people of a run have a name that CP932 cannot hold, in one statement."""
    names = session.scalars(
        sa.select(Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.run_id == run_id, reached)
    )
    return sum(not is_encodable(name) for name in names)


def history(
    session: Session, person_id: uuid.UUID, *conditions: sa.ColumnElement[bool]
) -> list[HistoryLine]:
    """Return what somebody has taken, the last one first, in one statement."""
    rows = session.execute(_history().where(LearnerRecord.person_id == person_id, *conditions))
    return [HistoryLine(*row) for row in rows]


def history_line(session: Session, record_id: uuid.UUID) -> HistoryLine | None:
    """Return the one line of a record; None for one that belongs to no run."""
    row = session.execute(_history().where(LearnerRecord.id == record_id)).one_or_none()
    return HistoryLine(*row) if row else None


def _history() -> sa.Select[Any]:
    found = (
        sa.select(
            LearnerRecord.id,
            Training.title,
            Run.number,
            Run.learn_until,
            Material.title,
            LearnerRecord.status,
            LearnerRecord.score,
            LearnerRecord.seconds,
            LearnerRecord.started_at,
            LearnerRecord.completed_at,
        )
        .join(Assignment, Assignment.id == LearnerRecord.assignment_id)
        .join(Enrolment, Enrolment.id == Assignment.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(Material, Material.id == LearnerRecord.material_id)
        .order_by(LearnerRecord.started_at.desc(), LearnerRecord.id.desc())
    )
    return cast("sa.Select[Any]", found)
