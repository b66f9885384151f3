"""Telling of what becomes of a seat: the order, a change of it, an absence, its end.

`telling.service` calls these for rows of the outbox; each says the same once for one row.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from app.kernel.calendar import Event
from app.people.permission.models import Role
from app.training.attendance.models import Attendance
from app.training.changes.models import ChangeKind, ChangeRequest
from app.training.changes.service import steps
from app.training.changes.states import ChangeState
from app.training.decisions.models import Decision
from app.training.enrolment.models import Enrolment
from app.training.notifying import queries as numbers
from app.training.notifying.service import Telling
from app.training.offerings.models import Offering
from app.training.orders import text as orders_text
from app.training.orders.models import Order, OrderKind, OrderLine
from app.training.plans.models import RunSession
from app.training.telling import queries
from app.training.telling.queries import Matter


def _ordered(told: Telling) -> None:
    """Tell those whom a version names, and their sections' heads and coordinators how many."""
    order = told.session.get_one(Order, told.key)
    matter = queries.of_run(told.session, order.run_id)
    people = told.session.scalars(
        sa.select(OrderLine.person_id).where(OrderLine.order_id == order.id)
    ).all()
    is_off = order.kind == OrderKind.REVOCATION
    found = queries.events(told.session, matter, told.happened, is_cancelled=is_off)
    for run_id in queries.runs_left(told.session, order):
        left = queries.of_run(told.session, run_id)
        found += queries.events(told.session, left, told.happened, is_cancelled=True)
    data = {**matter.data, "number": orders_text.source_number(order)}
    told.say(_OF_ORDER[order.kind], people, data, f"/orders/{order.id}", found)
    _tell_sections(told, order, matter)


def _order_of_many(told: Telling) -> None:
    """Tell the sections of those whom an order names; they were told as it was written."""
    order = told.session.get_one(Order, told.key)
    _tell_sections(told, order, queries.of_run(told.session, order.run_id))


def _tell_sections(told: Telling, order: Order, matter: Matter) -> None:
    query = sa.select(OrderLine.section_id).where(OrderLine.order_id == order.id)
    counts = Counter(told.session.scalars(query))
    around = queries.near(told.session, list(counts), told.now)
    for count, people in numbers.counted(around, counts).items():
        data = {"title": matter.title, "count": count}
        told.say("order.section", people, data, f"/orders/{order.id}")


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
        queries.deciders(told.session, enrolment.section_id, enrolment.person_id, matter, told.now)
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
    """Tell who plans and who gives the training, and the section, that somebody will not come.

    The list of a run's absent is for the former; heads and coordinators are led to the seat.
    """
    mark = told.session.get_one(Attendance, told.key)
    enrolment = told.session.get_one(Enrolment, mark.enrolment_id)
    matter = queries.of_run(told.session, enrolment.run_id)
    around = queries.near(told.session, [enrolment.section_id], told.now)
    people = queries.planners(told.session, matter, told.now)
    people += queries.lecturers(told.session, matter, told.now)
    told.say("attendance.announced", people, matter.data, f"/runs/{enrolment.run_id}/absent")
    near, path = around.get(enrolment.section_id, []), f"/seats/{enrolment.id}"
    told.say("attendance.announced", near, matter.data, path)


def _seat_ended(told: Telling) -> None:
    enrolment = told.session.get_one(Enrolment, told.key)
    matter = queries.of_run(told.session, enrolment.run_id)
    told.say("seat.ended", [enrolment.person_id], {"title": matter.title}, f"/seats/{told.key}")


def _revoked(told: Telling) -> None:
    """Tell who was decided and never ordered; else the order that is taken back says it."""
    enrolment = told.session.get_one(Enrolment, told.key)
    ordered = sa.select(OrderLine.id).where(OrderLine.enrolment_id == enrolment.id)
    if told.session.scalar(ordered.limit(1)) is None:
        matter = queries.of_run(told.session, enrolment.run_id)
        told.say("seat.revoked", [enrolment.person_id], matter.data, f"/seats/{enrolment.id}")


def _make_up(kind: str, *, to_planners: bool = False) -> Callable[[Telling], None]:
    """Return the handler that tells of a make-up: those who give it, or those who take it."""

    def handler(told: Telling) -> None:
        mark = told.session.get_one(Attendance, told.key)
        enrolment = told.session.get_one(Enrolment, mark.enrolment_id)
        matter = queries.of_run(told.session, enrolment.run_id)
        planners = queries.planners(told.session, matter, told.now)
        if kind == "make_up.asked":
            told.say(kind, planners, matter.data, "/changes/waiting")
            return
        around = queries.near(told.session, [enrolment.section_id], told.now)
        people = list(around.get(enrolment.section_id, [])) + (planners if to_planners else [])
        path = f"/seats/{enrolment.id}"
        told.say(kind, [enrolment.person_id], matter.data, path, _sitting(told, matter))
        told.say(kind, people, matter.data, path)

    return handler


def _sitting(told: Telling, matter: Matter) -> list[Event]:
    """Return the session of another run in which somebody makes theirs up, or does so no more."""
    key = told.payload.get("sitting")
    held = told.session.get(RunSession, uuid.UUID(key)) if key else None
    if held is None or told.payload["action"] == "refuse_make_up":
        return []
    is_off = told.payload["action"] == "withdraw_make_up"
    return [queries.event_of(held, matter.title, told.happened, is_cancelled=is_off)]


def _completion_decided(told: Telling) -> None:
    """Tell somebody that it was decided on their completion; the page says how."""
    decision = told.session.get(Decision, told.key)
    if decision is None:
        return  # it was kept as long as it had to be
    enrolment = told.session.get_one(Enrolment, decision.enrolment_id)
    matter = queries.of_run(told.session, enrolment.run_id)
    data = {"title": matter.title, "run": matter.held.number}
    told.say("completion.decided", [enrolment.person_id], data, f"/seats/{enrolment.id}")


def _completion_of_many(told: Telling) -> None:
    """Tell sections of how many of theirs it was decided, and no name."""
    matter = queries.of_run(told.session, told.key)
    sections = told.payload.get("sections", {})
    counts = {uuid.UUID(key): int(count) for key, count in sections.items()}
    around = queries.near(told.session, list(counts), told.now)
    for count, people in numbers.counted(around, counts).items():
        data = {"title": matter.title, "count": count}
        told.say("completion.section", people, data, "/")


HANDLERS: Mapping[tuple[str, str], Callable[[Telling], None]] = {
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
    ("training_order", "of_many"): _order_of_many,
    ("enrolment", "revoke"): _revoked,
    ("completion_decision", "decide"): _completion_decided,
    ("run", "decide_completion"): _completion_of_many,
    ("attendance", "ask_make_up"): _make_up("make_up.asked"),
    ("attendance", "give_make_up"): _make_up("make_up.given"),
    ("attendance", "refuse_make_up"): _make_up("make_up.refused"),
    ("attendance", "withdraw_make_up"): _make_up("make_up.withdrawn", to_planners=True),
}
