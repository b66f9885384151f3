"""Ordering a whole audience into a run at once, and keeping up with those who come and go.

All of it happens in one transaction or nothing of it, and happens once: who is in the run already
is passed over, and where nobody is new there is no order. The offering is locked throughout.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, jobs
from app.kernel.actor import SYSTEM, Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.jobs import Job
from app.kernel.notices import service as notices
from app.kernel.open_days import OpenDays
from app.training.audiences import service as audiences
from app.training.effects import service as effects
from app.training.enrolment import service as enrolment
from app.training.enrolment.models import Enrolment
from app.training.enrolment.service import Place
from app.training.enrolment.states import BEFORE_IT, EnrolmentState
from app.training.offerings.models import Obligation, Offering
from app.training.ordering import queries
from app.training.ordering.queries import Muster
from app.training.orders import queries as orders_queries
from app.training.orders import service as orders
from app.training.orders import text as orders_text
from app.training.orders.models import Order
from app.training.orders.service import ISSUED, Header
from app.training.plans import service as plans
from app.training.plans.models import Run
from app.training.plans.states import TAKING, TRANSITIONS
from app.training.roster import service as roster
from app.training.seats import service as seats


@dataclass(frozen=True)
class Followed:
    """What keeping up with an audience did."""

    added: int
    ordered: int = 0
    #: Why nobody was put into the run, as a code; empty where nothing was in the way.
    refused: str = ""


def ask(session: Session, run_id: uuid.UUID, header: Header, *, by: Actor, now: datetime) -> Job:
    """Have an audience ordered by a worker; while one is at it, that is the one.

    Raises NotFound, Refused("order_needs_issuer"), and what `queries.refusal` says.
    """
    run = _locked(session, run_id)
    if not header.issuer.strip():
        raise Refused("order_needs_issuer")
    if reason := queries.refusal(session, run, clock.today(now)):
        raise reason
    known = queries.newest_job(session, run_id)
    if known is not None and queries.is_live(known):
        return known
    arguments = {
        "run_id": str(run_id),
        "issuer": header.issuer.strip(),
        "issued_on": header.issued_on.isoformat(),
    }
    return jobs.ask(session, jobs.Name.ORDER_ALL, arguments, by=by.person_id, now=now)


def header_of(job: Job) -> Header:
    """Return the head of the order that a job is to issue."""
    return Header(job.arguments["issuer"], date.fromisoformat(job.arguments["issued_on"]))


def order_all(
    session: Session,
    run_id: uuid.UUID,
    header: Header,
    *,
    by: Actor,
    now: datetime,
) -> tuple[Order | None, int]:
    """Enrol, order and tell all of an audience who are not in a run yet, and open the run.

    Returns the order and how many it names; no order where nobody is new. Raises what
    `queries.refusal` says, what `seats.reserve` raises, and what keeps the run from being opened.
    """
    run = _locked(session, run_id)
    if reason := queries.refusal(session, run, clock.today(now)):
        raise reason
    found = queries.muster(session, run, now)
    if not found.new:
        return None, 0
    offering = session.get_one(Offering, run.offering_id)
    wanted = seats.of_posts(session, [(post.section_id, post.title_id) for post in found.new])
    seats.reserve(session, offering, wanted, run_id=run_id, now=now)
    places = [Place(post.person_id, post.section_id, post.title_id) for post in found.new]
    made = enrolment.place(session, run_id, places, now, state=EnrolmentState.ORDERED)
    order = orders.write(session, run_id, header, made, by=by, now=now, tells=False)
    if run.state in TRANSITIONS["open"].sources:
        plans.act(session, run_id, "open", by=by, now=now)
    _tell(session, run, order, found, now)
    return order, len(made)


def follow(session: Session, offering_id: uuid.UUID, *, now: datetime) -> Followed:
    """Add to a followed audience who fulfils its condition by now, and order who is not yet.

    They are put into the run as it is: ordered where it was ordered, enrolled where it was not.
    """
    offering = seats.locked(session, offering_id)
    if not (offering.is_dynamic and offering.condition):
        return Followed(0)
    added = audiences.add_new(session, offering, by=SYSTEM, now=now)
    run = queries.to_follow(session, offering_id, clock.today(now))
    if run is None:
        return Followed(len(added))
    try:
        with session.begin_nested():
            return Followed(len(added), _put_in(session, run, now))
    except Refused as refusal:
        return Followed(len(added), refused=refusal.code)


def let_go(
    session: Session, offering_id: uuid.UUID, days: OpenDays, *, now: datetime, most: int
) -> int:
    """Take so many out of a followed audience who fulfil its condition no more; return how many.

    Of what has to be taken, also out of the runs, whoever has not begun: what was ordered of them
    is taken back. To be called again until nobody is left to go.
    """
    offering = seats.locked(session, offering_id)
    if not (offering.is_dynamic and offering.condition):
        return 0
    gone = audiences.take_out_old(session, offering, by=SYSTEM, now=now, most=most)
    if gone and offering.obligation == Obligation.MANDATORY:
        rows = session.scalars(
            sa.select(Enrolment)
            .join(Run, Run.id == Enrolment.run_id)
            .where(
                Run.offering_id == offering_id,
                Run.state.in_(TAKING),
                Enrolment.person_id.in_(gone),
                Enrolment.state.in_(BEFORE_IT),
            )
            .with_for_update(of=Enrolment)
        ).all()
        for row in rows:
            effects.take_out(session, row, "revoke", offering, days, by=SYSTEM, now=now)
    return len(gone)


def note_kept(session: Session, count: int, *, now: datetime) -> None:
    """Write down that so many audiences were brought up to date, where `kept_on` finds it."""
    audit.record(
        session,
        "audience.kept",
        by=None,
        now=now,
        subject=("offering", None),
        details={"count": count},
    )


def _locked(session: Session, run_id: uuid.UUID) -> Run:
    """Return a run whose offering's seats, and whose people, nobody else changes meanwhile."""
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound
    seats.locked(session, run.offering_id)
    session.refresh(run, with_for_update=True)
    return run


def _put_in(session: Session, run: Run, now: datetime) -> int:
    earlier = orders_queries.first_of_run(session, run.id)
    if earlier is not None:
        header = Header(earlier.issuer, clock.today(now))
        return order_all(session, run.id, header, by=SYSTEM, now=now)[1]
    found = queries.muster(session, run, now)
    if not found.new:
        return 0
    new = [post.person_id for post in found.new]
    return roster.enrol(session, run.id, new, by=SYSTEM, now=now).added


def _tell(session: Session, run: Run, order: Order, found: Muster, now: datetime) -> None:
    """Tell each once that they are ordered, and from when until when it can be taken.

    That says what `enrolment.invite` would say when the run is opened, and takes its place. Who
    was told of the run before, and was out of it meanwhile, is told of the order alone.
    """
    data = {
        "title": enrolment.title_of(session, run),
        "run": run.number,
        "number": orders_text.source_number(order),
        "from_on": run.learn_from.isoformat(),
        "until_on": run.learn_until.isoformat(),
    }
    reachable = {post.person_id for post in found.new if post.email}
    first = [post.person_id for post in found.new if post.person_id not in found.back]
    for people, dedupe in (
        (first, f"{enrolment.OPENED}:{run.id}"),
        (sorted(found.back), f"{ISSUED}:{order.id}"),
    ):
        if people:
            notices.notify(
                session, people, ISSUED, data, "/", now=now, dedupe=dedupe, mail_to=reachable
            )
