"""Reads of seats: one with its training and rules, one's own, and those of a section."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import NotFound
from app.people.register.models import Person, Title
from app.people.register.queries import is_called, newest_number
from app.people.sections import queries as sections
from app.people.sections.models import Section, SectionVersion
from app.training.changes.models import ChangeRequest
from app.training.changes.states import PENDING
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import BEFORE_IT, EnrolmentState
from app.training.offerings.models import Offering
from app.training.orders import queries as orders
from app.training.orders.models import Order, OrderLine
from app.training.orders.queries import OrderRow
from app.training.plans.models import Run, RunSession, Training
from app.training.plans.states import RunState

#: Seats that somebody still has something to do with; whose run is cancelled takes another.
COMING = (
    *BEFORE_IT,
    EnrolmentState.IN_PROGRESS,
    EnrolmentState.AWAITING,
    EnrolmentState.SUSPENDED,
    EnrolmentState.RUN_CANCELLED,
)


@dataclass(frozen=True)
class Seat:
    """One seat, with whose it is and what it is a seat in."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    state: str
    training_id: uuid.UUID
    training: str
    purpose: str
    offering_id: uuid.UUID
    obligation: str
    run_id: uuid.UUID
    run_number: int
    run_state: str
    kind: str
    learn_from: date
    learn_until: date
    change_until: datetime | None


def seat(session: Session, enrolment_id: uuid.UUID, now: datetime) -> Seat:
    """Return one seat; raises NotFound."""
    query = cast(
        "sa.Select[Any]",
        sa.select(
            Enrolment.id,
            Person.id,
            Person.name,
            newest_number(Person.id),
            SectionVersion.name,
            Enrolment.state,
            Training.id,
            Training.title,
            Training.purpose,
            Offering.id,
            Offering.obligation,
            Run.id,
            Run.number,
            Run.state,
            Run.kind,
            Run.learn_from,
            Run.learn_until,
            Run.change_until,
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(clock.today(now)))
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Enrolment.id == enrolment_id),
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Seat(*row)


def orders_of(session: Session, enrolment_id: uuid.UUID) -> list[OrderRow]:
    """Return the versions of orders that name a seat, the newest first."""
    naming = sa.select(OrderLine.order_id).where(OrderLine.enrolment_id == enrolment_id)
    return orders.versions(session, Order.id.in_(naming))


@dataclass(frozen=True)
class MySeat:
    """One seat of one's own, as the home lists it."""

    enrolment_id: uuid.UUID
    training: str
    run_number: int
    kind: str
    state: str
    learn_from: date
    learn_until: date
    #: The next session, where there is one to come.
    next_at: datetime | None
    #: What kind of change is asked for and not answered yet.
    asked: str | None


def _next_at(now: datetime) -> sa.ScalarSelect[datetime]:
    return (
        sa.select(sa.func.min(RunSession.starts_at))
        .where(RunSession.run_id == Run.id, RunSession.ends_at >= now)
        .scalar_subquery()
    )


def _asked() -> sa.ScalarSelect[str]:
    return (
        sa.select(ChangeRequest.kind)
        .where(ChangeRequest.enrolment_id == Enrolment.id, ChangeRequest.state.in_(PENDING))
        .limit(1)
        .scalar_subquery()
    )


def my_seats(session: Session, person_id: uuid.UUID, now: datetime) -> list[MySeat]:
    """Return somebody's seats that are still to be taken, the nearest first, in one statement."""
    coming = _next_at(now)
    rows = session.execute(
        sa.select(
            Enrolment.id,
            Training.title,
            Run.number,
            Run.kind,
            Enrolment.state,
            Run.learn_from,
            Run.learn_until,
            coming,
            _asked(),
        )
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Enrolment.person_id == person_id, *_is_coming(now))
        .order_by(Run.learn_from, Training.title, Run.number)
    )
    return [MySeat(*row) for row in rows]


def _is_coming(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Enrolment.state.in_(COMING),
        Run.state.not_in((RunState.DRAFT, RunState.SETTLED)),
        Run.learn_until >= clock.today(now),
    )


@dataclass(frozen=True)
class StaffSeat:
    """One seat of somebody of a section, as its coordinator lists it."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str
    section: str
    title: str
    training: str
    run_number: int
    state: str
    learn_from: date
    next_at: datetime | None
    asked: str | None


def of_staff(reached: sa.ColumnElement[bool], words: str, now: datetime) -> sa.Select[Any]:
    """Return the query of the seats of some staff, with the columns of `StaffSeat`.

    `reached` is the condition that whoever asks may see them; `words` are a number, or a part of a
    name.
    """
    number = newest_number(Person.id)
    query = (
        sa.select(
            Enrolment.id,
            Person.id,
            Person.name,
            number.label("number"),
            SectionVersion.name,
            Title.name,
            Training.title,
            Run.number,
            Enrolment.state,
            Run.learn_from,
            _next_at(now).label("next_at"),
            _asked().label("asked"),
        )
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Section, Section.id == Enrolment.section_id)
        .join(SectionVersion, sections.version_on(clock.today(now)))
        .join(Title, Title.id == Enrolment.title_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(reached, *_is_coming(now))
        .order_by(Run.learn_from, Training.title, Run.number, *sections.ORDER, sa.text("number"))
    )
    if words:
        query = query.where(is_called(words, number))
    return cast("sa.Select[Any]", query)
