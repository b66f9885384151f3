"""Reads of attendance: who was where, and how much of a run somebody missed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.register.models import Person, Title
from app.people.register.queries import newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.attendance.models import Attendance, MakeUp, Presence
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.plans.models import RunSession


@dataclass(frozen=True)
class Sitting:
    """One session of a run."""

    id: uuid.UUID
    number: int
    starts_at: datetime
    ends_at: datetime
    place: str
    online_url: str
    lecturer: str

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True)
class Mark:
    """What is known of one person in one session."""

    session_id: uuid.UUID
    announced: str | None = None
    reason: str | None = None
    announced_at: datetime | None = None
    announced_by: uuid.UUID | None = None
    presence: str | None = None
    minutes: int | None = None
    make_up: str | None = None
    makes_up_id: uuid.UUID | None = None
    make_up_item_id: uuid.UUID | None = None
    checked_in_at: datetime | None = None
    noted_at: datetime | None = None

    @property
    def is_carried(self) -> bool:
        """Whether it was taken in an earlier run, and counts here (case 13)."""
        return self.makes_up_id is not None and self.make_up is None


_MARK = (
    Attendance.session_id,
    Attendance.announced,
    Attendance.reason,
    Attendance.announced_at,
    Attendance.announced_by,
    Attendance.presence,
    Attendance.minutes,
    Attendance.make_up,
    Attendance.makes_up_id,
    Attendance.make_up_item_id,
    Attendance.checked_in_at,
    Attendance.noted_at,
)


@dataclass(frozen=True)
class Entry:
    """One person on the list of a session or of a run."""

    #: What is known of them in the session; None on the list of a run.
    mark: Mark | None
    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    title: str
    #: Whether they come from another run, to make a session of it up.
    is_guest: bool = False


def sittings(session: Session, run_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Sitting]]:
    """Return the sessions of some runs, in their order, in one statement."""
    rows = session.scalars(
        sa.select(RunSession).where(RunSession.run_id.in_(run_ids)).order_by(RunSession.starts_at)
    )
    found: dict[uuid.UUID, list[Sitting]] = defaultdict(list)
    for row in rows:
        found[row.run_id].append(sitting_of(row))
    return dict(found)


def sitting_of(row: RunSession) -> Sitting:
    """Return a session as lists show it."""
    return Sitting(
        row.id, row.number, row.starts_at, row.ends_at, row.place, row.online_url, row.lecturer
    )


def marks(session: Session, run_id: uuid.UUID) -> dict[uuid.UUID, dict[uuid.UUID, Mark]]:
    """Return what is known of each enrolment with a seat in a run, by session."""
    return _marks(session, Enrolment.run_id == run_id, Enrolment.state.in_(SEATED))


def marks_of(session: Session, enrolment_id: uuid.UUID) -> dict[uuid.UUID, Mark]:
    """Return what is known of one enrolment, by session."""
    return _marks(session, Enrolment.id == enrolment_id).get(enrolment_id, {})


def _marks(
    session: Session, *conditions: sa.ColumnElement[bool]
) -> dict[uuid.UUID, dict[uuid.UUID, Mark]]:
    rows = session.execute(
        sa.select(Attendance.enrolment_id, *_MARK)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(*conditions)
    )
    found: dict[uuid.UUID, dict[uuid.UUID, Mark]] = defaultdict(dict)
    for enrolment_id, *columns in rows:
        mark = Mark(*columns)
        found[enrolment_id][mark.session_id] = mark
    return dict(found)


def people(
    session: Session, run_id: uuid.UUID, day: date, reached: sa.ColumnElement[bool]
) -> list[Entry]:
    """Return those with a seat in a run, by section, rank and number, in one statement.

    `reached` is, here and below, the condition on `Person` that whoever asks may see them in it.
    """
    query = _people(day).where(Enrolment.run_id == run_id, Enrolment.state.in_(SEATED), reached)
    return [Entry(None, *row) for row in session.execute(query)]


def on_list(
    session: Session, sitting: RunSession, day: date, reached: sa.ColumnElement[bool]
) -> list[Entry]:
    """Return those on the list of one session, guests last: in two statements."""
    of_it = _people(day).where(Enrolment.state.in_(SEATED), reached)
    own = of_it.add_columns(Attendance.id, *_MARK).outerjoin(
        Attendance,
        sa.and_(Attendance.enrolment_id == Enrolment.id, Attendance.session_id == sitting.id),
    )
    guests = (
        of_it.add_columns(Attendance.id, *_MARK)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(Attendance.makes_up_id == sitting.id, Attendance.make_up == MakeUp.GIVEN)
    )
    own = own.where(Enrolment.run_id == sitting.run_id)
    found = [_entry(row) for row in session.execute(own)]
    return found + [replace(_entry(row), is_guest=True) for row in session.execute(guests)]


def _entry(row: Sequence[Any]) -> Entry:
    """Return an entry from the columns of `_people`, the key of the mark, and the mark's."""
    columns, (mark_id, *known) = row[:6], row[6:]
    return Entry(Mark(*known) if mark_id else None, *columns)


def _people(day: date) -> sa.Select[Any]:
    found = (
        sa.select(
            Enrolment.id,
            Person.id,
            Person.name,
            newest_number(Person.id).label("number"),
            SectionVersion.name,
            Title.name,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Title, Title.id == Enrolment.title_id)
        .order_by(*sections.ORDER, Title.rank_order, sa.text("number"), Person.id)
    )
    return cast("sa.Select[Any]", found)


@dataclass(frozen=True)
class Missed:
    """How much of a run somebody missed, in minutes."""

    total: int
    missed: int
    #: Sessions of which nobody has said yet how it was.
    open: int

    def is_too_much(self, limit: int) -> bool:
        """Whether more than `limit` percent of the whole was missed; the limit itself is not."""
        return self.missed * 100 > self.total * limit


def missed(sessions: Collection[Sitting], known: Mapping[uuid.UUID, Mark]) -> Missed:
    """Add up what somebody missed of sessions.

    A session that is excused (公欠) counts neither way; one that was made up for counts as taken.
    """
    total = gone = unsaid = 0
    for sitting in sessions:
        mark = known.get(sitting.id)
        if mark is not None and mark.presence == Presence.EXCUSED:
            continue
        total += sitting.minutes
        if mark is None or mark.presence is None:
            unsaid += 1
        elif mark.presence != Presence.MADE_UP:
            gone += sitting.minutes - min(sitting.minutes, mark.minutes or 0)
    return Missed(total, gone, unsaid)
