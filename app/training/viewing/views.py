"""The page on which the office says how a video is watched in a run."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.plans import access
from app.training.plans.queries import RunLine
from app.training.plans.text import STATES
from app.training.viewing import queries, service, text
from app.training.viewing.forms import WatchingForm
from app.training.viewing.queries import OVER, Viewing

blueprint = flask.Blueprint("viewing", __name__)
PLANNING = having(*sorted(permission.PLANNING))
PART = {"run_id": "whole run", "run_item_id": "whole run_item"}
PATH = "/runs/<uuid:run_id>/items/<uuid:run_item_id>/watching"


@route(blueprint, PATH, may=PLANNING, about=PART)
def watching(run_id: uuid.UUID, run_item_id: uuid.UUID) -> ResponseReturnValue:
    """Show how a video of a run is watched, and ask what is to be otherwise."""
    run, found = _part(run_id, run_item_id)
    form = WatchingForm(formdata=None)
    form.fill(found)
    return _page(run, found, form)


@route(blueprint, PATH, may=PLANNING, about=PART, method="POST")
def set_rule(run_id: uuid.UUID, run_item_id: uuid.UUID) -> ResponseReturnValue:
    """Have a video of a run be watched so."""
    run, found = _part(run_id, run_item_id)
    form = WatchingForm()
    form.offer(found)
    if not form.validate():
        return _page(run, found, form), 422
    service.set_rule(session(), run_item_id, form.data_of(), by=actor(), now=now())
    told = gettext("視聴の条件を保存しました。受講者が次に動画を開くときから変わります。")
    flask.flash(told, "success")
    return flask.redirect(flask.url_for("runs.run", run_id=run_id), 303)


def _part(run_id: uuid.UUID, run_item_id: uuid.UUID) -> tuple[RunLine, Viewing]:
    run, _ = access.planned(session(), actor(), run_id, whole=True)
    return run, queries.viewing(session(), run_id, run_item_id)


def _page(run: RunLine, found: Viewing, form: WatchingForm) -> str:
    form.offer(found)
    return flask.render_template(
        "training/watching.html",
        run=run,
        viewing=found,
        form=form,
        brief=text.brief(found.rule),
        told=text.told(found.rule),
        is_impossible=found.rule.completion in found.impossible,
        is_over=run.state in OVER,
        states=STATES,
    )
