"""Taking somebody out of a run, into another, or another into their place: in one transaction.

Each of these leaves no half of itself: the enrolment's state, the seat, the version of the order
and the one who moves up from the waiting list go together. The offering is locked by whoever
calls.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, workflow
from app.kernel.actor import SYSTEM, Actor
from app.kernel.deadlines import parse
from app.kernel.errors import NotFound, Refused
from app.kernel.open_days import OpenDays
from app.people.register.queries import post_of
from app.training.attendance import service as attendance
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import obstacles
from app.training.candidacies.states import CandidacyState
from app.training.enrolment import service as enrolments
from app.training.enrolment.models import Enrolment
from app.training.enrolment.service import Place
from app.training.enrolment.states import EnrolmentState
from app.training.offerings.models import Offering, Promotion
from app.training.orders import queries as orders_queries
from app.training.orders import service as orders
from app.training.orders.service import Header
from app.training.plans.models import Run
from app.training.plans.states import TAKING
from app.training.seating import service as seating
from app.training.seats import queries as seats_queries
from app.training.seats import service as seats


def take_out(
    session: Session,
    enrolment: Enrolment,
    action: str,
    offering: Offering,
    days: OpenDays,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Take somebody out of a run by one of the ways out; what was ordered is taken back."""
    workflow.move(session, enrolment, action, by=by, now=now)
    session.flush()
    orders.revoke(session, enrolment, by=by, now=now)
    move_up(session, enrolment.run_id, offering, days, now)


def move_to(
    session: Session,
    enrolment: Enrolment,
    run_id: uuid.UUID,
    offering: Offering,
    days: OpenDays,
    *,
    by: Actor,
    now: datetime,
) -> Enrolment:
    """Move somebody to another run of the offering, where a seat is free; return the new seat.

    From a run that was cancelled, what was attended comes along.
    Raises Refused("run_takes_nobody") and what `seats.reserve` raises.
    """
    target = session.get(Run, run_id)
    if target is None or target.offering_id != offering.id or run_id == enrolment.run_id:
        raise NotFound
    if target.state not in TAKING:
        raise Refused("run_takes_nobody")
    was = enrolment.state
    workflow.move(session, enrolment, "move", by=by, now=now)
    session.flush()
    place = Place(
        enrolment.person_id,
        enrolment.section_id,
        enrolment.title_id,
        candidacy_id=enrolment.candidacy_id,
        follows_id=enrolment.id,
    )
    after = _placed(session, offering, run_id, place, now)
    if was == EnrolmentState.RUN_CANCELLED:
        attendance.carry(session, enrolment.id, after)
    orders.change(session, enrolment, after, by=by, now=now)
    move_up(session, enrolment.run_id, offering, days, now)
    return after


def replace(
    session: Session,
    enrolment: Enrolment,
    successor_id: uuid.UUID,
    offering: Offering,
    *,
    by: Actor,
    now: datetime,
) -> Enrolment:
    """Have another of the same section take somebody's seat; return the new one.

    Raises Refused: "serves_no_more", "other_section", or an obstacle's code.
    """
    post = post_of(session, successor_id, now)
    if post is None:
        raise Refused("serves_no_more")
    if post.section_id != enrolment.section_id:
        raise Refused("other_section", name=post.name)
    found = obstacles(session, offering, [successor_id], now).get(successor_id)
    if found:
        raise Refused(found[0].value, name=post.name)
    workflow.move(session, enrolment, "replace", by=by, now=now)
    session.flush()
    place = Place(successor_id, post.section_id, post.title_id, follows_id=enrolment.id)
    after = _placed(session, offering, enrolment.run_id, place, now)
    orders.change(session, enrolment, after, by=by, now=now)
    return after


def _placed(
    session: Session, offering: Offering, run_id: uuid.UUID, place: Place, now: datetime
) -> Enrolment:
    enrolments.refuse_seated(session, run_id, place.person_id)
    charged = place.section_id
    if place.candidacy_id:
        charged = session.get_one(Candidacy, place.candidacy_id).section_id
    wanted = seats.of_posts(session, [(charged, place.title_id)])
    seats.reserve(session, offering, wanted, run_id=run_id, now=now)
    made = enrolments.place(session, run_id, [place], now)
    return session.get_one(Enrolment, made[0])


def move_up(
    session: Session, run_id: uuid.UUID, offering: Offering, days: OpenDays, now: datetime
) -> None:
    """Give free seats to the next on the waiting list, where the offering does so by itself."""
    if offering.promotion == Promotion.AUTOMATIC and is_in_time(
        session, run_id, offering, days, now
    ):
        while promote(session, run_id, offering, by=SYSTEM, now=now) is not None:
            pass


def is_in_time(
    session: Session, run_id: uuid.UUID, offering: Offering, days: OpenDays, now: datetime
) -> bool:
    """Whether somebody can still be asked to come: before the limit, and before the run."""
    run = session.get_one(Run, run_id)
    return run.state in TAKING and now <= limit_of(run.learn_from, offering.promotion_rule, days)


def limit_of(learn_from: date, promotion_rule: str, days: OpenDays) -> datetime:
    """Return until when somebody who waits can come to a seat of a run that begins on a day."""
    rule = parse(promotion_rule)
    return rule.due(learn_from, days) if rule else clock.start_of(learn_from)


def promote_by_hand(
    session: Session, run_id: uuid.UUID, days: OpenDays, *, by: Actor, now: datetime
) -> uuid.UUID:
    """Have the office give a free seat to the first who waits for a run (担当確認後繰上).

    Raises NotFound, Refused("promotion_too_late"), and Refused("nobody_to_promote") where no seat
    is free, or nobody waits whose section has a place left.
    """
    run = session.get(Run, run_id)
    if run is None:
        raise NotFound
    offering = seats.locked(session, run.offering_id)
    if not is_in_time(session, run_id, offering, days, now):
        raise Refused("promotion_too_late")
    made = promote(session, run_id, offering, by=by, now=now)
    if made is None:
        raise Refused("nobody_to_promote")
    return made


def promote(
    session: Session, run_id: uuid.UUID, offering: Offering, *, by: Actor, now: datetime
) -> uuid.UUID | None:
    """Give a free seat to the first who waits for a run, ordered where the run is; None: nobody.

    A waiting person whose section has no place left stays waiting, and the next one is asked.
    """
    if seats_queries.runs(session, offering.id)[run_id].left == 0:
        return None
    waiting = session.scalars(
        sa.select(Candidacy)
        .where(Candidacy.run_id == run_id, Candidacy.state == CandidacyState.WAITLISTED)
        .order_by(Candidacy.waiting)
    ).all()
    for row in waiting:
        wanted = seats.of_posts(session, [(row.section_id, row.title_id)])
        try:
            enrolments.refuse_seated(session, run_id, row.person_id)
            seats.reserve(session, offering, wanted, run_id=run_id, now=now)
        except Refused:
            continue
        made = seating.seat(session, row, run_id, by=by, now=now)
        _order_as_the_run(session, run_id, made, by=by, now=now)
        return made
    return None


def _order_as_the_run(
    session: Session, run_id: uuid.UUID, enrolment_id: uuid.UUID, *, by: Actor, now: datetime
) -> None:
    earlier = orders_queries.first_of_run(session, run_id)
    if earlier is None:
        return
    row = session.get_one(Enrolment, enrolment_id)
    if row.state == EnrolmentState.DECIDED:
        workflow.move(session, row, "order", by=by, now=now)
        session.flush()
        header = Header(earlier.issuer, clock.today(now))
        orders.write(session, run_id, header, [row.id], by=by, now=now)
