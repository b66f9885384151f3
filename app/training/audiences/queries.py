"""Reads of whom an offering is for: by a condition, by a list, and by the post of today."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.periods import valid
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.people.register.models import Appointment, Person, PostKind, Title
from app.people.register.queries import Post, excluded_on, is_called, newest_number, serving
from app.people.restriction import queries as restriction
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.audiences.models import AudienceMember, Condition, Source, Years
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import BEFORE_IT, SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Run
from app.training.plans.states import TAKING, RunState

#: Those who are taking a run, or have taken it to its end.
BEGUN = tuple(state for state in SEATED if state not in BEFORE_IT)


def people(session: Session, condition: Condition, now: datetime) -> sa.Select[Any]:
    """Return the query of everybody who fulfils a condition today, with the columns of `Post`.

    Also of those who are asked to take no training now, or are restricted: whoever acts on it
    counts them apart. A section that has ended stands for those that came after it.
    """
    today = clock.today(now)
    query = serving(now).where(*_of_post(condition))
    if places := present(session, condition, now).sections:
        below = sections.below(places, today) if condition.with_children else places
        query = query.where(Section.id.in_(below))
    for name, column in (("hired", Person.hired_on), ("promoted", Person.promoted_on)):
        query = query.where(*_in_years(column, getattr(condition, name), today))
    for training_id in condition.completed:
        query = query.where(Person.id.in_(_completed([training_id])))
    if condition.not_completed:
        query = query.where(Person.id.not_in(_completed(condition.not_completed)))
    return query


def _of_post(condition: Condition) -> list[sa.ColumnElement[bool]]:
    asked: tuple[tuple[sa.SQLColumnExpression[Any], tuple[Any, ...]], ...] = (
        (Title.id, condition.titles),
        (Title.grade, condition.grades),
        (Title.employment_class, condition.employment),
        (Appointment.job_type, condition.job_types),
    )
    return [column.in_(values) for column, values in asked if values]


def present(session: Session, condition: Condition, now: datetime) -> Condition:
    """Return a condition with the sections of today: for one that has ended, its successors."""
    if not condition.sections:
        return condition
    after = sections.successors(session, clock.today(now))
    named = (each for old in condition.sections for each in after.get(old, (old,)))
    return replace(condition, sections=tuple(dict.fromkeys(named)))


def _in_years(
    column: sa.SQLColumnExpression[date | None], years: Years, today: date
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that today is in these years of what began on a day (`year_of`)."""
    if not years.is_asked:
        return []
    this_year = clock.fiscal_year(today)
    latest = today
    if years.first is not None:
        latest = min(today, date(this_year - years.first + 2, 3, 31))
    found: list[sa.ColumnElement[bool]] = [column <= latest]
    if years.last is not None:
        found.append(column >= date(this_year - years.last + 1, 4, 1))
    return found


def _completed(training_ids: Iterable[uuid.UUID]) -> sa.Select[uuid.UUID]:
    return (
        sa.select(Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .where(
            Offering.training_id.in_(list(training_ids)),
            Enrolment.state == EnrolmentState.COMPLETED,
        )
    )


@dataclass(frozen=True)
class Preview:
    """Whom a condition means, before it is settled."""

    people: tuple[Post, ...]
    #: How many of them are asked to take no training now (受講対象外期間).
    excluded: int
    #: How many more are left out because their data is not to be used.
    restricted: int
    #: How many more fulfil all but a year, because the register does not say when it began.
    undated: int

    @property
    def by_section(self) -> list[tuple[str, int]]:
        """How many of each section there are, in the order of the sections."""
        counts: dict[str, int] = {}
        for post in self.people:
            counts[post.section] = counts.get(post.section, 0) + 1
        return list(counts.items())


def preview(session: Session, condition: Condition, now: datetime) -> Preview:
    """Return whom a condition means today: a few statements for any number."""
    found = [Post(*row) for row in session.execute(people(session, condition, now))]
    apart = restriction.restricted(session)
    excluded = set(session.scalars(excluded_on(clock.today(now))))
    meant = tuple(post for post in found if post.person_id not in apart)
    return Preview(
        people=meant,
        excluded=sum(post.person_id in excluded for post in meant),
        restricted=len(found) - len(meant),
        undated=_undated(session, condition, now),
    )


def _undated(session: Session, condition: Condition, now: datetime) -> int:
    missing: list[sa.ColumnElement[bool]] = []
    if condition.hired.is_asked:
        missing.append(Person.hired_on.is_(None))
    if condition.promoted.is_asked:
        missing.append(Person.promoted_on.is_(None))
    if not missing:
        return 0
    without = replace(condition, hired=Years(), promoted=Years())
    query = people(session, without, now).where(sa.or_(*missing)).order_by(None)
    return session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0


def job_types(session: Session, day: date) -> list[str]:
    """Return the job types (職種) that main posts of a day name."""
    query = sa.select(Appointment.job_type).where(
        Appointment.kind == PostKind.MAIN, Appointment.job_type != "", valid(Appointment, day)
    )
    return list(session.scalars(query.distinct().order_by(Appointment.job_type)))


def meant(session: Session, offering_id: uuid.UUID) -> frozenset[uuid.UUID] | None:
    """Return whom an offering is for; None where nobody was named: it is for everybody.

    A condition that is followed (動的) and that nobody fulfils means nobody.
    """
    found = frozenset(
        session.scalars(
            sa.select(AudienceMember.person_id).where(AudienceMember.offering_id == offering_id)
        )
    )
    offering = session.get(Offering, offering_id)
    is_followed = offering is not None and offering.is_dynamic and bool(offering.condition)
    return found if found or is_followed else None


@dataclass(frozen=True)
class Standing:
    """How many are meant, and how many of them were named one by one."""

    total: int
    listed: int


def standing(session: Session, offering_id: uuid.UUID) -> Standing:
    """Return how an offering's audience stands."""
    named = sa.func.count(sa.case((AudienceMember.source == Source.LIST, 1)))
    row = session.execute(
        sa.select(sa.func.count(), named).where(AudienceMember.offering_id == offering_id)
    ).one()
    return Standing(*row)


def begun(offering_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    """Return the query of who has begun an offering, by the state of it or by a record of it."""
    has_record = sa.exists().where(
        Assignment.enrolment_id == Enrolment.id,
        LearnerRecord.assignment_id == Assignment.id,
        LearnerRecord.status != RecordStatus.NOT_STARTED,
    )
    return (
        sa.select(Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(
            Run.offering_id == offering_id,
            sa.or_(Enrolment.state.in_(BEGUN), has_record),
        )
    )


def followed(session: Session, now: datetime) -> list[uuid.UUID]:
    """Return the offerings whose audience follows a condition now (動的).

    Until their fiscal year is over, and for as long as one of their runs can be taken.
    """
    today = clock.today(now)
    lasting = sa.exists().where(
        Run.offering_id == Offering.id,
        Run.state.in_((*TAKING, RunState.POSTPONED)),
        Run.learn_until >= today,
    )
    rows = session.scalars(
        sa.select(Offering)
        .where(
            Offering.is_dynamic.is_(True),
            sa.or_(Offering.fiscal_year >= clock.fiscal_year(today), lasting),
        )
        .order_by(Offering.id)
    )
    return [row.id for row in rows if row.condition]


@dataclass(frozen=True)
class Line:
    """One person of an audience, with the post of the day on which they were added."""

    person_id: uuid.UUID
    name: str
    number: str
    section: str
    title: str
    source: str
    added_at: datetime


def members(
    offering_id: uuid.UUID, day: date, *, words: str = "", section_id: uuid.UUID | None = None
) -> sa.Select[Any]:
    """Return the query of an audience, with the columns of `Line`, by section, rank and number.

    `words` are a number, or a part of a name.
    """
    number = newest_number(Person.id)
    query = (
        sa.select(
            Person.id,
            Person.name,
            number.label("number"),
            SectionVersion.name,
            Title.name,
            AudienceMember.source,
            AudienceMember.added_at,
        )
        .select_from(AudienceMember)
        .join(Person, Person.id == AudienceMember.person_id)
        .join(Section, Section.id == AudienceMember.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Title, Title.id == AudienceMember.title_id)
        .where(AudienceMember.offering_id == offering_id)
        .order_by(*sections.ORDER, Title.rank_order, sa.text("number"), Person.id)
    )
    if section_id:
        query = query.where(AudienceMember.section_id == section_id)
    if words:
        query = query.where(is_called(words, number))
    return cast("sa.Select[Any]", query)
