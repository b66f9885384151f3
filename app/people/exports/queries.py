"""Reads for files of staff: the lines of some people, in the order they are asked for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register.models import Appointment, Person, PostKind, StaffNumber, Title
from app.people.sections.models import SectionVersion


@dataclass(frozen=True)
class FileLine:
    """One person as a file has them: neither gender nor age is ever in one."""

    number: str
    name: str
    section: str
    concurrent: str
    title: str
    employment_class: str
    job_type: str
    duty: str
    email: str | None
    hired_on: date | None
    promoted_on: date | None


def lines(session: Session, person_ids: Sequence[uuid.UUID], today: date) -> list[FileLine]:
    """Return the lines of these people in their order, in three statements."""
    people = {
        row.id: row for row in session.scalars(sa.select(Person).where(Person.id.in_(person_ids)))
    }
    numbers: dict[uuid.UUID, str] = {}
    for number in session.scalars(
        sa.select(StaffNumber)
        .where(StaffNumber.person_id.in_(person_ids), StaffNumber.valid_from <= today)
        .order_by(StaffNumber.valid_from)
    ):
        numbers[number.person_id] = number.number
    posts: dict[uuid.UUID, list[Any]] = {}
    last = sa.case((Person.left_on < today, Person.left_on), else_=today)
    rows = session.execute(
        sa.select(Appointment, SectionVersion.name, Title.name, Title.employment_class)
        .join(Person, Person.id == Appointment.person_id)
        .join(Title, Title.id == Appointment.title_id)
        .join(SectionVersion, SectionVersion.section_id == Appointment.section_id)
        .where(Appointment.person_id.in_(person_ids))
        .where(
            *(
                sa.and_(
                    row.valid_from <= last, sa.or_(row.valid_to.is_(None), row.valid_to >= last)
                )
                for row in (Appointment, SectionVersion)
            )
        )
        .order_by(Appointment.kind.desc(), Appointment.valid_from)
    )
    for row in rows:
        posts.setdefault(row[0].person_id, []).append(row)
    return [
        _line(people[key], numbers.get(key, ""), posts.get(key, []))
        for key in person_ids
        if key in people
    ]


def _line(person: Person, number: str, posts: list[Any]) -> FileLine:
    main = next((row for row in posts if row[0].kind == PostKind.MAIN), None)
    others = [row[1] for row in posts if row is not main]
    return FileLine(
        number=number,
        name=person.name,
        section=main[1] if main else "",
        concurrent=" ".join(others),
        title=main[2] if main else "",
        employment_class=main[3] if main else "",
        job_type=main[0].job_type if main else "",
        duty=main[0].duty if main else "",
        email=person.email,
        hired_on=person.hired_on,
        promoted_on=person.promoted_on,
    )
