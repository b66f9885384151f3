"""Reads of quotas: what they add up to, and who holds the places of one."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.people.register.models import Person, Title
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import SectionVersion
from app.training.offerings.models import Quota
from app.training.plans.models import Run
from app.training.plans.states import RunState
from app.training.seats import queries as seats
from app.training.seats.queries import Account, Ledger


@dataclass(frozen=True)
class Sums:
    """What quotas add up to; None where there are none of that kind."""

    sections: int | None
    grades: int | None

    @property
    def most(self) -> int:
        """The larger of the two."""
        return max(self.sections or 0, self.grades or 0)


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a place of a quota."""

    person_id: uuid.UUID
    number: str
    name: str
    section: str
    #: Whether a seat is decided; else they are put forward.
    is_seated: bool


@dataclass(frozen=True)
class Frame:
    """What a page of quotas shows: the accounts, and what they are held against."""

    ledger: Ledger
    sums: Sums
    #: Seats of all runs that are held; None where one takes as many as want, or there is none.
    capacity: int | None

    @property
    def accounts(self) -> dict[tuple[uuid.UUID | None, str], Account]:
        """The accounts by section and grade."""
        return {(each.section_id, each.grade): each for each in self.ledger.quotas}


def frame(session: Session, offering_id: uuid.UUID, day: date) -> Frame:
    """Return the quotas of an offering on a day, and what they are held against."""
    ledger = seats.ledger(session, offering_id, day)
    return Frame(ledger, added(ledger.quotas, ledger.lines), capacity(session, offering_id))


def added(
    quotas: Iterable[Account | Quota], lines: Mapping[uuid.UUID, tuple[uuid.UUID, ...]]
) -> Sums:
    """Return what quotas add up to: those of sections, and beside them those of grades.

    A section within one that has a quota for all below it takes no more than that one does; a
    section's quotas of single grades count where it has none for all.
    """
    of_sections: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    shared: set[uuid.UUID] = set()
    grades: list[int] = []
    for quota in quotas:
        if quota.section_id is None:
            grades.append(quota.at_most)
            continue
        of_sections[quota.section_id][quota.grade] = quota.at_most
        if quota.with_children and not quota.grade:
            shared.add(quota.section_id)
    counted = [
        by_grade.get("", sum(by_grade.values()))
        for section_id, by_grade in of_sections.items()
        if not shared.intersection(lines.get(section_id, ())[1:])
    ]
    return Sums(sum(counted) if of_sections else None, sum(grades) if grades else None)


def sums(session: Session, offering_ids: Collection[uuid.UUID], day: date) -> dict[uuid.UUID, Sums]:
    """Return what the quotas of several offerings add up to, of those that have any."""
    lines = sections.lines(session, day)
    found: dict[uuid.UUID, list[Quota]] = defaultdict(list)
    for row in session.scalars(sa.select(Quota).where(Quota.offering_id.in_(offering_ids))):
        found[row.offering_id].append(row)
    return {offering_id: added(rows, lines) for offering_id, rows in found.items()}


def capacity(session: Session, offering_id: uuid.UUID) -> int | None:
    """Return the seats of an offering's runs; None where nothing limits them, or there is none."""
    seats_of_runs = session.scalars(
        sa.select(Run.capacity_max).where(
            Run.offering_id == offering_id, Run.state != RunState.CANCELLED
        )
    ).all()
    known = [most for most in seats_of_runs if most is not None]
    return sum(known) if known and len(known) == len(seats_of_runs) else None


def grades(session: Session) -> list[str]:
    """Return the grades (職層) that titles have, in the order of rank."""
    return list(
        session.scalars(
            sa.select(Title.grade)
            .where(Title.grade != "")
            .group_by(Title.grade)
            .order_by(sa.func.min(Title.rank_order), Title.grade)
        )
    )


def holders(
    session: Session,
    offering_id: uuid.UUID,
    section_id: uuid.UUID | None,
    grade: str,
    now: datetime,
) -> list[Holder]:
    """Return who holds a place that a quota of a section and a grade counts, by section."""
    today = clock.today(now)
    above = sections.lines(session, today)
    charged = Account(
        db.new_id(), section_id, with_children=True, grade=grade, at_least=0, at_most=0, taken=0
    )
    taken = seats.places(offering_id)
    rows = session.execute(
        sa.select(
            taken.c.section_id,
            taken.c.grade,
            Person.id,
            newest_number(Person.id),
            Person.name,
            SectionVersion.name,
            taken.c.is_seated,
        )
        .join(Person, Person.id == taken.c.person_id)
        .outerjoin(SectionVersion, sections.version_on(today, taken.c.section_id))
        .order_by(SectionVersion.position, Person.id)
    )
    return [Holder(*who) for place, of, *who in rows if charged.counts(place, of, above)]
