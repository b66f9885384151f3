"""An offering with two runs some weeks from now, and people of one section put forward for it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.open_days import OpenDays
from app.people.permission.models import Role, RoleGrant
from app.people.register.models import Person
from app.people.sections.models import Section
from app.training.candidacies import service as candidacies
from app.training.candidacies.models import Candidacy
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.orders import service as orders
from app.training.orders.models import Order
from app.training.orders.service import Header
from app.training.plans import service as plans
from app.training.plans.models import Run, RunKind, Training
from app.training.plans.service import Limits, RunData, SessionData
from app.training.proposals import service as proposing
from app.training.selection import service as selection
from app.training.selection.service import Choice
from tests import factories

DAYS = OpenDays()


@dataclass
class Offered:
    """The offering, its runs, its people, and those who act for it."""

    session: Session
    now: datetime
    training: Training
    offering: Offering
    runs: list[Run]
    section: Section
    people: list[Person]
    clerk: Person
    office: Actor
    head_person: Person
    head: Actor

    def put_forward(
        self, who: Person, *wishes: Run, rank: int | None = None, **facts: object
    ) -> Candidacy:
        """Have somebody apply for runs, approved by the head; the section ranks them."""
        row = candidacies.apply(
            self.session,
            self.offering.id,
            new_id(),
            [run.id for run in wishes or self.runs[:1]],
            by=Actor(person_id=who.id, grants=(Grant("learner", frozenset()),)),
            now=self.now,
        )
        candidacies.act(self.session, row.id, "nominate", by=self.head, now=self.now)
        row.rank = rank
        for name, value in facts.items():
            setattr(row, name, value)
        self.session.flush()
        return row

    def propose(self, rows: Sequence[Candidacy], what: str | None, run: Run | None = None) -> None:
        """Note what the office would decide."""
        proposing.propose_all(
            self.session,
            self.offering.id,
            [row.id for row in rows],
            what,
            run.id if run else None,
            by=self.office,
            now=self.now,
        )

    def confirm(self, choice: Choice | None = None) -> selection.Confirmed:
        """Make the proposals come true."""
        return selection.confirm(
            self.session, self.offering.id, choice, by=self.office, now=self.now
        )

    def seated(self, *people: Person) -> list[uuid.UUID]:
        """Have people decided for the first run, and return their enrolments."""
        rows = [self.put_forward(who) for who in people]
        self.propose(rows, "selected", self.runs[0])
        self.confirm(Choice(may_exceed=True))
        return [self.seat_of(who).id for who in people]

    def ordered(self, *people: Person) -> Order:
        """Have people ordered into the first run."""
        self.seated(*people)
        header = Header("架空区長", clock.today(self.now), "研修命令")
        return orders.issue(self.session, self.runs[0].id, header, by=self.office, now=self.now)

    def seat_of(self, who: Person) -> Enrolment:
        """Return somebody's newest enrolment."""
        query = sa.select(Enrolment).where(Enrolment.person_id == who.id)
        return self.session.scalars(query.order_by(Enrolment.id.desc()).limit(1)).one()


def offered(session: Session, *, capacity: int = 2, count: int = 4) -> Offered:
    """Plan and call an offering with two runs, five and six weeks from today."""
    now = clock.now()
    clerk = factories.person(session, "人材 育子", roles=(Role.OFFICE,))
    section = factories.section(session, "窓口課")
    people = [factories.person(session, f"架空 {n}子", section=section) for n in range(count)]
    head = factories.person(session, "架空 課長", section=section)
    session.add(
        RoleGrant(
            person_id=head.id,
            role=Role.HEAD,
            section_id=section.id,
            valid_from=factories.LONG_AGO,
        )
    )
    office = Actor(person_id=clerk.id, grants=(Grant("office"),))
    training = factories.training(session, "新任係長研修")
    today = clock.today(now)
    runs = [
        planned(session, training, today + timedelta(weeks=weeks), capacity, office, now)
        for weeks in (5, 6)
    ]
    for run in runs:
        plans.act(session, run.id, "call", by=office, now=now)
    return Offered(
        session,
        now,
        training,
        session.get_one(Offering, runs[0].offering_id),
        runs,
        section,
        people,
        clerk,
        office,
        head,
        Actor(person_id=head.id, grants=(Grant("head", frozenset({section.id})),)),
    )


def planned(
    session: Session,
    training: Training,
    day: date,
    capacity: int,
    by: Actor,
    now: datetime,
) -> Run:
    """Plan a run of one morning."""
    start = clock.start_of(day) + timedelta(hours=9)
    data = RunData(
        day,
        day,
        180,
        kind=RunKind.CLASSROOM,
        capacity_max=capacity,
        limits=Limits("3週間前の金曜", "2週間前の金曜", "前開庁日17時"),
        sessions=(SessionData(start, start + timedelta(hours=3), "第1研修室"),),
    )
    return plans.plan(session, training.id, new_id(), data, by=by, now=now, days=DAYS)
