"""Pages of changes: asking for one, saying yes or no to one, taking somebody out of a run."""

from __future__ import annotations

import uuid
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, workflow
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict
from app.kernel.language import gettext
from app.kernel.open_days import open_days
from app.kernel.web import showing
from app.kernel.web.routing import About, now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.text import ROLES
from app.training.changes import access, queries, service, text
from app.training.changes.forms import EndForm, MoveForm, ReasonForm, ReplaceForm
from app.training.changes.models import ChangeKind, ChangeRequest
from app.training.changes.service import Wish
from app.training.changes.states import ChangeState
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import BEFORE_IT, EnrolmentState
from app.training.make_ups import queries as make_ups
from app.training.offerings.models import LateChange, Offering
from app.training.plans.models import Run
from app.training.seat_page import access as seats
from app.training.seat_page import queries as seat_page
from app.training.seat_page.views import shown

blueprint = flask.Blueprint("changes", __name__)
DECIDING = having(*sorted(access.DECIDING))
PLANNERS = having(*sorted(PLANNING))
ACTING = having(*sorted(NEAR | PLANNING))
SEAT = {"enrolment_id": "near enrolment"}
ASKED: About = {**SEAT, "kind": ("decline", "defer", "exempt")}
ENROLMENT = {"enrolment_id": "enrolment"}


@route(blueprint, "/seats/<uuid:enrolment_id>/move", may=SIGNED_IN, about=SEAT, audited=True)
def move(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which other run is wanted."""
    row, acting = _open_seat(enrolment_id, ChangeKind.MOVE)
    return _ask_move(row, MoveForm(), acting)


@route(blueprint, "/seats/<uuid:enrolment_id>/move", may=SIGNED_IN, about=SEAT, method="POST")
def do_move(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for another run, or take it."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    form = MoveForm()
    form.offer(queries.options(session(), row, now(), clock.today(now())))
    if not form.validate():
        return _ask_move(row, form, acting), 422
    return _asked(row, Wish(ChangeKind.MOVE, form.reason.data, run_id=form.run_id()), acting)


@route(blueprint, "/seats/<uuid:enrolment_id>/ask/<kind>", may=SIGNED_IN, about=ASKED, audited=True)
def ask(enrolment_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Ask why somebody declines, wants another year or need not come."""
    row, acting = _open_seat(enrolment_id, kind)
    return _ask("training/change_ask.html", row, ReasonForm(), kind, acting)


@route(
    blueprint, "/seats/<uuid:enrolment_id>/ask/<kind>", may=SIGNED_IN, about=ASKED, method="POST"
)
def do_ask(enrolment_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Ask for it."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    form = ReasonForm()
    if not form.validate():
        return _ask("training/change_ask.html", row, form, kind, acting), 422
    return _asked(row, Wish(ChangeKind(kind), form.reason.data), acting)


@route(blueprint, "/seats/<uuid:enrolment_id>/replace", may=ACTING, about=SEAT, audited=True)
def replace(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Ask who comes instead, of those of the section who may."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    service.refuse_unready(session(), row, ChangeKind.REPLACE)
    form = ReplaceForm()
    staff = queries.successors(session(), row, now())
    form.offer(staff)
    showing.note(
        "change_request.successors",
        "enrolment",
        enrolment_id,
        audit.shown(post.person_id for post in staff),
    )
    return _ask("training/change_replace.html", row, form, ChangeKind.REPLACE, acting)


@route(blueprint, "/seats/<uuid:enrolment_id>/replace", may=ACTING, about=SEAT, method="POST")
def do_replace(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for somebody else to have the seat."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now(), NEAR | PLANNING)
    form = ReplaceForm()
    form.offer(queries.successors(session(), row, now()))
    if not form.validate():
        return _ask("training/change_replace.html", row, form, ChangeKind.REPLACE, acting), 422
    wish = Wish(ChangeKind.REPLACE, form.reason.data, successor_id=form.successor_id())
    return _asked(row, wish, acting)


@route(blueprint, "/seats/<uuid:enrolment_id>/withdraw", may=SIGNED_IN, about=SEAT, method="POST")
def withdraw(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Take the request for a seat back."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    pending = queries.pending_of(session(), row.id)
    if pending is None:
        raise Conflict("wrong_state", action="withdraw")
    service.withdraw(session(), pending.id, by=acting, now=now())
    flask.flash(gettext("申請を取り消しました。席は元のままです。"), "success")
    return _back(row.id)


@route(blueprint, "/changes/waiting", may=DECIDING, audited=True)
def waiting() -> ResponseReturnValue:
    """List what waits for the actor's word: requests for changes, and for make-ups."""
    day = clock.today(now())
    mine = access.waiting(session(), actor(), now())
    heads = access.waiting_for_heads(session(), actor(), now())
    asked = make_ups.waiting(session(), day, seats.reached(actor(), PLANNING, day))
    people = {row.person_id for rows in (mine, heads, asked) for row in rows}
    showing.note("change_request.listed", "change_request", None, audit.shown(sorted(people)))
    return flask.render_template(
        "training/changes_waiting.html",
        mine=mine,
        heads=heads,
        make_ups=asked,
        kinds=text.KINDS,
        reasons=text.REASONS,
        states=text.STATES,
    )


@route(
    blueprint,
    "/changes/<uuid:change_id>/<action>",
    may=DECIDING,
    about={"change_id": "near change_request", "action": ("approve", "reject")},
    method="POST",
)
def decide(change_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Say yes or no, and what has become true by it."""
    request, acting = access.request(session(), actor(), change_id, now())
    if action == "approve":
        days = open_days(settings().holidays)
        service.approve(session(), change_id, days, by=acting, now=now())
    else:
        reason = flask.request.form.get("reason", "")
        service.reject(session(), change_id, reason, by=acting, now=now())
    flask.flash(_told(request), "success")
    return flask.redirect(flask.url_for(".waiting"), 303)


@route(
    blueprint, "/enrolments/<uuid:enrolment_id>/end", may=PLANNERS, about=ENROLMENT, audited=True
)
def end(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Ask by which way somebody is taken out of a run, and why."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now(), PLANNING)
    return _ask_end(row, EndForm(), acting)


@route(
    blueprint, "/enrolments/<uuid:enrolment_id>/end", may=PLANNERS, about=ENROLMENT, method="POST"
)
def do_end(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Take somebody out of a run."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now(), PLANNING)
    form = EndForm()
    if not form.validate():
        return _ask_end(row, form, acting), 422
    days = open_days(settings().holidays)
    service.end(session(), row.id, form.action.data, form.reason.data, days, by=acting, now=now())
    flask.flash(str(text.ENDED[form.action.data]), "success")
    return flask.redirect(flask.url_for("runs.run", run_id=row.run_id), 303)


def _open_seat(enrolment_id: uuid.UUID, kind: str) -> tuple[Enrolment, Actor]:
    """Return a seat for which a kind of change can be asked; raises what asking would raise."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    service.refuse_unready(session(), row, kind)
    return row, acting


def _ask_move(row: Enrolment, form: MoveForm, acting: Actor) -> str:
    options = queries.options(session(), row, now(), clock.today(now()))
    form.offer(options)
    more = {"options": options, "by_run": {str(option.run_id): option for option in options}}
    return _ask("training/change_move.html", row, form, ChangeKind.MOVE, acting, **more)


def _ask(page: str, row: Enrolment, form: ReasonForm, kind: str, acting: Actor, **more: Any) -> str:
    shown(row)
    run = session().get_one(Run, row.run_id)
    offering = session().get_one(Offering, run.offering_id)
    is_late = service.is_late(run, kind, now()) and row.state != EnrolmentState.RUN_CANCELLED
    is_closed = offering.late_change == LateChange.REFUSE and not acting.roles & PLANNING
    return flask.render_template(
        page,
        form=form,
        kind=kind,
        kinds=text.KINDS,
        seat=seat_page.seat(session(), row.id, now()),
        is_own=row.person_id == actor().person_id,
        approvers=[ROLES[step] for step in service.steps(kind, offering)],
        is_late=is_late,
        is_closed=is_late and is_closed,
        consequence=text.CONSEQUENCES.get(kind),
        **more,
    )


def _asked(row: Enrolment, wish: Wish, acting: Actor) -> ResponseReturnValue:
    days = open_days(settings().holidays)
    request = service.ask(session(), row.id, wish, days, by=acting, now=now())
    flask.flash(_told(request), "success")
    is_done = request.state == ChangeState.AUTOMATIC
    after = queries.outcome(session(), request).enrolment_id if is_done else row.id
    return _back(after if wish.kind == ChangeKind.MOVE else row.id)


def _told(request: ChangeRequest) -> str:
    """Return what has become of a request, and who has the next word."""
    if request.state == ChangeState.REJECTED:
        return gettext("不承認にしました。申請した人に知らせます。")
    if request.state in (ChangeState.APPROVED, ChangeState.AUTOMATIC):
        return text.told(request.kind, queries.outcome(session(), request))
    row = session().get_one(Enrolment, request.enrolment_id)
    run = session().get_one(Run, row.run_id)
    steps = service.steps(request.kind, session().get_one(Offering, run.offering_id))
    left = steps[1:] if request.state == ChangeState.HEAD_APPROVED else steps
    words = gettext("→").join(str(ROLES[step]) for step in left)
    if request.state == ChangeState.HEAD_APPROVED:
        return gettext("承認しました。次は、%(who)sが承認します。", who=words)
    return gettext("申請しました。%(who)sの承認を待っています。", who=words)


def _ask_end(row: Enrolment, form: EndForm, acting: Actor) -> str:
    ways = [(name, word) for name, word in text.ENDS.items() if workflow.can(row, name, acting)]
    if not ways:
        raise Conflict("wrong_state", action="end", state=row.state)
    form.offer(ways)
    shown(row)
    return flask.render_template(
        "training/end.html",
        form=form,
        seat=seat_page.seat(session(), row.id, now()),
        is_ordered=row.state not in BEFORE_IT[:1],
        consequences=[(word, text.END_CONSEQUENCES[name]) for name, word in ways],
    )


def _back(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("seats.seat", enrolment_id=enrolment_id), 303)
