"""Reads of make-ups: where a missed session can be made up for, and who has asked for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.people.register.models import Person
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.attendance import queries as attendance
from app.training.attendance.models import Announcement, Attendance, MakeUp, Presence
from app.training.attendance.queries import Mark, Sitting
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Offering
from app.training.plans.models import Run, RunSession, Training
from app.training.plans.states import TAKING, RunState
from app.training.seats import queries as seats


@dataclass(frozen=True)
class Place:
    """A session of another run in which one can be made up for."""

    sitting: Sitting
    run_id: uuid.UUID
    run_number: int
    #: Seats that are free in it; None for as many as are wanted.
    left: int | None
    is_clashing: bool

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen."""
        return self.left != 0 and not self.is_clashing


@dataclass(frozen=True)
class Gap:
    """A session that somebody misses, what became of it, and where it can be made up for."""

    sitting: Sitting
    mark: Mark
    #: Where it is made up for, as asked or given.
    chosen: Place | None
    places: tuple[Place, ...]


def is_missed(mark: Mark | Attendance | None) -> bool:
    """Whether a session is missed as a whole, or will be."""
    if mark is None or mark.presence is not None:
        return mark is not None and mark.presence == Presence.ABSENT
    return mark.announced == Announcement.ABSENT


def gaps(session: Session, enrolment: Enrolment, now: datetime) -> list[Gap]:
    """Return what somebody misses of a run, each with its places: seven statements."""
    run = session.get_one(Run, enrolment.run_id)
    known = attendance.marks_of(session, enrolment.id)
    own = attendance.sittings(session, [run.id]).get(run.id, [])
    missed = [each for each in own if is_missed(known.get(each.id))]
    if not missed:
        return []
    others = _places(session, enrolment, run.offering_id)
    found = []
    for sitting in missed:
        mark = known[sitting.id]
        same = [place for place in others.values() if place.sitting.number == sitting.number]
        chosen = others.get(mark.makes_up_id) if mark.makes_up_id and mark.make_up else None
        coming = [place for place in same if place.sitting.starts_at > now]
        found.append(Gap(sitting, mark, chosen, tuple(coming)))
    return found


def _places(
    session: Session, enrolment: Enrolment, offering_id: uuid.UUID
) -> Mapping[uuid.UUID, Place]:
    """Return the sessions of the other runs that take people, by their keys."""
    accounts = seats.runs(session, offering_id)
    guests = {
        row.session_id: row.guests for row in session.execute(seats.guests(offering_id)).all()
    }
    rows = session.execute(
        sa.select(RunSession, Run.number)
        .join(Run, Run.id == RunSession.run_id)
        .where(
            Run.offering_id == offering_id,
            Run.id != enrolment.run_id,
            Run.state.in_(TAKING - {RunState.DRAFT}),
        )
        .order_by(RunSession.starts_at)
    ).all()
    busy = clashing(session, enrolment.person_id, [row.RunSession.id for row in rows])
    places = {}
    for row, run_number in rows:
        account = accounts[row.run_id]
        left = None
        if account.capacity is not None:
            left = max(0, account.capacity - account.taken - guests.get(row.id, 0))
        places[row.id] = Place(
            attendance.sitting_of(row), row.run_id, run_number, left, row.id in busy
        )
    return places


def place(
    session: Session, enrolment: Enrolment, offering_id: uuid.UUID, to_id: uuid.UUID
) -> Place | None:
    """Return one session as a place for somebody; None where it is none of the offering's."""
    return _places(session, enrolment, offering_id).get(to_id)


def clashing(
    session: Session, person_id: uuid.UUID, session_ids: list[uuid.UUID]
) -> set[uuid.UUID]:
    """Return which of some sessions overlap one that somebody is to come to.

    What they have given notice of missing is none of these.
    """
    theirs, wanted = aliased(RunSession), aliased(RunSession)
    away = sa.exists().where(
        Attendance.enrolment_id == Enrolment.id,
        Attendance.session_id == theirs.id,
        Attendance.announced == Announcement.ABSENT,
    )
    query = (
        sa.select(wanted.id)
        .distinct()
        .join(theirs, sa.and_(wanted.starts_at < theirs.ends_at, theirs.starts_at < wanted.ends_at))
        .join(Enrolment, Enrolment.run_id == theirs.run_id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(SEATED),
            wanted.id.in_(session_ids),
            theirs.id != wanted.id,
            ~away,
        )
    )
    return set(session.scalars(query))


@dataclass(frozen=True)
class Asked:
    """A make-up that somebody has asked for, and the office has not answered."""

    id: uuid.UUID
    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    training: str
    run_number: int
    session_number: int
    to_run_number: int
    to_starts_at: datetime
    to_place: str


def waiting(session: Session, day: date, *conditions: sa.ColumnElement[bool]) -> list[Asked]:
    """Return the make-ups that wait for the office, the nearest first, in one statement."""
    theirs, wanted, to_run = aliased(RunSession), aliased(RunSession), aliased(Run)
    query = cast(
        "sa.Select[Any]",
        sa.select(
            Attendance.id,
            Enrolment.id,
            Person.id,
            Person.name,
            newest_number(Person.id),
            SectionVersion.name,
            Training.title,
            Run.number,
            theirs.number,
            to_run.number,
            wanted.starts_at,
            wanted.place,
        )
        .select_from(Attendance)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .join(theirs, theirs.id == Attendance.session_id)
        .join(wanted, wanted.id == Attendance.makes_up_id)
        .join(to_run, to_run.id == wanted.run_id)
        .where(Attendance.make_up == MakeUp.ASKED, Enrolment.state.in_(SEATED), *conditions)
        .order_by(wanted.starts_at, Attendance.id),
    )
    return [Asked(*row) for row in session.execute(query)]
