"""What the office does with a run as a whole, each asked for once more before it is done."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.language import gettext
from app.kernel.open_days import open_days
from app.kernel.web import showing
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.attendance.queries import sittings
from app.training.enrolment.queries import Numbers, numbers
from app.training.life import queries, service, text
from app.training.life.forms import CapacityForm, OnlineForm, StopForm
from app.training.offerings.models import Offering
from app.training.plans import access
from app.training.plans.models import Run
from app.training.plans.queries import RunLine
from app.training.runs import queries as runs

blueprint = flask.Blueprint("life", __name__)
PLANNING = having(*sorted(permission.PLANNING))
RUN = {"run_id": "whole run"}


@route(
    blueprint,
    "/runs/<uuid:run_id>/<action>",
    may=PLANNING,
    about={**RUN, "action": tuple(sorted(service.WITH_REASON))},
)
def ask(run_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Ask why a run is to be cancelled or postponed, and say how many are told."""
    found = _planned(run_id)
    if action not in service.WITH_REASON:
        raise NotFound
    return _ask(found, action, StopForm())


@route(
    blueprint,
    "/runs/<uuid:run_id>/<action>",
    may=PLANNING,
    about={**RUN, "action": tuple(Run.transitions)},
    method="POST",
)
def act(run_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Take a run through one transition, with its people."""
    found, reason = _planned(run_id), ""
    if action in service.WITH_REASON:
        form = StopForm()
        if not form.validate():
            return _ask(found, action, form), 422
        reason = form.reason.data
    done = service.act(session(), run_id, action, by=actor(), now=now(), reason=reason)
    offering = session().get_one(Offering, found.offering_id)
    told = str(text.DONE[action]) % {"called": text.CALLED[offering.obligation]}
    flask.flash(told, "success")
    if done.elsewhere:
        told = gettext(
            "%(count)s人は、ほかの回に移っているため、戻していません。", count=f"{done.elsewhere:,}"
        )
        flask.flash(told, "warning")
    if action == "postpone":
        return flask.redirect(flask.url_for("planning.edit", run_id=run_id), 303)
    return _to_the_run(run_id)


@route(blueprint, "/runs/<uuid:run_id>/online", may=PLANNING, about=RUN)
def online(run_id: uuid.UUID) -> ResponseReturnValue:
    """Ask where the sessions that are still to come are joined on line."""
    return _ask_online(_planned(run_id), OnlineForm())


@route(blueprint, "/runs/<uuid:run_id>/online", may=PLANNING, about=RUN, method="POST")
def do_online(run_id: uuid.UUID) -> ResponseReturnValue:
    """Have the sessions that are still to come be joined on line."""
    found, form = _planned(run_id), OnlineForm()
    if not form.validate():
        return _ask_online(found, form), 422
    count = service.go_online(session(), run_id, form.url.data or "", by=actor(), now=now())
    told = gettext("%(count)sコマをオンラインに切り替えました。", count=count)
    flask.flash(told, "success")
    return _to_the_run(run_id)


@route(blueprint, "/runs/<uuid:run_id>/capacity", may=PLANNING, about=RUN, audited=True)
def capacity(run_id: uuid.UUID) -> ResponseReturnValue:
    """Ask who is to wait where a run takes fewer; the last who were decided are suggested."""
    found = _planned(run_id)
    form = CapacityForm(formdata=None)
    form.capacity.data = flask.request.args.get("capacity", type=int)
    return _ask_capacity(found, form, is_suggested=True)


@route(blueprint, "/runs/<uuid:run_id>/capacity", may=PLANNING, about=RUN, method="POST")
def do_capacity(run_id: uuid.UUID) -> ResponseReturnValue:
    """Lower a run's capacity, and have those who were chosen wait."""
    found, form = _planned(run_id), CapacityForm()
    if not form.validate():
        return _ask_capacity(found, form), 422
    try:
        with session().begin_nested():
            count = service.shrink(
                session(),
                run_id,
                form.capacity.data,
                form.chosen,
                open_days(settings().holidays),
                by=actor(),
                now=now(),
            )
    except Refused as refused:
        form.capacity.errors = [sentence(refused.code, refused.data)[0]]
        return _ask_capacity(found, form), 422
    told = gettext("定員を変え、%(count)s人を補欠にしました。", count=f"{count:,}")
    flask.flash(told, "success")
    return _to_the_run(run_id)


def _planned(run_id: uuid.UUID) -> RunLine:
    found, _ = access.planned(session(), actor(), run_id, whole=True)
    return found


def _to_the_run(run_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("runs.run", run_id=run_id), 303)


def _people(run_id: uuid.UUID) -> int:
    found = numbers(session(), [run_id], clock.today(now())).get(run_id, Numbers())
    return found.total


def _ask(found: RunLine, action: str, form: StopForm) -> str:
    return flask.render_template(
        "training/stop.html", run=found, action=action, form=form, count=_people(found.id)
    )


def _ask_online(found: RunLine, form: OnlineForm) -> str:
    held = sittings(session(), [found.id]).get(found.id, [])
    return flask.render_template(
        "training/online.html",
        run=found,
        form=form,
        coming=[each for each in held if each.ends_at > now()],
        count=_people(found.id),
    )


def _ask_capacity(found: RunLine, form: CapacityForm, *, is_suggested: bool = False) -> str:
    holders = queries.holders(session(), found.id, clock.today(now()))
    standing = runs.standing(session(), found.id)
    chosen = set(form.waiting.data or ())
    if is_suggested and form.capacity.data is not None:
        beyond = max(0, standing.taken - form.capacity.data)
        chosen = {str(holder.enrolment_id) for holder in holders[:beyond]}
    shown = audit.shown((holder.person_id for holder in holders), total=len(holders))
    showing.note("run.viewed", "run", found.id, shown)
    return flask.render_template(
        "training/capacity.html",
        run=found,
        form=form,
        holders=holders,
        standing=standing,
        chosen=chosen,
    )
