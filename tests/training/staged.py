"""An offering with runs of two sessions each, its people with seats, and those who act for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.open_days import OpenDays
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Appointment, Person
from app.people.sections.models import Section
from app.training.enrolment import service as enrolments
from app.training.enrolment.models import Enrolment
from app.training.enrolment.service import Place
from app.training.offerings.models import Offering
from app.training.orders import service as orders
from app.training.orders.service import Header
from app.training.plans import service as plans
from app.training.plans.models import Run, RunKind, RunSession
from app.training.plans.service import Limits, RunData, SessionData
from tests import factories

DAYS = OpenDays()


@dataclass
class Stage:
    """Runs five weeks from now, one after another, and a section of three with head and clerk."""

    session: Session
    now: datetime
    offering: Offering
    runs: list[Run]
    section: Section
    people: list[Person]
    clerk: Person
    head: Person
    coordinator: Person

    @property
    def office(self) -> Actor:
        """The office as an actor."""
        return Actor(person_id=self.clerk.id, grants=(Grant("office"),))

    def seat(self, who: Person, run: Run, *, ordered: bool = True) -> Enrolment:
        """Give somebody a seat, by an order unless said otherwise."""
        post = self.session.scalars(
            sa.select(Appointment).where(Appointment.person_id == who.id)
        ).one()
        place = Place(who.id, post.section_id, post.title_id)
        [key] = enrolments.place(self.session, run.id, [place], self.now)
        if ordered:
            header = Header("区長", clock.today(self.now))
            orders.issue(self.session, run.id, header, by=self.office, now=self.now)
        return self.session.get_one(Enrolment, key)

    def newest(self, who: Person) -> Enrolment:
        """Return somebody's newest enrolment, as it is now."""
        self.session.expire_all()
        return self.session.scalars(
            sa.select(Enrolment).where(Enrolment.person_id == who.id).order_by(Enrolment.id.desc())
        ).first() or pytest.fail("no enrolment")

    def sittings(self, run: Run) -> list[RunSession]:
        """Return the sessions of a run."""
        return list(
            self.session.scalars(
                sa.select(RunSession).where(RunSession.run_id == run.id).order_by(RunSession.number)
            )
        )

    def begin(self, run: Run, minutes_ago: int = 0) -> RunSession:
        """Have a run's first session begin so many minutes ago, and last three hours."""
        first = self.sittings(run)[0]
        first.starts_at = clock.now() - timedelta(minutes=minutes_ago)
        first.ends_at = first.starts_at + timedelta(hours=3)
        run.learn_from = clock.today(first.starts_at)
        self.session.flush()
        return first


def staged(session: Session, *, runs: int = 2, capacity: int = 2) -> Stage:
    """Plan an offering, call its runs, and make the people around it."""
    now = clock.now()
    section = factories.section(session, "窓口課")
    clerk = factories.person(session, "研修 担当", roles=(Role.OFFICE,))
    people = [factories.person(session, f"架空 {n}子", section=section) for n in range(3)]
    head = factories.person(session, "架空 課長", section=section)
    coordinator = factories.person(session, "架空 庶務", section=section)
    for who, role in ((head, Role.HEAD), (coordinator, Role.COORDINATOR)):
        session.add(
            RoleGrant(
                person_id=who.id,
                role=role,
                section_id=section.id,
                valid_from=factories.LONG_AGO,
            )
        )
    session.flush()
    office = Actor(person_id=clerk.id, grants=(Grant("office"),))
    training = factories.training(session, "新任係長研修")
    made = [_run(session, training.id, n, capacity, office, now) for n in range(runs)]
    offering = session.get_one(Offering, made[0].offering_id)
    return Stage(session, now, offering, made, section, people, clerk, head, coordinator)


def _run(
    session: Session, training_id: object, place: int, capacity: int, by: Actor, now: datetime
) -> Run:
    day = clock.today(now) + timedelta(days=35 + place)
    start = clock.start_of(day) + timedelta(hours=9)
    data = RunData(
        day,
        day,
        420,
        kind=RunKind.CLASSROOM,
        capacity_max=capacity,
        limits=Limits("21日前", "14日前", "7日前"),
        sessions=(
            SessionData(start, start + timedelta(hours=3), f"第{place + 1}研修室"),
            SessionData(start + timedelta(hours=4), start + timedelta(hours=8), "講堂"),
        ),
    )
    run = plans.plan(session, training_id, new_id(), data, by=by, now=now, days=DAYS)  # type: ignore[arg-type] # a key
    plans.act(session, run.id, "call", by=by, now=now)
    return run


def enter(client: FlaskClient, stage: Stage, who: Person) -> None:
    """Sign somebody in, in the place of whoever is."""
    factories.enter(client, stage.session, who)
