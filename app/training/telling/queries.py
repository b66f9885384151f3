"""Reads for telling: what something is about, and who is to know of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel import clock
from app.kernel.calendar import Event
from app.kernel.notices.models import Notice
from app.kernel.periods import valid
from app.people.heads.queries import near_to
from app.people.permission.models import Role, RoleGrant
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.orders.models import Order, OrderLine
from app.training.plans.models import Run, RunSession, Training

#: SEQUENCE counts seconds from here; RFC 5545 has room for 68 years of them.
_EPOCH = clock.start_of(clock.ERAS[0].begins_on)
#: Stands before a session's key: by both calendars know it, for ever.
_UID = "session-"


@dataclass(frozen=True)
class Matter:
    """What is told about: a training, and perhaps one of its runs."""

    training_id: uuid.UUID
    title: str
    owner_id: uuid.UUID | None
    run: Run | None = None

    @property
    def held(self) -> Run:
        """The run, where one is told about."""
        if self.run is None:
            raise LookupError("no run is told about")
        return self.run

    @property
    def data(self) -> dict[str, object]:
        """What fills the sentences."""
        if self.run is None:
            return {"title": self.title}
        return {
            "title": self.title,
            "run": self.run.number,
            "from_on": self.run.learn_from.isoformat(),
            "until_on": self.run.learn_until.isoformat(),
        }


def of_run(session: Session, run_id: uuid.UUID) -> Matter:
    """Return what a run is about."""
    run = session.get_one(Run, run_id)
    found = of_offering(session, run.offering_id)
    return Matter(found.training_id, found.title, found.owner_id, run)


def of_offering(session: Session, offering_id: uuid.UUID) -> Matter:
    """Return what an offering is about."""
    row = session.execute(
        sa.select(Training.id, Training.title, Training.owner_id)
        .join(Offering, Offering.training_id == Training.id)
        .where(Offering.id == offering_id)
    ).one()
    return Matter(*row)


def head_limit(session: Session, offering_id: uuid.UUID) -> datetime | None:
    """Return until when a word may be said for a section in the last of an offering's runs."""
    return session.scalar(
        sa.select(sa.func.max(Run.head_until)).where(Run.offering_id == offering_id)
    )


def planners(session: Session, matter: Matter, now: datetime) -> list[uuid.UUID]:
    """Return who looks after a training: its organisers, or the office where it has none."""
    named = _holding(session, Role.ORGANISER, matter.training_id, now)
    if not named and matter.owner_id:
        named = near_to(session, [matter.owner_id], Role.ORGANISER, now).get(matter.owner_id, [])
    if not named:
        named = _holding(session, Role.OFFICE, None, now, RoleGrant.section_id.is_(None))
    return list(dict.fromkeys(named))


def lecturers(session: Session, matter: Matter, now: datetime) -> list[uuid.UUID]:
    """Return who gives a training."""
    return _holding(session, Role.LECTURER, matter.training_id, now)


def _holding(
    session: Session,
    role: Role,
    training_id: uuid.UUID | None,
    now: datetime,
    *conditions: sa.ColumnElement[bool],
) -> list[uuid.UUID]:
    query = sa.select(RoleGrant.person_id).where(
        RoleGrant.role == role,
        RoleGrant.training_id == training_id,
        valid(RoleGrant, clock.today(now)),
        *conditions,
    )
    return list(session.scalars(query))


def heads(session: Session, section_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    """Return who decides for a section today."""
    return near_to(session, [section_id], Role.HEAD, now).get(section_id, [])


def deciders(
    session: Session,
    section_id: uuid.UUID,
    person_id: uuid.UUID,
    matter: Matter,
    now: datetime,
) -> list[uuid.UUID]:
    """Return who is to say a word for a section about somebody: not themselves, or else we."""
    others = [head for head in heads(session, section_id, now) if head != person_id]
    return others or planners(session, matter, now)


def near(
    session: Session, section_ids: Collection[uuid.UUID], now: datetime
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return heads and coordinators of some sections."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for role in (Role.HEAD, Role.COORDINATOR):
        for section_id, people in near_to(session, section_ids, role, now).items():
            known = found.setdefault(section_id, [])
            known.extend(person for person in people if person not in known)
    return found


def people_of(session: Session, run_id: uuid.UUID, states: Collection[str]) -> list[uuid.UUID]:
    """Return who is enrolled in a run, in some states."""
    return list(
        session.scalars(
            sa.select(Enrolment.person_id).where(
                Enrolment.run_id == run_id, Enrolment.state.in_(states)
            )
        )
    )


def runs_left(session: Session, order: Order) -> list[uuid.UUID]:
    """Return the runs from which those whom a version names have moved by it.

    They were ordered into that run, and into this one by no other version.
    """
    before, line, earlier = aliased(Enrolment), aliased(OrderLine), aliased(Order)
    was_ordered = sa.exists().where(line.enrolment_id == before.id)
    is_known = sa.exists().where(
        line.enrolment_id == OrderLine.enrolment_id,
        line.order_id == earlier.id,
        earlier.version < order.version,
    )
    moved = (
        sa.select(before.run_id)
        .join(Enrolment, Enrolment.follows_id == before.id)
        .join(OrderLine, OrderLine.enrolment_id == Enrolment.id)
        .where(
            OrderLine.order_id == order.id,
            before.person_id == Enrolment.person_id,
            was_ordered,
            ~is_known,
        )
        .distinct()
    )
    return list(session.scalars(moved))


def events(
    session: Session, matter: Matter, at: datetime, *, is_cancelled: bool = False
) -> list[Event]:
    """Return the sessions of a run that are not over, as they go into people's calendars.

    `at` is when it happened what is told, and gives each its SEQUENCE: what happened later
    overtakes what happened before, in whichever order they are carried.
    """
    held = session.scalars(
        sa.select(RunSession)
        .where(RunSession.run_id == matter.held.id, RunSession.ends_at > at)
        .order_by(RunSession.starts_at)
    )
    return [event_of(each, matter.title, at, is_cancelled=is_cancelled) for each in held]


def event_of(sitting: RunSession, title: str, at: datetime, *, is_cancelled: bool = False) -> Event:
    """Return one session as it goes into people's calendars."""
    return Event(
        uid=f"{_UID}{sitting.id}",
        sequence=sequence(at),
        summary=title,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        location=sitting.place or sitting.online_url,
        path="/",
        is_cancelled=is_cancelled,
    )


def dropped(session: Session, run_id: uuid.UUID, at: datetime) -> list[Event]:
    """Return, as called off, the sessions that a run's people still have and that are no more.

    What was sent to them tells it: a session that was taken away has no row any more.
    """
    people = sa.select(Enrolment.person_id).where(Enrolment.run_id == run_id)
    sent = sa.select(Notice.events).where(Notice.person_id.in_(people), Notice.events.is_not(None))
    newest: dict[str, Event] = {}
    for plain in session.scalars(sent.distinct()):
        for event in map(Event.of, plain or ()):
            if event.uid not in newest or newest[event.uid].sequence < event.sequence:
                newest[event.uid] = event
    keys = [uuid.UUID(each.removeprefix(_UID)) for each in newest]
    still = set(session.scalars(sa.select(RunSession.id).where(RunSession.id.in_(keys))))
    return [
        replace(event, sequence=sequence(at), is_cancelled=True)
        for event in newest.values()
        if not event.is_cancelled
        and event.starts_at > at
        and uuid.UUID(event.uid.removeprefix(_UID)) not in still
    ]


def sequence(at: datetime) -> int:
    """Return the SEQUENCE of what happened at a moment."""
    return int((at - _EPOCH).total_seconds())
