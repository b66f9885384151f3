"""Reads of one report: whose it is, what it is asked by, what was handed in, and until when."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.people.register.models import Person, Title
from app.people.register.queries import newest_number
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import BEFORE_IT, SEATED
from app.training.offerings.models import Offering
from app.training.plans.models import ItemKind, Run, RunItem, Training
from app.training.plans.states import TAKING as TAKING_PEOPLE
from app.training.plans.states import RunState
from app.training.report_forms.queries import ReportField, due_at, due_days, fields_of
from app.training.results.models import ReportForm, ReportVersion, ResultReport
from app.training.results.states import BEING_WRITTEN

#: The states of a run in which its reports are written, and words said to them.
TAKING = (RunState.OPEN, RunState.ENDED)


@dataclass(frozen=True)
class Version:
    """What was handed in once."""

    number: int
    fields: tuple[ReportField, ...]
    answers: Mapping[str, Any]
    submitted_at: datetime
    comment: str
    office_comment: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What was asked, and what was answered."""
        return [(each.label, str(self.answers.get(each.key, ""))) for each in self.fields]


@dataclass(frozen=True)
class Report:
    """One person's report of one enrolment, written or not, with what it is a report of."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    #: Where they served when they were enrolled, and as what.
    section: str
    title: str
    enrolment_state: str
    training_id: uuid.UUID
    training: str
    run_id: uuid.UUID
    run_number: int
    run_state: str
    learn_from: date
    learn_until: date
    #: The run's part that asks for it; None where none does any more.
    item_id: uuid.UUID | None
    is_required: bool
    due_at: datetime
    report_id: uuid.UUID | None
    #: One of `ReportState`; None where nothing was written yet.
    state: str | None
    answers: Mapping[str, Any]
    saved_at: datetime | None
    versions: tuple[Version, ...] = field(default=())

    @property
    def is_late(self) -> bool:
        """Whether it was handed in after its due date; a later version is late of no one's will."""
        return bool(self.versions) and self.versions[0].submitted_at > self.due_at

    @property
    def newest(self) -> Version | None:
        """What was handed in last."""
        return self.versions[-1] if self.versions else None

    def refusal(self, now: datetime) -> Refused | None:
        """Return why it cannot be written now; None where it can."""
        if self.state is not None and self.state not in BEING_WRITTEN:
            return Refused("report_handed_in")
        is_seated = self.enrolment_state in SEATED and self.item_id is not None
        is_before = self.learn_from > clock.today(now) and self.enrolment_state in BEFORE_IT
        if is_seated and (self.run_state in TAKING_PEOPLE - {RunState.OPEN} or is_before):
            return Refused("report_too_early")
        if not is_seated or self.run_state not in TAKING:
            return Refused("report_closed")
        return None


def report(session: Session, enrolment_id: uuid.UUID) -> Report:
    """Return the report of an enrolment with its versions: two statements; raises NotFound."""
    found = reports(session, Enrolment.id == enrolment_id)
    if not found:
        raise NotFound
    return found[0]


def reports(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Report]:
    """Return the reports of some enrolments with their versions, by section: two statements."""
    rows = session.execute(_rows(*conditions)).all()
    handed_in = versions(session, [row[8].id for row in rows if row[8]])
    return [_report(row, handed_in) for row in rows]


def _rows(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    number = sa.func.coalesce(newest_number(Person.id), "").label("number")
    query = (
        sa.select(
            Enrolment,
            Person.name,
            number,
            sa.func.coalesce(_section(), ""),
            Title.name,
            Run,
            Training,
            RunItem,
            ResultReport,
            due_days(),
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Title, Title.id == Enrolment.title_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .outerjoin(RunItem, asks(Run.id))
        .outerjoin(ReportForm, ReportForm.training_id == Training.id)
        .outerjoin(ResultReport, ResultReport.enrolment_id == Enrolment.id)
        .join(Section, Section.id == Enrolment.section_id)
        .where(*conditions)
        .order_by(Section.code, sa.text("number"), Enrolment.id)
    )
    return cast("sa.Select[Any]", query)


def asks(run_id: sa.SQLColumnExpression[uuid.UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that joins a run with the part of it that asks for a report."""
    return sa.and_(RunItem.run_id == run_id, RunItem.kind == ItemKind.REPORT)


def _section() -> sa.ScalarSelect[str]:
    """Return what the section of an enrolment was called when the run ended."""
    return (
        sa.select(SectionVersion.name)
        .where(
            SectionVersion.section_id == Enrolment.section_id,
            SectionVersion.valid_from <= Run.learn_until,
        )
        .order_by(SectionVersion.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def _report(row: sa.Row[Any], handed_in: Mapping[uuid.UUID, tuple[Version, ...]]) -> Report:
    enrolment, name, number, section, title, run, training, item, kept, days = tuple(row)
    return Report(
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        name=name,
        number=number,
        section=section,
        title=title,
        enrolment_state=enrolment.state,
        training_id=training.id,
        training=training.title,
        run_id=run.id,
        run_number=run.number,
        run_state=run.state,
        learn_from=run.learn_from,
        learn_until=run.learn_until,
        item_id=item.id if item else None,
        is_required=item is not None and item.is_required,
        due_at=due_at(
            run.learn_until, enrolment.extended_until, item.due_until if item else None, days
        ),
        report_id=kept.id if kept else None,
        state=kept.state if kept else None,
        answers=kept.answers if kept else {},
        saved_at=kept.saved_at if kept else None,
        versions=handed_in.get(kept.id, ()) if kept else (),
    )


def versions(
    session: Session, report_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[Version, ...]]:
    """Return what was handed in of some reports, the first version first: one statement."""
    if not report_ids:
        return {}
    found: dict[uuid.UUID, tuple[Version, ...]] = {}
    rows = session.scalars(
        sa.select(ReportVersion)
        .where(ReportVersion.report_id.in_(report_ids))
        .order_by(ReportVersion.report_id, ReportVersion.number)
    )
    for row in rows:
        made = Version(
            row.number,
            fields_of(row.fields),
            row.answers,
            row.submitted_at,
            row.comment,
            row.office_comment,
        )
        found[row.report_id] = (*found.get(row.report_id, ()), made)
    return found
