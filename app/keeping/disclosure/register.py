"""What the register holds about one person: the items 1 to 11 of the list."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure.dossier import Item, Table, table, written
from app.keeping.disclosure.text import ITEMS
from app.people.register.models import Appointment, Person, PostKind, StaffNumber, Title
from app.people.sections.models import SectionVersion

Post = tuple[str, str, str, str, date, date | None]


def items(session: Session, person: Person) -> Iterator[Item]:
    """Yield the eleven items in their order."""
    numbers = _numbers(session, person.id)
    main, concurrent = (_posts(session, person.id, kind) for kind in PostKind)
    present = main[0] if main else ("", "", "", "", None, None)
    hired = [("採用", person.hired_on), ("昇任", person.promoted_on), ("退職", person.left_on)]
    age_as_of = written(person.age_as_of)
    values: tuple[tuple[str, tuple[Table, ...]], ...] = (
        (numbers[0][0] if numbers else "", (table("staff_numbers", numbers),)),
        (person.name, ()),
        (present[0], (table("main_posts", main),)),
        ("", (table("concurrent_posts", concurrent),)),
        (present[1], ()),
        (present[2], ()),
        (present[3], ()),
        (person.gender or "", ()),
        ("" if person.age is None else f"{person.age}歳（{age_as_of}現在）", ()),
        ("、".join(f"{word} {written(day)}" for word, day in hired if day), ()),
        (person.email or "", ()),
    )
    as_of = written(person.confirmed_on)
    for number, ((title, source), (value, tables)) in enumerate(
        zip(ITEMS, values, strict=False), 1
    ):
        day = age_as_of if title == "年齢" else as_of
        yield Item(number, title, source, day, value, tables)


def _numbers(session: Session, person_id: uuid.UUID) -> list[tuple[str, date, date | None]]:
    rows = session.execute(
        sa.select(StaffNumber.number, StaffNumber.valid_from, StaffNumber.valid_to)
        .where(StaffNumber.person_id == person_id)
        .order_by(StaffNumber.valid_from.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _posts(session: Session, person_id: uuid.UUID, kind: str) -> list[Post]:
    """Return the posts of a kind, the last one first, each with its section's name of its time."""
    named = sa.and_(
        SectionVersion.section_id == Appointment.section_id,
        SectionVersion.valid_from <= sa.func.coalesce(Appointment.valid_to, sa.func.current_date()),
    )
    name = (
        sa.select(SectionVersion.name)
        .where(named)
        .order_by(SectionVersion.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(
            sa.func.coalesce(name, ""),
            Title.name,
            Appointment.job_type,
            Appointment.duty,
            Appointment.valid_from,
            Appointment.valid_to,
        )
        .join(Title, Title.id == Appointment.title_id)
        .where(Appointment.person_id == person_id, Appointment.kind == kind)
        .order_by(Appointment.valid_from.desc(), Appointment.id)
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]
