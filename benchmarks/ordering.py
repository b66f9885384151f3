"""Ordering a whole audience of 10,000 people by one operation, and what following it costs."""

from __future__ import annotations

import time
import uuid
from datetime import date, datetime

import sqlalchemy as sa

from app.demo import crowd
from app.demo.staff import TITLES
from app.kernel import clock, jobs, workflow
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database
from app.kernel.notices.models import Notice
from app.kernel.outbox import Outgoing
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person, Title
from app.training.audiences import service as audiences
from app.training.audiences.models import Condition
from app.training.enrolment.models import Enrolment
from app.training.offerings import service as offerings
from app.training.offerings.models import Obligation
from app.training.ordering import service as ordering
from app.training.orders.models import OrderLine
from app.training.orders.service import Header
from app.training.plans import service as plans
from app.training.plans.models import Training
from app.training.plans.service import RunData
from app.training.programme.service import ItemData
from benchmarks import load
from benchmarks.databases import KINDS, installation
from benchmarks.figures import tell
from workers import performing, schedule
from workers.workshop import Workshop

PEOPLE = 10_000
#: Seconds within which everybody is to be enrolled, ordered and told (ORD-08).
ASKED_FOR = 30.0
AUTHOR = Actor(grants=(Grant(Role.AUTHOR),))


def measure() -> None:
    """Tell how long it takes to settle the audience, to order it, to order again, and to follow."""
    for kind in KINDS:
        with installation(kind) as (settings, database):
            _measure(kind, settings, database)


def _measure(kind: str, settings: Settings, database: Database) -> None:
    now = clock.now()
    shop = Workshop(settings, database)
    run_id, offering_id, by = _prepare(settings, database, now)
    began = time.perf_counter()
    with database.unit_of_work() as session:
        done = audiences.settle(
            session, offering_id, Condition(), is_dynamic=True, by=by, now=clock.now()
        )
    beside = {"people": done.total, "database": kind}
    tell("ordering.settle", time.perf_counter() - began, "s", **beside)
    for name, asked_for in (("ordering.order", {"asked_for": ASKED_FOR}), ("ordering.again", {})):
        seconds = _ordered(shop, run_id, by)
        tell(name, seconds, "s", **beside, **asked_for, **_rows(database))
    began = time.perf_counter()
    schedule.keep_audiences(shop, clock.now())
    tell("ordering.follow", time.perf_counter() - began, "s", **beside)


def _prepare(
    settings: Settings, database: Database, now: datetime
) -> tuple[uuid.UUID, uuid.UUID, Actor]:
    """Add the staff of a ward, and a run of what all of them have to take."""
    today = clock.today(now)
    with database.unit_of_work() as session:
        session.add_all(Title(name=name, rank_order=rank) for name, _, rank, _ in TITLES)
        session.flush()
        [office, *_] = crowd.add(session, PEOPLE)
        by = Actor(person_id=office, grants=(Grant(Role.OFFICE),))
        version = load.material(session, settings, session.get_one(Person, office), now)
        workflow.move(session, version, "publish", by=AUTHOR, now=now)
        session.add(Training(id=(key := uuid.uuid4()), code="B-2", title="必修", created_at=now))
        session.flush()
        offering = offerings.of_year(session, key, clock.fiscal_year(today), now)
        offering.obligation = Obligation.MANDATORY
        data = RunData(today, date(today.year + 1, 3, 31), 30, (ItemData(version.material_id),))
        run = plans.plan(session, key, uuid.uuid4(), data, by=by, now=now)
        return run.id, run.offering_id, by


def _ordered(shop: Workshop, run_id: uuid.UUID, by: Actor) -> float:
    now = clock.now()
    with shop.database.unit_of_work() as session:
        header = Header("総務部長", clock.today(now))
        job_id = ordering.ask(session, run_id, header, by=by, now=now).id
    began = time.perf_counter()
    performing.perform(shop, job_id)
    seconds = time.perf_counter() - began
    with shop.database.reading() as session:
        job = session.get_one(jobs.Job, job_id)
    if job.status != jobs.State.DONE:
        raise RuntimeError(f"the job ended as {job.status}: {job.result}")
    return seconds


def _rows(database: Database) -> dict[str, int]:
    tables = {"enrolments": Enrolment, "lines": OrderLine, "notices": Notice, "outbox": Outgoing}
    with database.reading() as session:
        return {
            name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in tables.items()
        }
