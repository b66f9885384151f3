"""Reads for 受講率: who has completed an offering and who has not, by section, and when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.records.models import LearnerRecord
from app.people.permission.queries import is_here
from app.people.register.models import Person
from app.people.register.queries import excluded_on
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.reports.branches import Tree
from app.reports.spans import Span
from app.reports.standing import UNFINISHED, is_held, people_on
from app.training.decisions.models import Decision
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training


@dataclass(frozen=True)
class Counts:
    """How many have completed what they are to take, and how many have not."""

    done: int = 0
    left: int = 0
    exempted: int = 0
    #: Not done, and asked to take nothing today (受講対象外期間).
    away: int = 0

    @property
    def asked(self) -> int:
        """Those by whom the rate is counted."""
        return self.done + self.left

    @property
    def total(self) -> int:
        """All whom it is meant for."""
        return self.asked + self.exempted + self.away

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.done + other.done,
            self.left + other.left,
            self.exempted + other.exempted,
            self.away + other.away,
        )


@dataclass(frozen=True)
class OfferingLine:
    """One offering of a year, with how far its people are."""

    offering_id: uuid.UUID
    title: str
    obligation: str
    #: The last day of its last run.
    learn_until: date
    counts: Counts


@dataclass(frozen=True)
class HeldRun:
    """One run of an offering."""

    id: uuid.UUID
    number: int
    learn_from: date
    learn_until: date


@dataclass(frozen=True)
class SectionCounts:
    """The people of one section in one run."""

    run_id: uuid.UUID
    section_id: uuid.UUID
    counts: Counts


@dataclass(frozen=True)
class SectionLine:
    """A section of the tree, with all below it."""

    name: str
    depth: int
    counts: Counts
    #: Time that they have spent with its materials.
    seconds: float


def _counts(day: date) -> tuple[sa.ColumnElement[int], ...]:
    """Return the columns of `Counts`, over `Enrolment`; who has left is not waited for."""
    left = Enrolment.person_id.in_(sa.select(Person.id).where(sa.not_(is_here(day))))
    away = Enrolment.person_id.in_(excluded_on(day))
    waited_for = sa.and_(Enrolment.state.in_(UNFINISHED), sa.not_(left))

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.count(sa.case((condition, 1)))

    return (
        count(Enrolment.state == EnrolmentState.COMPLETED),
        count(sa.and_(waited_for, sa.not_(away))),
        count(Enrolment.state == EnrolmentState.EXEMPTED),
        count(sa.and_(waited_for, away)),
    )


def _enrolments(*columns: Any) -> sa.Select[Any]:
    found = (
        sa.select(*columns)
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
    )
    return cast("sa.Select[Any]", found)


def overview(
    session: Session, span: Span, year: int, obligation: str, day: date
) -> list[OfferingLine]:
    """Return the offerings of a year whose people may be read of, in one statement.

    By their last day, the next one first. `obligation` narrows them, where it says anything.
    """
    until = sa.func.max(Run.learn_until)
    query = (
        _enrolments(Offering.id, Training.title, Offering.obligation, until, *_counts(day))
        .where(Offering.fiscal_year == year, is_held(day), span.of(Enrolment.person_id, day))
        .group_by(Offering.id, Training.id)
        .order_by(until, Training.title)
    )
    if obligation:
        query = query.where(Offering.obligation == obligation)
    return [
        OfferingLine(row[0], row[1], row[2], row[3], Counts(*row[4:]))
        for row in session.execute(query)
    ]


def held_runs(session: Session, offering_id: uuid.UUID, day: date) -> list[HeldRun]:
    """Return the runs of an offering that are held, or were, by their number."""
    rows = session.execute(
        sa.select(Run.id, Run.number, Run.learn_from, Run.learn_until)
        .where(Run.offering_id == offering_id, is_held(day))
        .order_by(Run.number)
    )
    return [HeldRun(*row) for row in rows]


def by_section(
    session: Session, offering_id: uuid.UUID, span: Span, day: date, *, is_present: bool
) -> list[SectionCounts]:
    """Return the people of an offering by run and section, in one statement.

    `is_present`: by the section in which they serve that day; otherwise by that of the time when it
    was decided that they take it.
    """
    query, section_id = _in_sections(day, is_present=is_present)
    rows = session.execute(
        query.add_columns(Enrolment.run_id, section_id, *_counts(day))
        .where(*_of(offering_id, span, day))
        .group_by(Enrolment.run_id, section_id)
    )
    return [SectionCounts(row[0], row[1], Counts(*row[2:])) for row in rows]


def seconds_by_section(
    session: Session, run_ids: Iterable[uuid.UUID], span: Span, day: date, *, is_present: bool
) -> dict[uuid.UUID, float]:
    """Return the time spent with the materials of some runs, by section, in one statement."""
    query, section_id = _in_sections(day, is_present=is_present)
    rows = session.execute(
        query.add_columns(section_id, sa.func.sum(LearnerRecord.seconds))
        .join(Assignment, Assignment.enrolment_id == Enrolment.id)
        .join(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(Enrolment.run_id.in_(run_ids), span.of(Enrolment.person_id, day))
        .group_by(section_id)
    )
    return {row[0]: row[1] for row in rows}


def _in_sections(day: date, *, is_present: bool) -> tuple[sa.Select[Any], sa.ColumnElement[Any]]:
    if not is_present:
        return _enrolments(), Enrolment.section_id.expression
    people = people_on(day)
    query = _enrolments().join(people, people.c.id == Enrolment.person_id)
    return query, sa.func.coalesce(people.c.section_id, Enrolment.section_id)


def _of(offering_id: uuid.UUID, span: Span, day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (Run.offering_id == offering_id, is_held(day), span.of(Enrolment.person_id, day))


def names(session: Session, section_ids: Iterable[uuid.UUID], day: date) -> dict[uuid.UUID, str]:
    """Return what some sections are called, of those that have ended, too."""
    rows = session.execute(
        sa.select(Section.id, SectionVersion.name)
        .join(SectionVersion, sections.version_on(day))
        .where(Section.id.in_(section_ids))
    )
    return {row.id: row.name for row in rows}


def lines(
    tree: Tree,
    counts: dict[uuid.UUID, Counts],
    seconds: dict[uuid.UUID, float],
    ended: dict[uuid.UUID, str],
) -> list[SectionLine]:
    """Return the sections of a tree with what they add up to, and those that are not in it."""
    found = []
    for branch in tree.branches():
        below = tree.below(branch.id)
        total = sum((counts[key] for key in below if key in counts), Counts())
        if total.total:
            spent = sum(seconds.get(key, 0.0) for key in below)
            found.append(SectionLine(branch.name, branch.depth, total, spent))
    found += [
        SectionLine(name, 0, counts[key], seconds.get(key, 0.0))
        for key, name in ended.items()
        if counts[key].total
    ]
    return found


def completed_at(
    session: Session, run_ids: Iterable[uuid.UUID], span: Span, day: date
) -> list[datetime | None]:
    """Return when each one completed some runs, in one statement; None where nothing says so.

    What was learnt alone was completed with its last material; what people met for, when it was
    decided that they completed it.
    """
    decided = (
        sa.select(sa.func.min(Decision.decided_at))
        .where(Decision.enrolment_id == Enrolment.id, Decision.is_completed)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    learnt = sa.func.max(LearnerRecord.completed_at)
    return list(
        session.scalars(
            _enrolments(sa.func.coalesce(learnt, decided, type_=LearnerRecord.completed_at.type))
            .outerjoin(Assignment, Assignment.enrolment_id == Enrolment.id)
            .outerjoin(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
            .where(
                Enrolment.run_id.in_(run_ids),
                Enrolment.state == EnrolmentState.COMPLETED,
                span.of(Enrolment.person_id, day),
            )
            .group_by(Enrolment.id)
        )
    )
