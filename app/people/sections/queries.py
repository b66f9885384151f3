"""Reads of the sections: the tree of a day, with the people in it, and what followed what."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.periods import valid
from app.people.register.models import Appointment, Person, PostKind
from app.people.sections.models import Section, SectionSuccessor, SectionVersion

#: The order of the organisation; for a statement that joins a section and a version of it.
ORDER = (SectionVersion.position, Section.code)


@dataclass(frozen=True)
class Place:
    """A section as it is on a day."""

    id: uuid.UUID
    code: str
    name: str
    #: What it is a part of on that day; None at the top.
    parent_id: uuid.UUID | None
    position: int


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


def version_on(
    day: date, section_id: sa.ColumnElement[Any] | Any = Section.id
) -> sa.ColumnElement[bool]:
    """Return the condition that joins a section with what it is called on a day."""
    return sa.and_(SectionVersion.section_id == section_id, valid(SectionVersion, day))


def present(session: Session, day: date) -> list[Place]:
    """Return the sections of a day in the order of the organisation."""
    rows = session.execute(
        sa.select(
            Section.id,
            Section.code,
            SectionVersion.name,
            SectionVersion.parent_id,
            SectionVersion.position,
        )
        .join(SectionVersion, version_on(day))
        .where(valid(Section, day))
        .order_by(*ORDER)
    )
    return [Place(*row) for row in rows]


def by_code(session: Session, day: date) -> dict[str, Place]:
    """Return the sections of a day by their code."""
    return {place.code: place for place in present(session, day)}


def codes(session: Session) -> dict[uuid.UUID, str]:
    """Return the codes of all sections by their key, of those that have ended, too."""
    return {row.id: row.code for row in session.execute(sa.select(Section.id, Section.code))}


def names(session: Session, day: date) -> dict[uuid.UUID, str]:
    """Return code and name of all sections by their key, as a person reads them on a day."""
    rows = session.execute(
        sa.select(Section.id, Section.code, SectionVersion.name).join(
            SectionVersion, version_on(day)
        )
    )
    return {row.id: f"{row.code} {row.name}" for row in rows}


def lines(session: Session, day: date) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """Return what each section of a day stands under, itself first: one statement."""
    parents = {place.id: place.parent_id for place in present(session, day)}
    found = {}
    for section_id, parent_id in parents.items():
        line, above = [section_id], parent_id
        while above is not None and above not in line:
            line.append(above)
            above = parents.get(above)
        found[section_id] = tuple(line)
    return found


def standing_for(
    section_ids: Collection[uuid.UUID], after: Mapping[uuid.UUID, Collection[uuid.UUID]]
) -> frozenset[uuid.UUID]:
    """Return sections with those that have ended and whose work they took over (`successors`)."""
    places = frozenset(section_ids)
    return places.union(each for each, followed in after.items() if places.intersection(followed))


def tree(session: Session, now: datetime) -> list[SectionRow]:
    """Return the sections of today, each followed by those below it: two statements."""
    today = clock.today(now)
    people = _people(session, today)
    return list(_rows(_children(present(session, today)), people, None, 0))


def below(section_ids: Collection[uuid.UUID], day: date) -> sa.Select[uuid.UUID]:
    """Return the query of sections and of all that stand below them on a day."""
    start = sa.select(Section.id).where(Section.id.in_(section_ids))
    reached = start.cte("reached", recursive=True)
    children = (
        sa.select(SectionVersion.section_id)
        .join(reached, SectionVersion.parent_id == reached.c.id)
        .join(Section, Section.id == SectionVersion.section_id)
        .where(valid(SectionVersion, day), valid(Section, day))
    )
    return sa.select(reached.union(children).c.id)


def successors(session: Session, day: date) -> Mapping[uuid.UUID, tuple[uuid.UUID, ...]]:
    """Return the sections of a day that came after each one that has ended, chains followed."""
    steps = defaultdict(list)
    for row in session.scalars(sa.select(SectionSuccessor)):
        steps[row.section_id].append(row.successor_id)
    alive = {place.id for place in present(session, day)}

    def ends(section_id: uuid.UUID, seen: frozenset[uuid.UUID]) -> Iterator[uuid.UUID]:
        if section_id in alive:
            yield section_id
        elif section_id not in seen:
            for after in steps.get(section_id, []):
                yield from ends(after, seen | {section_id})

    return {
        section_id: tuple(dict.fromkeys(ends(section_id, frozenset())))
        for section_id in steps
        if section_id not in alive
    }


def _children(places: Collection[Place]) -> dict[uuid.UUID | None, list[Place]]:
    ids = {place.id for place in places}
    children: dict[uuid.UUID | None, list[Place]] = defaultdict(list)
    for place in places:
        # What stood above may be gone: then it stands at the top.
        children[place.parent_id if place.parent_id in ids else None].append(place)
    return children


def _rows(
    children: dict[uuid.UUID | None, list[Place]],
    people: dict[uuid.UUID, int],
    parent_id: uuid.UUID | None,
    depth: int,
) -> Iterator[SectionRow]:
    for place in children.get(parent_id, []):
        below = list(_rows(children, people, place.id, depth + 1))
        here = people.get(place.id, 0)
        total = here + sum(row.people for row in below)
        yield SectionRow(place.id, place.code, place.name, depth, here, total)
        yield from below


def _people(session: Session, today: date) -> dict[uuid.UUID, int]:
    rows = session.execute(
        sa.select(Appointment.section_id, sa.func.count())
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.kind == PostKind.MAIN,
            valid(Appointment, today),
            sa.or_(Person.left_on.is_(None), Person.left_on >= today),
        )
        .group_by(Appointment.section_id)
    )
    return {row[0]: row[1] for row in rows}
