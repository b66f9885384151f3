"""Reads of a year by section: how many people took something, how much of it was completed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.periods import valid
from app.people.permission.queries import is_here
from app.people.register.models import Appointment, Person, PostKind
from app.people.sections.models import Section, SectionVersion
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState


@dataclass(frozen=True)
class SectionLine:
    """What the people of one section took in a year."""

    #: Empty for those who are in no section now: they have left.
    section: str
    people: int
    enrolments: int
    completed: int
    #: Minutes of the runs that were completed, of all people together (延べ).
    minutes: int


#: After all others or not, the place in the organisation, the code and the name of a section.
_Named = tuple[int, int, str, str]
_NOWHERE: _Named = (1, 0, "", "")

_completed = sa.case((Enrolment.state == EnrolmentState.COMPLETED, 1))
_SUMS = (
    sa.func.count(Enrolment.person_id.distinct()),
    sa.func.count(Enrolment.id),
    sa.func.count(_completed),
    sa.func.coalesce(sa.func.sum(_completed * Run.minutes), 0),
)


def by_section(
    session: Session,
    year: int,
    day: date,
    reached: sa.ColumnElement[bool],
    *,
    is_present: bool = False,
) -> list[SectionLine]:
    """Return a fiscal year by the sections of its enrolments, in two statements.

    `is_present` counts everybody where they serve on `day` instead; who has left comes last.
    `reached` is the condition on `Enrolment`, `Offering` and `Person` that whoever asks sees them.
    """
    place = Appointment.section_id if is_present else Enrolment.section_id
    query = _taken(year, reached, place)
    if is_present:
        query = query.outerjoin(
            Appointment,
            sa.and_(
                Appointment.person_id == Person.id,
                Appointment.kind == PostKind.MAIN,
                valid(Appointment, day),
                is_here(day),
            ),
        )
    found = session.execute(query.group_by(place)).all()
    last = date(year + 1, 3, 31)
    names = _names(session, (row[0] for row in found), day if is_present else min(day, last))
    ordered = sorted(found, key=lambda row: names.get(row[0], _NOWHERE))
    return [SectionLine(names.get(row[0], _NOWHERE)[3], *row[1:]) for row in ordered]


def total(session: Session, year: int, reached: sa.ColumnElement[bool]) -> SectionLine:
    """Return what all sections took together, everybody counted once: one statement."""
    row = session.execute(_taken(year, reached, sa.literal(""))).one()
    return SectionLine(*row)


def _taken(
    year: int, reached: sa.ColumnElement[bool], place: sa.SQLColumnExpression[Any]
) -> sa.Select[Any]:
    """Return the query of a year's sums, its first column a place."""
    found = (
        sa.select(place, *_SUMS)
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(
            Offering.fiscal_year == year,
            Enrolment.state.in_(SEATED),
            Run.state != RunState.DRAFT,
            reached,
        )
    )
    return cast("sa.Select[Any]", found)


def _names(
    session: Session, section_ids: Iterable[uuid.UUID | None], day: date
) -> dict[uuid.UUID, _Named]:
    """Return what each section was called on a day; one that came later, at first."""
    rows = session.execute(
        sa.select(
            Section.id,
            SectionVersion.position,
            Section.code,
            SectionVersion.name,
            SectionVersion.valid_from,
        )
        .join(SectionVersion, SectionVersion.section_id == Section.id)
        .where(Section.id.in_([key for key in section_ids if key]))
        .order_by(SectionVersion.valid_from)
    )
    found: dict[uuid.UUID, _Named] = {}
    for key, position, code, name, valid_from in rows:
        if key not in found or valid_from <= day:
            found[key] = (0, position, code, name)
    return found
