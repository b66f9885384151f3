"""Reads for reminding of reports: who has still to hand one in, and until when."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.heads.queries import near_to
from app.people.permission.models import Role
from app.people.permission.queries import is_here
from app.people.register.models import Appointment, Person
from app.people.register.queries import excluded_on
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.offerings.models import Offering
from app.training.outstanding.queries import IS_NEEDED
from app.training.plans.models import Run, RunItem
from app.training.reminders.queries import Rule, main_post_on
from app.training.report_forms.queries import due_at, due_days
from app.training.results.models import ReportForm, ResultReport
from app.training.results.queries import TAKING
from app.training.results.states import BEING_WRITTEN


@dataclass(frozen=True)
class Due:
    """Those of a run who have to hand in their reports until the same moment."""

    run_id: uuid.UUID
    due_at: datetime
    rule: Rule
    people: tuple[uuid.UUID, ...]

    @property
    def due_on(self) -> date:
        """The last day."""
        return clock.today(self.due_at)


def outstanding(session: Session, day: date) -> list[Due]:
    """Return whose needed report is not handed in and who are through: one statement.

    Who is away, has left or is restricted is none of them.
    """
    rows = session.execute(
        sa.select(
            Run.id,
            Run.learn_until,
            Enrolment.extended_until,
            RunItem.due_until,
            due_days(),
            Offering.reminders,
            Enrolment.person_id,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(RunItem, sa.and_(RunItem.run_id == Run.id, IS_NEEDED))
        .outerjoin(ReportForm, ReportForm.training_id == Offering.training_id)
        .outerjoin(ResultReport, ResultReport.enrolment_id == Enrolment.id)
        .where(
            Enrolment.state == EnrolmentState.AWAITING,
            Run.state.in_(TAKING),
            sa.or_(ResultReport.id.is_(None), ResultReport.state.in_(BEING_WRITTEN)),
            is_here(day),
            Person.restricted_at.is_(None),
            Person.id.not_in(excluded_on(day)),
        )
        .order_by(Run.id, Enrolment.person_id)
    )
    found: dict[tuple[uuid.UUID, datetime], list[uuid.UUID]] = defaultdict(list)
    rules: dict[uuid.UUID, Rule] = {}
    for run_id, last_on, extended, until, days, rule, person_id in rows:
        found[run_id, due_at(last_on, extended, until, days)].append(person_id)
        rules[run_id] = Rule.of(rule)
    return [Due(key[0], key[1], rules[key[0]], tuple(people)) for key, people in found.items()]


def section_of(session: Session, enrolment: Enrolment, day: date) -> uuid.UUID:
    """Return where somebody serves now, or served when they were enrolled."""
    query = sa.select(Appointment.section_id).where(
        main_post_on(day, sa.literal(enrolment.person_id))
    )
    return session.scalar(query.limit(1)) or enrolment.section_id


def heads_of(
    session: Session, section_id: uuid.UUID, person_id: uuid.UUID, now: datetime
) -> list[uuid.UUID]:
    """Return who reads somebody's report as a head: the nearest one who is another, or deputies."""
    near = near_to(session, [section_id], Role.HEAD, now, but=person_id)
    return [each for each in near.get(section_id, []) if each != person_id]
