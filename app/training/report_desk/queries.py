"""Reads of reports in lists: a run's people with how far each is, and what waits for whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.people.register.models import Appointment, Person, Title
from app.people.register.queries import is_called, newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.outstanding.queries import IS_NEEDED
from app.training.plans.models import Run, RunItem, Training
from app.training.reminders.queries import main_post_on
from app.training.report_forms.queries import due_at, due_days
from app.training.results.models import ReportForm, ReportVersion, ResultReport
from app.training.results.queries import TAKING, asks
from app.training.results.states import HANDED_IN, ReportState
from app.training.results.text import NOTHING

_state = sa.func.coalesce(ResultReport.state, NOTHING)


@dataclass(frozen=True)
class Asking:
    """How a run asks for reports; without a part for it, it does not."""

    item_id: uuid.UUID | None
    is_required: bool
    learn_until: date
    due_until: datetime | None
    due_days: int

    def due(self, extended_until: date | None = None) -> datetime:
        """Return until when a report is due, of somebody who has until a day of their own."""
        return due_at(self.learn_until, extended_until, self.due_until, self.due_days)


def asking(session: Session, run_id: uuid.UUID) -> Asking:
    """Return how a run asks for reports; raises NotFound."""
    row = session.execute(
        sa.select(
            RunItem.id,
            sa.func.coalesce(RunItem.is_required, sa.false()),
            Run.learn_until,
            RunItem.due_until,
            due_days(),
        )
        .select_from(Run)
        .join(Offering, Offering.id == Run.offering_id)
        .outerjoin(RunItem, asks(Run.id))
        .outerjoin(ReportForm, ReportForm.training_id == Offering.training_id)
        .where(Run.id == run_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Asking(*row)


@dataclass(frozen=True)
class Line:
    """Somebody of a run, with how far their report is."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    number: str
    name: str
    section: str
    title: str
    #: One of `ReportState`, or `NOTHING`.
    state: str
    #: How often it was handed in, when first, and when last.
    versions: int
    first_at: datetime | None
    last_at: datetime | None
    extended_until: date | None


def _handed_in() -> sa.Subquery:
    return (
        sa.select(
            ReportVersion.report_id,
            sa.func.count().label("versions"),
            sa.func.min(ReportVersion.submitted_at).label("first_at"),
            sa.func.max(ReportVersion.submitted_at).label("last_at"),
        )
        .group_by(ReportVersion.report_id)
        .subquery("handed_in")
    )


def lines(
    run_id: uuid.UUID,
    day: date,
    reached: sa.ColumnElement[bool],
    *,
    state: str = "",
    words: str = "",
    keys: Collection[uuid.UUID] | None = None,
) -> sa.Select[Any]:
    """Return the query of a run's people, with the columns of `Line`, by section and number.

    `keys` narrows it to some enrolments.
    """
    number = newest_number(Person.id)
    times = _handed_in()
    times_of = (sa.func.coalesce(times.c.versions, 0), times.c.first_at, times.c.last_at)
    who = (number.label("number"), Person.name, SectionVersion.name, Title.name)
    query = (
        sa.select(Enrolment.id, Person.id, *who, _state, *times_of, Enrolment.extended_until)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Title, Title.id == Enrolment.title_id)
        .join(Section, Section.id == Enrolment.section_id)
        .outerjoin(SectionVersion, sections.version_on(day))
        .outerjoin(ResultReport, ResultReport.enrolment_id == Enrolment.id)
        .outerjoin(times, times.c.report_id == ResultReport.id)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(SEATED), reached)
        .order_by(*sections.ORDER, sa.text("number"), Enrolment.id)
    )
    narrowing = (
        _state == state if state else sa.true(),
        is_called(words, number) if words else sa.true(),
        sa.true() if keys is None else Enrolment.id.in_(keys),
    )
    return cast("sa.Select[Any]", query.where(*narrowing))


def counts(session: Session, run_id: uuid.UUID, reached: sa.ColumnElement[bool]) -> dict[str, int]:
    """Return how many of a run's people are how far with their reports: one statement."""
    rows = session.execute(
        sa.select(_state, sa.func.count())
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(ResultReport, ResultReport.enrolment_id == Enrolment.id)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(SEATED), reached)
        .group_by(_state)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Waiting:
    """A report that waits for a head's word."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    number: str
    name: str
    title: str
    #: Where they serve now; where they were enrolled from if nowhere.
    section_id: uuid.UUID
    training: str
    run_number: int
    submitted_at: datetime


def waiting(session: Session, day: date, *conditions: sa.ColumnElement[bool]) -> list[Waiting]:
    """Return the reports that wait for a head, the oldest first: one statement."""
    times = _handed_in()
    rows = session.execute(
        sa.select(
            Enrolment.id,
            Person.id,
            newest_number(Person.id),
            Person.name,
            Title.name,
            sa.func.coalesce(Appointment.section_id, Enrolment.section_id),
            Training.title,
            Run.number,
            times.c.last_at,
        )
        .select_from(ResultReport)
        .join(times, times.c.report_id == ResultReport.id)
        .join(Enrolment, Enrolment.id == ResultReport.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Title, Title.id == Enrolment.title_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .outerjoin(Appointment, main_post_on(day, Person.id))
        .where(ResultReport.state == ReportState.SUBMITTED, Run.state.in_(TAKING), *conditions)
        .order_by(times.c.last_at, Enrolment.id)
    )
    return [Waiting(*row) for row in rows]


@dataclass(frozen=True)
class ToAccept:
    """A run with reports that wait for the office."""

    run_id: uuid.UUID
    title: str
    run_number: int
    #: Those that a head has confirmed, and those that none has.
    confirmed: int
    submitted: int


def to_accept(session: Session, visible: sa.ColumnElement[bool]) -> list[ToAccept]:
    """Return the runs of some trainings whose reports can be taken in: one statement."""
    confirmed = sa.func.count(sa.case((ResultReport.state == ReportState.CONFIRMED, 1)))
    rows = session.execute(
        sa.select(Run.id, Training.title, Run.number, confirmed, sa.func.count() - confirmed)
        .select_from(ResultReport)
        .join(Enrolment, Enrolment.id == ResultReport.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(ResultReport.state.in_(HANDED_IN), Run.state.in_(TAKING), visible)
        .group_by(Run.id, Training.title)
        .having(confirmed > 0)
        .order_by(Run.learn_until, Training.title, Run.number)
    )
    return [ToAccept(*row) for row in rows]


@dataclass(frozen=True)
class ToWrite:
    """A report of one's own that is still to be handed in."""

    enrolment_id: uuid.UUID
    training: str
    run_number: int
    state: str
    due_at: datetime


def to_write(session: Session, person_id: uuid.UUID) -> list[ToWrite]:
    """Return the reports that somebody has to write, what is due first, first: one statement.

    What a run needs is asked for once it is through; what was begun, or given back, stays there.
    """
    is_through = sa.and_(Enrolment.state == EnrolmentState.AWAITING, IS_NEEDED)
    rows = session.execute(
        sa.select(
            Enrolment.id,
            Training.title,
            Run.number,
            _state,
            Run.learn_until,
            Enrolment.extended_until,
            RunItem.due_until,
            due_days(),
        )
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(RunItem, asks(Run.id))
        .outerjoin(ReportForm, ReportForm.training_id == Training.id)
        .outerjoin(ResultReport, ResultReport.enrolment_id == Enrolment.id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(SEATED),
            Run.state.in_(TAKING),
            sa.or_(
                ResultReport.state.in_((ReportState.DRAFT, ReportState.RETURNED)),
                sa.and_(ResultReport.id.is_(None), is_through),
            ),
        )
    )
    found = [ToWrite(*row[:4], due_at(*row[4:])) for row in rows]
    return sorted(found, key=lambda each: (each.due_at, each.training, each.run_number))
