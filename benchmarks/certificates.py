"""Issuing and printing a thousand certificates: the numbers, the papers, one file."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.demo import crowd
from app.demo.staff import TITLES
from app.kernel import clock, lists, pdf
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database
from app.people.permission.models import Role
from app.people.register.models import Title
from app.people.register.queries import Post, posts
from app.training.certificates import queries as certificates
from app.training.certificates import service as issuing
from app.training.certificates.service import Header
from app.training.completion import queries as completion
from app.training.decisions import queries as decisions
from app.training.decisions import service as deciding
from app.training.enrolment import service as enrolment
from app.training.enrolment.service import Place
from app.training.enrolment.states import EnrolmentState
from app.training.offerings import service as offerings
from app.training.plans.models import Run, RunKind, Training
from app.training.plans.states import RunState
from benchmarks.databases import KINDS, installation
from benchmarks.figures import tell

PEOPLE = 1_000
#: Seconds within which a thousand are to lie in one file.
ASKED_FOR = 60.0


def measure() -> None:
    """Tell how long it takes to decide of a thousand people, to issue to them, and to print it."""
    for kind in KINDS:
        with installation(kind) as (_, database):
            _measure(kind, database)


def _measure(kind: str, database: Database) -> None:
    now = clock.now()
    run_id, by = _prepare(database, now)
    beside = {"people": PEOPLE, "database": kind}
    began = time.perf_counter()
    with database.unit_of_work() as session:
        _decide(session, run_id, by, now)
    tell("certificates.decide", time.perf_counter() - began, "s", **beside)
    began = time.perf_counter()
    with database.unit_of_work() as session:
        today = clock.today(now)
        keys = [each.enrolment_id for each in certificates.due(session, run_id, today)]
        header = Header("架空区長", today, "https://kenshu.example.jp/verify")
        issuing.issue(session, run_id, header, keys, by=by, now=now)
    tell("certificates.issue", time.perf_counter() - began, "s", **beside)
    began = time.perf_counter()
    with database.reading() as session:
        data = certificates.paper(certificates.of_run(session, run_id))
    data["family"] = pdf.family_for(data)
    made = pdf.render("certificate", data, now=now)
    seconds = time.perf_counter() - began
    tell("certificates.print", seconds, "s", **beside, asked_for=ASKED_FOR, bytes=len(made))


def _decide(session: Session, run_id: uuid.UUID, by: Actor, now: datetime) -> None:
    rows = decisions.proposals(session, completion.ruled(session, run_id), now)
    plan = decisions.plan(rows, is_completed=None)
    deciding.decide(
        session,
        run_id,
        [row.enrolment_id for row in rows],
        is_completed=None,
        reason=None,
        confirmed=lists.mark(*plan.groups),
        by=by,
        now=now,
    )


def _prepare(database: Database, now: datetime) -> tuple[uuid.UUID, Actor]:
    """Add the staff, and a run that is over with all of them in it."""
    day = clock.today(now) - timedelta(days=1)
    with database.unit_of_work() as session:
        session.add_all(Title(name=name, rank_order=rank) for name, _, rank, _ in TITLES)
        session.flush()
        [office, *_] = crowd.add(session, PEOPLE)
        session.add(Training(id=(key := uuid.uuid4()), code="B-3", title="修了", created_at=now))
        session.flush()
        offering = offerings.of_year(session, key, clock.fiscal_year(day), now)
        run = Run(
            offering_id=offering.id,
            number=1,
            kind=RunKind.CLASSROOM,
            state=RunState.ENDED,
            learn_from=day,
            learn_until=day,
            minutes=360,
            created_at=now,
        )
        session.add(run)
        session.flush()
        staff = [Post(*row) for row in session.execute(posts(now))][:PEOPLE]
        places = [Place(post.person_id, post.section_id, post.title_id) for post in staff]
        enrolment.place(session, run.id, places, now, state=EnrolmentState.AWAITING)
        return run.id, Actor(person_id=office, grants=(Grant(Role.OFFICE),))
