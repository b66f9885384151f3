"""Telling those concerned what has moved: called by the worker for a row of the outbox.

Each handler says the same once, however often it is called for one row (`occasion`), and says it
again when it happens again.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.calendar import Event
from app.people.permission.models import Role
from app.training.attendance.models import Attendance
from app.training.audiences import queries as audiences
from app.training.audiences.models import AudienceMember
from app.training.candidacies.models import Candidacy, Route
from app.training.changes.models import ChangeKind, ChangeRequest
from app.training.changes.service import steps
from app.training.changes.states import ChangeState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import UNDER_WAY, EnrolmentState
from app.training.notifying import queries as numbers
from app.training.notifying.service import Telling
from app.training.offerings.models import Obligation, Offering
from app.training.orders import text as orders_text
from app.training.orders.models import Order, OrderKind, OrderLine
from app.training.plans.models import Run
from app.training.telling import queries, text
from app.training.telling.queries import Matter


def tell(
    session: Session,
    payload: Mapping[str, Any],
    *,
    occasion: str,
    happened: datetime,
    now: datetime,
) -> None:
    """Tell those concerned of a row that has moved; what concerns nobody is passed over."""
    handler = HANDLERS.get((payload["table"], payload["action"]))
    if handler is not None:
        key = uuid.UUID(payload["id"])
        handler(Telling(session, key, payload, occasion, happened, now))


def _call(told: Telling) -> None:
    """Ask sections for nominations, and people to apply, where they may by themselves."""
    matter = queries.of_run(told.session, told.key)
    run = matter.held
    offering = told.session.get_one(Offering, run.offering_id)
    limit = {"title": matter.title, "until": text.until(run.head_until)}
    sections = told.session.scalars(
        sa.select(AudienceMember.section_id)
        .where(AudienceMember.offering_id == offering.id)
        .distinct()
    ).all()
    people = {
        person
        for some in queries.near(told.session, sections, told.now).values()
        for person in some
    }
    told.say("call.opened", sorted(people), limit, "/nominations")
    if offering.obligation in (Obligation.OPEN, Obligation.FREE):
        meant = audiences.meant(told.session, offering.id) or frozenset()
        invited = {"title": matter.title, "until": text.until(run.apply_until or run.head_until)}
        told.say("call.invited", sorted(meant), invited, f"/courses/{offering.id}")


def _to_run(kind: str, states: Collection[str]) -> Callable[[Telling], None]:
    """Return the handler that tells a run's people something that has become of it."""

    def handler(told: Telling) -> None:
        matter = queries.of_run(told.session, told.key)
        people = queries.people_of(told.session, told.key, states)
        is_off = kind in ("run.cancelled", "run.postponed")
        found = queries.events(told.session, matter, told.happened, is_cancelled=is_off)
        found += queries.dropped(told.session, told.key, told.happened)
        told.say(kind, people, matter.data, "/", found)

    return handler


def _applied(told: Telling) -> None:
    row = told.session.get_one(Candidacy, told.key)
    matter = queries.of_offering(told.session, row.offering_id)
    last = told.session.scalar(
        sa.select(sa.func.max(Run.head_until)).where(Run.offering_id == row.offering_id)
    )
    who = _deciders(told, row.section_id, row.person_id, matter)
    told.say(
        "candidacy.applied", who, {"title": matter.title, "until": text.until(last)}, "/approvals"
    )


def _deciders(
    told: Telling, section_id: uuid.UUID, person_id: uuid.UUID, matter: Matter
) -> list[uuid.UUID]:
    """Return who is to say a word for a section about somebody: not themselves, or else we."""
    heads = queries.heads(told.session, section_id, told.now)
    others = [head for head in heads if head != person_id]
    return others or queries.planners(told.session, matter, told.now)


def _to_candidate(kind: str, *, with_section: bool = False) -> Callable[[Telling], None]:
    """Return the handler that tells somebody what has become of their candidacy."""

    def handler(told: Telling) -> None:
        row = told.session.get_one(Candidacy, told.key)
        if kind == "candidacy.nominated" and row.route != Route.APPLIED:
            return  # who was put forward hears of it when it is decided
        matter = queries.of_offering(told.session, row.offering_id)
        people = [row.person_id]
        if with_section:
            around = queries.near(told.session, [row.section_id], told.now)
            people += around.get(row.section_id, [])
        told.say(kind, people, matter.data, "/applications")

    return handler


def _ordered(told: Telling) -> None:
    """Tell those whom a version names, and their sections' heads and coordinators how many."""
    order = told.session.get_one(Order, told.key)
    matter = queries.of_run(told.session, order.run_id)
    lines = told.session.execute(
        sa.select(OrderLine.person_id, OrderLine.section_id).where(OrderLine.order_id == order.id)
    ).all()
    is_off = order.kind == OrderKind.REVOCATION
    found = queries.events(told.session, matter, told.happened, is_cancelled=is_off)
    for run_id in queries.runs_left(told.session, order.id):
        left = queries.of_run(told.session, run_id)
        found += queries.events(told.session, left, told.happened, is_cancelled=True)
    data = {**matter.data, "number": orders_text.source_number(order)}
    path = f"/orders/{order.id}"
    told.say(_OF_ORDER[order.kind], [line.person_id for line in lines], data, path, found)
    counts = Counter(line.section_id for line in lines)
    around = queries.near(told.session, list(counts), told.now)
    for count, people in numbers.counted(around, counts).items():
        told.say("order.section", people, {"title": matter.title, "count": count}, path)


_OF_ORDER: Mapping[str, str] = {
    OrderKind.ORDER: "order.issued",
    OrderKind.CHANGE: "order.changed",
    OrderKind.REVOCATION: "order.revoked",
}


def _order_reminded(told: Telling) -> None:
    order = told.session.get_one(Order, told.key)
    matter = queries.of_run(told.session, order.run_id)
    waiting = told.session.scalars(
        sa.select(OrderLine.person_id).where(
            OrderLine.order_id == order.id, OrderLine.acknowledged_at.is_(None)
        )
    ).all()
    data = {**matter.data, "number": orders_text.source_number(order)}
    told.say("order.reminded", waiting, data, f"/orders/{order.id}")


def _change(told: Telling) -> tuple[ChangeRequest, Enrolment, Matter]:
    row = told.session.get_one(ChangeRequest, told.key)
    enrolment = told.session.get_one(Enrolment, row.enrolment_id)
    return row, enrolment, queries.of_run(told.session, enrolment.run_id)


def _change_asked(told: Telling) -> None:
    """Ask whoever has the next word on a change."""
    row, enrolment, matter = _change(told)
    offering = told.session.get_one(Offering, matter.held.offering_id)
    needed = steps(row.kind, offering)
    is_heads = Role.HEAD in needed and row.state == ChangeState.REQUESTED
    who = (
        _deciders(told, enrolment.section_id, enrolment.person_id, matter)
        if is_heads
        else queries.planners(told.session, matter, told.now)
    )
    told.say("change.asked", who, {"title": matter.title}, "/approvals")


def _change_answered(kind: str) -> Callable[[Telling], None]:
    def handler(told: Telling) -> None:
        row, enrolment, matter = _change(told)
        around = queries.near(told.session, [enrolment.section_id], told.now)
        people = list(around.get(enrolment.section_id, []))
        if row.requested_by:
            people.append(row.requested_by)
        off: list[Event] = []
        if kind == "change.approved":
            people += queries.planners(told.session, matter, told.now)
            # Whose seat another takes is named by no version of the order.
            if row.kind == ChangeKind.REPLACE:
                off = queries.events(told.session, matter, told.happened, is_cancelled=True)
        data, path = {"title": matter.title}, f"/seats/{enrolment.id}"
        told.say(kind, [enrolment.person_id], data, path, off)
        told.say(kind, people, data, path)

    return handler


def _announced(told: Telling) -> None:
    """Tell who holds the run, and the head, that somebody will not come."""
    mark = told.session.get_one(Attendance, told.key)
    enrolment = told.session.get_one(Enrolment, mark.enrolment_id)
    matter = queries.of_run(told.session, enrolment.run_id)
    around = queries.near(told.session, [enrolment.section_id], told.now)
    people = queries.planners(told.session, matter, told.now)
    people += around.get(enrolment.section_id, [])
    told.say("attendance.announced", people, matter.data, f"/runs/{enrolment.run_id}/absent")


def _seat_ended(told: Telling) -> None:
    enrolment = told.session.get_one(Enrolment, told.key)
    matter = queries.of_run(told.session, enrolment.run_id)
    told.say("seat.ended", [enrolment.person_id], {"title": matter.title}, f"/seats/{told.key}")


def _sections_reminded(told: Telling) -> None:
    matter = queries.of_offering(told.session, told.key)
    last = told.session.scalar(
        sa.select(sa.func.max(Run.head_until)).where(Run.offering_id == told.key)
    )
    sections = [uuid.UUID(str(key)) for key in told.payload.get("sections", ())]
    around = queries.near(told.session, sections, told.now)
    people = {person for some in around.values() for person in some}
    data = {"title": matter.title, "until": text.until(last)}
    told.say("call.reminded", sorted(people), data, "/nominations")


HANDLERS: Mapping[tuple[str, str], Callable[[Telling], None]] = {
    ("run", "call"): _call,
    ("run", "call_again"): _call,
    ("run", "cancel"): _to_run("run.cancelled", (*UNDER_WAY, EnrolmentState.RUN_CANCELLED)),
    ("run", "restore"): _to_run("run.restored", UNDER_WAY),
    ("run", "postpone"): _to_run("run.postponed", UNDER_WAY),
    ("run", "resume"): _to_run("run.rescheduled", UNDER_WAY),
    ("run", "reschedule"): _to_run("run.rescheduled", UNDER_WAY),
    ("candidacy", "apply"): _applied,
    ("candidacy", "submit"): _applied,
    ("candidacy", "nominate"): _to_candidate("candidacy.nominated"),
    ("candidacy", "return"): _to_candidate("candidacy.returned", with_section=True),
    ("candidacy", "decline"): _to_candidate("candidacy.declined"),
    ("candidacy", "withdraw"): _to_candidate("candidacy.withdrawn", with_section=True),
    ("candidacy", "lapse"): _to_candidate("candidacy.lapsed", with_section=True),
    ("candidacy", "waitlist"): _to_candidate("candidacy.waitlisted"),
    ("candidacy", "put_back"): _to_candidate("candidacy.waitlisted"),
    ("candidacy", "pass_over"): _to_candidate("candidacy.not_selected"),
    ("training_order", "order"): _ordered,
    ("training_order", "change"): _ordered,
    ("training_order", "revocation"): _ordered,
    ("training_order", "remind"): _order_reminded,
    ("change_request", "ask"): _change_asked,
    ("change_request", "approve_as_head"): _change_asked,
    ("change_request", "approve"): _change_answered("change.approved"),
    ("change_request", "approve_at_once"): _change_answered("change.approved"),
    ("change_request", "reject"): _change_answered("change.rejected"),
    ("attendance", "announce"): _announced,
    ("enrolment", "suspend"): _seat_ended,
    ("enrolment", "exempt"): _seat_ended,
    ("enrolment", "defer"): _seat_ended,
    ("offering", "remind_sections"): _sections_reminded,
}
