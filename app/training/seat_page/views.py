"""Pages of seats: one, with what can be asked for it; and those of a section's people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.web import paging, showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.models import Role
from app.people.register.models import Person
from app.training.attendance import queries as attendance
from app.training.attendance import text as attendance_text
from app.training.changes import access as waiting
from app.training.changes import queries as changes
from app.training.changes import text as changes_text
from app.training.changes.models import ChangeRequest
from app.training.changes.states import PENDING
from app.training.check_in.queries import NOT_HELD
from app.training.completion import text as completion_text
from app.training.decisions import queries as decisions
from app.training.decisions import text as decisions_text
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import BEFORE_IT, SEATED, EnrolmentState
from app.training.make_ups import queries as make_ups
from app.training.make_ups.text import STATES as MAKE_UP_STATES
from app.training.offerings.models import Obligation
from app.training.orders.text import KINDS as ORDER_KINDS
from app.training.orders.text import number as order_number
from app.training.seat_page import access, queries, text
from app.training.seat_page.queries import Seat

blueprint = flask.Blueprint("seats", __name__)


@route(
    blueprint,
    "/seats/<uuid:enrolment_id>",
    may=SIGNED_IN,
    about={"enrolment_id": "near enrolment"},
    audited=True,
)
def seat(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Show a seat: its sessions, its orders, and what can be asked for it."""
    row, acting = access.seat(session(), actor(), enrolment_id, now())
    found = queries.seat(session(), enrolment_id, now())
    is_own = row.person_id == actor().person_id
    shown(row)
    held = attendance.sittings(session(), [row.run_id]).get(row.run_id, [])
    known = attendance.marks_of(session(), row.id)
    last = changes.last_of(session(), row.id)
    return flask.render_template(
        "training/seat.html",
        seat=found,
        is_own=is_own,
        sittings=held,
        marks=known,
        names=_names([mark.announced_by for mark in known.values()], last),
        missed=[each for each in held if make_ups.is_missed(known.get(each.id))],
        last=last,
        is_pending=last is not None and last.state in PENDING,
        orders=queries.orders_of(session(), row.id),
        decision=next(iter(decisions.versions(session(), row.id)), None),
        may=_may(found, held, last, is_near=bool(acting.roles & (NEAR | PLANNING))),
        is_awaited=is_own and _is_awaited(held, known, found),
        coming={each.id for each in held if each.ends_at >= now()},
        standings=decisions_text.STANDINGS,
        decision_reasons=decisions_text.REASONS,
        why=completion_text.why,
        told=completion_text.told,
        chips=text.CHIPS,
        announcements=attendance_text.ANNOUNCEMENTS,
        presences=attendance_text.PRESENCES,
        make_up_states=MAKE_UP_STATES,
        kinds=changes_text.KINDS,
        change_states=changes_text.STATES,
        order_kinds=ORDER_KINDS,
        number=order_number,
    )


@route(blueprint, "/sections/seats", may=having(*sorted(NEAR)), audited=True)
def of_sections() -> ResponseReturnValue:
    """List the seats to come of the people of the actor's sections."""
    words = flask.request.args.get("q", "").strip()[:100]
    reached = access.reached(actor(), NEAR, clock.today(now()))
    page = paging.page_of(
        session(), queries.of_staff(reached, words, now()), queries.StaffSeat, paging.number()
    )
    people = dict.fromkeys(row.person_id for row in page.rows)
    showing.note(
        "enrolment.listed", "enrolment", None, audit.shown(people, total=page.total, q=words)
    )
    is_head = Role.HEAD in actor().roles
    return flask.render_template(
        "training/section_seats.html",
        page=page,
        waiting=len(waiting.waiting(session(), actor(), now())) if is_head else None,
        chips=text.CHIPS,
        kinds=changes_text.KINDS,
    )


def shown(row: Enrolment) -> None:
    """Write down that whoever is here is shown somebody else's seat."""
    if row.person_id != actor().person_id:
        showing.note("enrolment.viewed", "enrolment", row.id, audit.shown([row.person_id]))


def _may(
    seat: Seat, held: list[attendance.Sitting], last: ChangeRequest | None, *, is_near: bool
) -> set[str]:
    """Return what can be asked for a seat now."""
    found = set()
    if seat.state in SEATED and any(each.ends_at >= now() for each in held):
        found.add("absence")
    if last is not None and last.state in PENDING:
        return found
    if seat.state in (*BEFORE_IT, EnrolmentState.RUN_CANCELLED):
        found.add("move")
    if seat.state in BEFORE_IT:
        found.add("decline")
        if is_near:
            found.add("replace")
        if seat.obligation == Obligation.MANDATORY:
            found.update(("defer", "exempt"))
    return found


def _is_awaited(
    held: list[attendance.Sitting], known: Mapping[uuid.UUID, attendance.Mark], seat: Seat
) -> bool:
    """Whether somebody is to come to a session today, and has not checked in."""
    today = clock.today(now())
    is_held = seat.state in SEATED and seat.run_state not in NOT_HELD
    return is_held and any(
        clock.today(each.starts_at) == today
        and each.ends_at >= now()
        and not (each.id in known and known[each.id].checked_in_at)
        for each in held
    )


def _names(
    people: list[uuid.UUID | None], last: ChangeRequest | None
) -> dict[uuid.UUID | None, str]:
    """Return the names of those who gave a notice or asked for somebody else (代行)."""
    keys = {key for key in (*people, last.requested_by if last else None) if key}
    rows = (session().get(Person, key) for key in keys)
    return {row.id: row.name for row in rows if row is not None}
