"""Reads of the catalogue: what is offered, and how its reader stands to each of it.

A few statements for any number of offerings; how somebody stands is worked out from their rows.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.training.audiences.models import AudienceMember
from app.training.calls import queries as calls
from app.training.candidacies.models import Candidacy
from app.training.candidacies.states import LIVE
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED, EnrolmentState
from app.training.offerings.models import APPLIED_FOR, Offering
from app.training.plans.models import Prerequisite, Run, Training, TrainingCategory
from app.training.plans.states import RunState

#: A run is known to learners from its call on, whatever becomes of it.
KNOWN = Run.state != RunState.DRAFT
#: States in which an offering is something to look forward to.
_COMING = (
    *(RunState.CALLING, RunState.CLOSED, RunState.DECIDED),
    *(RunState.OPEN, RunState.POSTPONED),
)


class Standing(StrEnum):
    """How a reader stands to an offering: 決定済, 申込済, 申込できる, 募集前, 受付終了, 指名."""

    SEATED = "seated"
    PUT_FORWARD = "put_forward"
    OPEN = "open"
    BEFORE = "before"
    CLOSED = "closed"
    NAMED = "named"


@dataclass(frozen=True)
class CourseRun:
    """One run, as the catalogue shows it."""

    id: uuid.UUID
    offering_id: uuid.UUID
    number: int
    kind: str
    state: str
    learn_from: date
    learn_until: date
    minutes: int
    apply_from: date | None
    apply_until: datetime | None
    head_until: datetime | None
    capacity: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """How many seats are free; None for as many as are wanted."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def until(self) -> datetime | None:
        """Until when it can be applied for."""
        return self.apply_until or self.head_until

    @property
    def last_day(self) -> date | None:
        """The last day on which it can be applied for."""
        return clock.today(self.until) if self.until else None

    def is_coming(self, now: datetime) -> bool:
        """Whether it is still to be taken, or under way."""
        return self.learn_until >= clock.today(now) and self.state != RunState.CANCELLED

    def is_before(self, now: datetime) -> bool:
        """Whether it is still to be applied for later."""
        is_called = self.state == RunState.CALLING
        return is_called and self.apply_from is not None and self.apply_from > clock.today(now)

    def is_taking(self, now: datetime) -> bool:
        """Whether it can be applied for now."""
        return calls.takes_applications(self, now)


@dataclass(frozen=True)
class Course:
    """One offering, as its reader sees it in lists."""

    offering_id: uuid.UUID
    training_id: uuid.UUID
    code: str
    title: str
    category: str | None
    obligation: str
    runs: tuple[CourseRun, ...]
    standing: Standing
    #: The state of what the reader was put forward by; None where they were not.
    candidacy: str | None
    #: Whether it is for the reader: for everybody, or for a list with them in it.
    is_meant: bool


@dataclass(frozen=True)
class Own:
    """What a reader has in the catalogue already."""

    candidacies: Mapping[uuid.UUID, str]
    seats: frozenset[uuid.UUID]
    #: Offerings that are for others alone.
    not_meant: frozenset[uuid.UUID]


def courses(
    session: Session,
    reader_id: uuid.UUID,
    now: datetime,
    *conditions: sa.ColumnElement[bool],
) -> list[Course]:
    """Return what is offered: what can be applied for first, by its limit, then by its days."""
    rows = session.execute(
        sa.select(
            Offering.id,
            Training.id,
            Training.code,
            Training.title,
            TrainingCategory.name,
            Offering.obligation,
        )
        .join(Training, Training.id == Offering.training_id)
        .outerjoin(TrainingCategory, TrainingCategory.id == Training.category_id)
        .where(*conditions)
    ).all()
    held = _runs(session, [row[0] for row in rows])
    own = _own(session, reader_id)
    found = [
        Course(
            *row,
            held[row[0]],
            _standing(row[0], row[5], held[row[0]], own, now),
            own.candidacies.get(row[0]),
            row[0] not in own.not_meant,
        )
        for row in rows
        if held[row[0]]
    ]
    return sorted(found, key=lambda course: _place(course, now))


def is_coming(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition on `Offering` that a run of it is still to be taken."""
    return sa.exists().where(
        Run.offering_id == Offering.id,
        Run.state.in_(_COMING),
        Run.learn_until >= clock.today(now),
    )


def is_called(words: str) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that each of some words is found in what an offering is about."""
    about = sa.func.lower(
        Training.code + " " + Training.title + " " + Training.purpose + " " + Offering.subjects
    )
    return [about.contains(word.lower(), autoescape=True) for word in words.split()]


def is_ones_own(reader_id: uuid.UUID) -> sa.ColumnElement[bool]:
    """Return the condition on `Offering` that somebody was put forward for it or had a seat."""
    return sa.or_(
        sa.exists().where(Candidacy.offering_id == Offering.id, Candidacy.person_id == reader_id),
        sa.exists().where(
            Run.offering_id == Offering.id,
            Enrolment.run_id == Run.id,
            Enrolment.person_id == reader_id,
        ),
    )


@dataclass(frozen=True)
class Required:
    """A training that has to be completed before, and whether the reader has."""

    title: str
    is_met: bool


def required(session: Session, training_id: uuid.UUID, reader_id: uuid.UUID) -> list[Required]:
    """Return what has to be completed before a training (前提研修)."""
    completed = (
        sa.select(sa.literal(1))
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .where(
            Offering.training_id == Prerequisite.required_id,
            Enrolment.person_id == reader_id,
            Enrolment.state == EnrolmentState.COMPLETED,
        )
        .exists()
    )
    rows = session.execute(
        sa.select(Training.title, completed)
        .join(Prerequisite, Prerequisite.required_id == Training.id)
        .where(Prerequisite.training_id == training_id)
        .order_by(Training.code)
    )
    return [Required(*row) for row in rows]


def _runs(
    session: Session, offering_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, tuple[CourseRun, ...]]:
    """Return the known runs of offerings, by their days, with their seats."""
    seated = sa.func.count(sa.case((Enrolment.state.in_(SEATED), 1)))
    rows = session.execute(
        sa.select(
            Run.id,
            Run.offering_id,
            Run.number,
            Run.kind,
            Run.state,
            Run.learn_from,
            Run.learn_until,
            Run.minutes,
            Run.apply_from,
            Run.apply_until,
            Run.head_until,
            Run.capacity_max,
            seated,
        )
        .outerjoin(Enrolment, Enrolment.run_id == Run.id)
        .where(Run.offering_id.in_(offering_ids), KNOWN)
        .group_by(Run.id)
        .order_by(Run.learn_from, Run.number)
    )
    found: dict[uuid.UUID, list[CourseRun]] = defaultdict(list)
    for row in rows:
        found[row.offering_id].append(CourseRun(*tuple(row)))
    return defaultdict(tuple, {key: tuple(runs) for key, runs in found.items()})


def _own(session: Session, reader_id: uuid.UUID) -> Own:
    put_forward = session.execute(
        sa.select(Candidacy.offering_id, Candidacy.state).where(
            Candidacy.person_id == reader_id, Candidacy.state.in_(LIVE)
        )
    )
    seats = session.scalars(
        sa.select(Run.offering_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .where(Enrolment.person_id == reader_id, Enrolment.state.in_(SEATED))
    )
    is_mine = sa.func.count(sa.case((AudienceMember.person_id == reader_id, 1)))
    not_meant = session.scalars(
        sa.select(AudienceMember.offering_id)
        .group_by(AudienceMember.offering_id)
        .having(is_mine == 0)
    )
    candidacies = {row.offering_id: row.state for row in put_forward}
    return Own(candidacies, frozenset(seats), frozenset(not_meant))


def _standing(
    offering_id: uuid.UUID,
    obligation: str,
    runs: Collection[CourseRun],
    own: Own,
    now: datetime,
) -> Standing:
    if offering_id in own.seats:
        return Standing.SEATED
    if offering_id in own.candidacies:
        return Standing.PUT_FORWARD
    if obligation not in APPLIED_FOR:
        return Standing.NAMED
    if any(run.is_taking(now) for run in runs):
        return Standing.OPEN
    return Standing.BEFORE if any(run.is_before(now) for run in runs) else Standing.CLOSED


def _place(course: Course, now: datetime) -> tuple[bool, datetime, date, str]:
    taking = [run.until for run in course.runs if run.is_taking(now) and run.until]
    is_open = course.standing == Standing.OPEN
    coming = [run.learn_from for run in course.runs if run.learn_until >= clock.today(now)]
    nearest = min(taking) if is_open and taking else clock.end_of(date.max.replace(year=9000))
    return not is_open, nearest, min(coming, default=date.max), course.code
