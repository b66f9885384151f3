"""Reads of the sections: the tree of a day, with the people in it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.people.register.models import Appointment, Person, PostKind
from app.people.sections.models import Section


@dataclass(frozen=True)
class SectionRow:
    """A section at its place in the tree."""

    id: uuid.UUID
    code: str
    name: str
    #: How many sections stand above it.
    depth: int
    #: People whose main post is here.
    people: int
    #: People here and in all sections below.
    people_below: int


def present(session: Session, now: datetime) -> Sequence[Section]:
    """Return the sections of today in the order of the organisation."""
    today = clock.today(now)
    return session.scalars(
        sa.select(Section)
        .where(
            Section.valid_from <= today,
            sa.or_(Section.valid_to.is_(None), Section.valid_to >= today),
        )
        .order_by(Section.position, Section.code)
    ).all()


def by_code(session: Session, now: datetime) -> dict[str, Section]:
    """Return the sections of today by their code."""
    return {section.code: section for section in present(session, now)}


def tree(session: Session, now: datetime) -> list[SectionRow]:
    """Return the sections of today, each followed by those below it: two statements."""
    sections = present(session, now)
    ids = {section.id for section in sections}
    children: dict[uuid.UUID | None, list[Section]] = defaultdict(list)
    for section in sections:
        # What stood above may be gone: then it stands at the top.
        children[section.parent_id if section.parent_id in ids else None].append(section)
    people = _people(session, clock.today(now))
    return list(_rows(children, people, None, 0))


def _rows(
    children: dict[uuid.UUID | None, list[Section]],
    people: dict[uuid.UUID, int],
    parent_id: uuid.UUID | None,
    depth: int,
) -> Iterator[SectionRow]:
    for section in children.get(parent_id, []):
        below = list(_rows(children, people, section.id, depth + 1))
        here = people.get(section.id, 0)
        total = here + sum(row.people for row in below)
        yield SectionRow(section.id, section.code, section.name, depth, here, total)
        yield from below


def _people(session: Session, today: date) -> dict[uuid.UUID, int]:
    rows = session.execute(
        sa.select(Appointment.section_id, sa.func.count())
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.kind == PostKind.MAIN,
            Appointment.valid_from <= today,
            sa.or_(Appointment.valid_to.is_(None), Appointment.valid_to >= today),
            sa.or_(Person.left_on.is_(None), Person.left_on >= today),
        )
        .group_by(Appointment.section_id)
    )
    return {row[0]: row[1] for row in rows}
