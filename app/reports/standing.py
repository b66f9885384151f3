"""Who is there on a day, and which enrolments count for what: what all reports of many agree on.

By the states of enrolments, which follow the records within seconds: half a million of them are
counted while somebody waits, and their records are not.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.kernel.periods import valid
from app.learning.records.models import LearnerRecord
from app.learning.records.states import RecordStatus
from app.people.permission.queries import is_here
from app.people.register.models import Appointment, Person, StaffNumber, Title
from app.people.register.queries import excluded_on
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Assignment, Enrolment
from app.training.enrolment.states import BEFORE_IT, UNDER_WAY, EnrolmentState
from app.training.plans.models import Run, RunItem
from app.training.plans.states import RunState
from app.training.reminders.queries import main_post_on

#: Runs that are held, or were.
HELD = (RunState.OPEN, RunState.ENDED, RunState.SETTLED)
#: Who has not done what they are to do: under way, or decided not to have completed it.
UNFINISHED = (*UNDER_WAY, EnrolmentState.NOT_COMPLETED)


def is_held(day: date) -> sa.ColumnElement[bool]:
    """Return the condition on `Run` that it is held, and has begun by a day."""
    return sa.and_(Run.state.in_(HELD), Run.learn_from <= day)


@lru_cache(maxsize=4)
def people_on(day: date) -> sa.CTE:
    """Return everybody as the register has them on a day, to be joined by their key.

    Columns: id, name, name_key, number, section_id, section, position, code, title, rank_order (of
    the main post of the day; None without one), is_here, is_away (受講対象外期間), has_address.
    """
    found = cast(
        "sa.Select[Any]",
        sa.select(
            Person.id.label("id"),
            Person.name.label("name"),
            Person.name_key.label("name_key"),
            StaffNumber.number.label("number"),
            Appointment.section_id.label("section_id"),
            SectionVersion.name.label("section"),
            SectionVersion.position.label("position"),
            Section.code.label("code"),
            Title.name.label("title"),
            Title.rank_order.label("rank_order"),
            is_here(day).label("is_here"),
            Person.id.in_(excluded_on(day)).label("is_away"),
            Person.email.is_not(None).label("has_address"),
        )
        .select_from(Person)
        .outerjoin(Appointment, main_post_on(day, Person.id))
        .outerjoin(Section, Section.id == Appointment.section_id)
        .outerjoin(SectionVersion, sections.version_on(day))
        .outerjoin(Title, Title.id == Appointment.title_id)
        .outerjoin(
            StaffNumber, sa.and_(StaffNumber.person_id == Person.id, valid(StaffNumber, day))
        ),
    )
    return found.cte("people")


def standing(*, is_of_many: bool = False) -> sa.ColumnElement[str]:
    """Return how far somebody is who has not finished: a column over `Enrolment`.

    not_started, in_progress, awaiting or not_completed. When a run is over everybody in it awaits
    what becomes of them: who never opened its materials has not begun. `is_of_many` looks once at
    all who have, where it would otherwise look for each row.
    """
    return sa.case(
        (
            sa.or_(Enrolment.state.in_(BEFORE_IT), _never_begun(is_of_many=is_of_many)),
            RecordStatus.NOT_STARTED.value,
        ),
        else_=Enrolment.state,
    )


def stands(value: str) -> sa.ColumnElement[bool]:
    """Return the condition on `Enrolment` that `standing` is this; to be asked of many."""
    never = _never_begun(is_of_many=True)
    if value == RecordStatus.NOT_STARTED:
        return sa.or_(Enrolment.state.in_(BEFORE_IT), never)
    if value == EnrolmentState.AWAITING:
        return sa.and_(Enrolment.state == EnrolmentState.AWAITING, sa.not_(never))
    return Enrolment.state == value


def _never_begun(*, is_of_many: bool) -> sa.ColumnElement[bool]:
    with_materials = sa.select(RunItem.run_id).where(RunItem.material_id.is_not(None))
    mine = aliased(Enrolment)
    begun = (
        sa.select(mine.id)
        .join(Assignment, Assignment.enrolment_id == mine.id)
        .join(LearnerRecord, LearnerRecord.assignment_id == Assignment.id)
        .where(
            mine.state == EnrolmentState.AWAITING, LearnerRecord.status != RecordStatus.NOT_STARTED
        )
    )
    return sa.and_(
        Enrolment.state == EnrolmentState.AWAITING,
        Enrolment.run_id.in_(with_materials),
        Enrolment.id.not_in(begun) if is_of_many else ~_has_begun(),
    )


def _has_begun() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Assignment.enrolment_id == Enrolment.id,
        LearnerRecord.assignment_id == Assignment.id,
        LearnerRecord.status != RecordStatus.NOT_STARTED,
    )
