"""Two trainings where people meet: one that sections are called for, one decided and ordered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import new_id
from app.kernel.open_days import OpenDays
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.register.queries import post_of
from app.training.candidacies import service as candidacies
from app.training.offerings.models import Obligation, Offering, Quota
from app.training.orders import service as orders
from app.training.orders.service import Header
from app.training.plans import service as plans
from app.training.plans.models import ItemKind, Run, RunKind
from app.training.plans.service import Limits, RunData
from app.training.programme.service import ItemData, SessionData
from app.training.selection import service as selection
from app.training.syllabus import service as syllabus

#: Those who are decided and ordered for the second training; their sections' heads approve.
ORDERED = ("00303", "00304", "00402", "00403")
HEADS: Mapping[str, str] = {"0030": "00301", "0040": "00401"}


def add(session: Session, people: Mapping[str, Person], office: Actor, now: datetime) -> None:
    """Add both trainings, as the office, sections and learners would have."""
    _called(session, people, office, now)
    _ordered(session, people, office, now)


def _called(session: Session, people: Mapping[str, Person], office: Actor, now: datetime) -> None:
    """Call for a training: two have applied, one is to choose again, a section has a quota."""
    training = _training(
        session,
        "K-02",
        "説明力向上研修",
        "資料と話し方を、実際に発表しながら学びます。",
        office,
        now,
    )
    first = _run(session, training, 42, 12, office, now)
    _run(session, training, 43, 12, office, now)
    offering = session.get_one(Offering, first.offering_id)
    offering.obligation, offering.target = Obligation.OPEN, "係長以下の職員"
    section_id = _section(session, people["00303"])
    session.add(Quota(offering_id=offering.id, section_id=section_id, at_least=0, at_most=2))
    session.flush()
    plans.act(session, first.id, "call", by=office, now=now)
    for number in ("00305", "00402"):
        _applied(session, people[number], first, now)
    returned = _applied(session, people["00304"], first, now)
    candidacies.act(
        session, returned, "return", by=_head(session, people["00301"]), now=now, reason="run"
    )


def _ordered(session: Session, people: Mapping[str, Person], office: Actor, now: datetime) -> None:
    """Decide and order a training, with another run to move to."""
    training = _training(
        session,
        "K-01",
        "窓口応対研修",
        "窓口での聞き取りと説明のしかたを、事例で学びます。",
        office,
        now,
    )
    first = _run(session, training, 21, 6, office, now)
    second = _run(session, training, 28, 6, office, now)
    offering = session.get_one(Offering, first.offering_id)
    offering.obligation, offering.target = Obligation.OPEN, "窓口を担当する職員"
    for run in (first, second):
        plans.act(session, run.id, "call", by=office, now=now)
    for number in ORDERED:
        row = _applied(session, people[number], first, now)
        head = people[HEADS[number[:4]]]
        candidacies.act(session, row, "nominate", by=_head(session, head), now=now)
        selection.propose(session, row, "selected", first.id, by=office, now=now)
    selection.confirm(session, offering.id, by=office, now=now)
    orders.issue(session, first.id, Header("区長", clock.today(now)), by=office, now=now)


def _applied(session: Session, who: Person, run: Run, now: datetime) -> uuid.UUID:
    by = Actor(person_id=who.id, grants=(Grant(Role.LEARNER, frozenset()),))
    return candidacies.apply(session, run.offering_id, new_id(), [run.id], by=by, now=now).id


def _head(session: Session, who: Person) -> Actor:
    return Actor(person_id=who.id, grants=(Grant(Role.HEAD, frozenset({_section(session, who)})),))


def _section(session: Session, who: Person) -> uuid.UUID:
    post = post_of(session, who.id, clock.now())
    if post is None:
        raise LookupError("the demonstration's people serve")
    return post.section_id


def _training(
    session: Session, code: str, title: str, purpose: str, by: Actor, now: datetime
) -> uuid.UUID:
    data = syllabus.TrainingData(code, title, purpose)
    return syllabus.register(session, new_id(), data, by=by, now=now).id


def _run(
    session: Session, training: uuid.UUID, days: int, seats: int, by: Actor, now: datetime
) -> Run:
    """Plan a run of two sittings on the open day that so many days from now leads to."""
    calendar = OpenDays()
    day = calendar.on_or_before(clock.today(now) + timedelta(days=days))
    nine = clock.start_of(day) + timedelta(hours=9)
    data = RunData(
        day,
        day,
        360,
        kind=RunKind.CLASSROOM,
        capacity_min=3,
        capacity_max=seats,
        items=(ItemData(kind=ItemKind.SESSIONS), ItemData(kind=ItemKind.REPORT)),
        limits=Limits("15日前", "10日前", "前開庁日17時"),
        sessions=(
            SessionData(nine, nine + timedelta(hours=3), "研修室1", lecturer="見本講師"),
            SessionData(
                nine + timedelta(hours=4), nine + timedelta(hours=7), "研修室1", lecturer="見本講師"
            ),
        ),
    )
    return plans.plan(session, training, new_id(), data, by=by, now=now, days=calendar)
