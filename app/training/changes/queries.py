"""Reads of requests for a change."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.people.register.models import Person
from app.people.register.queries import Post, newest_number, posts
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.attendance import queries as attendance
from app.training.attendance.queries import Sitting
from app.training.candidacies.queries import obstacles
from app.training.changes.models import ChangeRequest
from app.training.changes.states import PENDING
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.offerings.models import Offering
from app.training.orders import queries as orders
from app.training.orders.models import Order
from app.training.plans.models import Run, RunSession, Training
from app.training.plans.states import TAKING, RunState
from app.training.seats import queries as seats


def pending_of(session: Session, enrolment_id: uuid.UUID) -> ChangeRequest | None:
    """Return the request that somebody has still to say a word on."""
    return session.scalars(
        sa.select(ChangeRequest).where(
            ChangeRequest.enrolment_id == enrolment_id, ChangeRequest.state.in_(PENDING)
        )
    ).first()


def pending_of_run(session: Session, run_id: uuid.UUID, *, but: str) -> Sequence[ChangeRequest]:
    """Return the requests for seats of a run that are pending, but those of a kind."""
    return session.scalars(
        sa.select(ChangeRequest)
        .join(Enrolment, Enrolment.id == ChangeRequest.enrolment_id)
        .where(
            Enrolment.run_id == run_id,
            ChangeRequest.state.in_(PENDING),
            ChangeRequest.kind != but,
        )
        .order_by(ChangeRequest.id)
        .with_for_update(of=ChangeRequest)
    ).all()


def last_of(session: Session, enrolment_id: uuid.UUID) -> ChangeRequest | None:
    """Return the newest request for a seat, whatever became of it."""
    return session.scalars(
        sa.select(ChangeRequest)
        .where(ChangeRequest.enrolment_id == enrolment_id)
        .order_by(ChangeRequest.id.desc())
        .limit(1)
    ).first()


def clashes(
    session: Session, person_id: uuid.UUID, run_id: uuid.UUID, *, leaving: uuid.UUID | None = None
) -> list[uuid.UUID]:
    """Return the runs of a person whose sessions overlap those of a run; `leaving` is none of them.

    What is learnt alone clashes with nothing.
    """
    found = _overlaps(session, person_id, [run_id], leaving)
    return [theirs for theirs, _ in found]


def _overlaps(
    session: Session,
    person_id: uuid.UUID,
    run_ids: Collection[uuid.UUID],
    leaving: uuid.UUID | None,
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return the pairs of a run that somebody has a seat in and a wanted one that overlaps it."""
    theirs, wanted = aliased(RunSession), aliased(RunSession)
    query = (
        sa.select(theirs.run_id, wanted.run_id)
        .distinct()
        .join(Enrolment, Enrolment.run_id == theirs.run_id)
        .join(
            wanted,
            sa.and_(wanted.starts_at < theirs.ends_at, theirs.starts_at < wanted.ends_at),
        )
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(SEATED),
            wanted.run_id.in_(run_ids),
            theirs.run_id != wanted.run_id,
        )
    )
    if leaving is not None:
        query = query.where(theirs.run_id != leaving)
    return [(row[0], row[1]) for row in session.execute(query)]


@dataclass(frozen=True)
class Option:
    """Another run of the offering, as somebody may choose it."""

    run_id: uuid.UUID
    number: int
    learn_from: date
    learn_until: date
    sittings: tuple[Sitting, ...]
    #: Free seats; None for as many as are wanted.
    left: int | None
    is_clashing: bool

    @property
    def is_open(self) -> bool:
        """Whether it can be chosen."""
        return self.left != 0 and not self.is_clashing


def options(session: Session, enrolment: Enrolment, now: datetime, day: date) -> list[Option]:
    """Return the other runs of an offering that take people and have not begun, in their order."""
    offering_id = session.get_one(Run, enrolment.run_id).offering_id
    runs = session.scalars(
        sa.select(Run)
        .where(
            Run.offering_id == offering_id,
            Run.id != enrolment.run_id,
            Run.state.in_(TAKING - {RunState.DRAFT}),
            Run.learn_until >= day,
        )
        .order_by(Run.learn_from, Run.number)
    ).all()
    ids = [run.id for run in runs]
    held, accounts = attendance.sittings(session, ids), seats.runs(session, offering_id)
    busy = {run_id for _, run_id in _overlaps(session, enrolment.person_id, ids, enrolment.run_id)}
    return [
        Option(
            run.id,
            run.number,
            run.learn_from,
            run.learn_until,
            tuple(held.get(run.id, ())),
            accounts[run.id].left,
            run.id in busy,
        )
        for run in runs
        if all(sitting.starts_at > now for sitting in held.get(run.id, ()))
    ]


def successors(session: Session, enrolment: Enrolment, now: datetime) -> list[Post]:
    """Return who of the section could take somebody's seat, in the register's order."""
    offering = session.get_one(Offering, session.get_one(Run, enrolment.run_id).offering_id)
    query = posts(now).where(Section.id == enrolment.section_id, Person.id != enrolment.person_id)
    staff = [Post(*row) for row in session.execute(query)]
    barred = obstacles(session, offering, [post.person_id for post in staff], now)
    return [post for post in staff if post.person_id not in barred]


@dataclass(frozen=True)
class Pending:
    """A request on which somebody has still to say a word, as lists show it."""

    id: uuid.UUID
    enrolment_id: uuid.UUID
    kind: str
    state: str
    reason: str
    is_urgent: bool
    requested_at: datetime
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    training: str
    run_number: int
    #: Until when changes of the run are taken without more.
    due: datetime | None
    learn_from: date
    #: Who asked, where that was not the person (代行).
    requested_by: str | None
    to_run_number: int | None
    successor: str | None
    successor_number: str | None
    offering: Offering


def pending(session: Session, day: date, *conditions: sa.ColumnElement[bool]) -> list[Pending]:
    """Return requests by conditions on the seat, its person and offering, the oldest first.

    Two statements, or one where there are none: every page of whoever decides asks for them, mostly
    in vain, and to plan the second takes PostgreSQL longer than all else that such a page asks.
    """
    keys = session.scalars(
        sa.select(ChangeRequest.id)
        .join(Enrolment, Enrolment.id == ChangeRequest.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .where(*conditions)
    ).all()
    if not keys:
        return []
    asking, after, to_run = aliased(Person), aliased(Person), aliased(Run)
    is_other = sa.and_(asking.id == ChangeRequest.requested_by, asking.id != Enrolment.person_id)
    query = (
        _named(day)
        .add_columns(asking.name, to_run.number, after.name, newest_number(after.id), Offering)
        .outerjoin(asking, is_other)
        .outerjoin(to_run, to_run.id == ChangeRequest.run_id)
        .outerjoin(after, after.id == ChangeRequest.successor_id)
        .where(ChangeRequest.id.in_(keys))
        .order_by(ChangeRequest.is_urgent.desc(), ChangeRequest.requested_at, ChangeRequest.id)
    )
    return [Pending(*row) for row in session.execute(query)]


def _named(day: date) -> sa.Select[Any]:
    """Return the query of requests with the person, the section, the training and the run."""
    found = (
        sa.select(
            ChangeRequest.id,
            ChangeRequest.enrolment_id,
            ChangeRequest.kind,
            ChangeRequest.state,
            ChangeRequest.reason,
            ChangeRequest.is_urgent,
            ChangeRequest.requested_at,
            Person.id,
            Person.name,
            newest_number(Person.id),
            SectionVersion.name,
            Training.title,
            Run.number,
            Run.change_until,
            Run.learn_from,
        )
        .select_from(ChangeRequest)
        .join(Enrolment, Enrolment.id == ChangeRequest.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(day))
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
    )
    return cast("sa.Select[Any]", found)


@dataclass(frozen=True)
class Outcome:
    """What a request has made true: whose seat it is now, in which run, by which order."""

    enrolment_id: uuid.UUID
    run_number: int
    order: Order | None


def outcome(session: Session, request: ChangeRequest) -> Outcome:
    """Return what became of a seat by a request that was granted."""
    after = session.scalars(
        sa.select(Enrolment)
        .where(Enrolment.follows_id == request.enrolment_id)
        .order_by(Enrolment.id.desc())
        .limit(1)
    ).first() or session.get_one(Enrolment, request.enrolment_id)
    run = session.get_one(Run, after.run_id)
    return Outcome(after.id, run.number, orders.newest_of(session, after.id))
