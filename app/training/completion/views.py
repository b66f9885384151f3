"""The office's page of what it takes to complete an offering."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.completion import service
from app.training.completion.forms import CompletionForm
from app.training.completion.models import Rule
from app.training.offerings import access
from app.training.offerings.models import Offering
from app.training.offerings.queries import Offered

blueprint = flask.Blueprint("completion", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OFFERING = {"offering_id": "whole offering"}
PATH = "/offerings/<uuid:offering_id>/completion"


@route(blueprint, PATH, may=PLANNING, about=OFFERING)
def rule(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask what it takes, beginning with the present rule."""
    found, _ = access.planned(session(), actor(), offering_id, whole=True)
    row = session().get_one(Offering, offering_id)
    return _page(found, CompletionForm(obj=Rule.of(row.completion)))


@route(blueprint, PATH, may=PLANNING, about=OFFERING, method="POST")
def do_rule(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Judge by another rule from now on."""
    found, _ = access.planned(session(), actor(), offering_id, whole=True)
    form = CompletionForm()
    if not form.validate():
        return _page(found, form), 422
    row = service.write(session(), offering_id, form.data_of(), by=actor(), now=now())
    told = gettext("修了の条件を保存しました（第%(number)s版）。", number=row.completion_version)
    flask.flash(told, "success")
    return flask.redirect(flask.url_for("offerings.offering", offering_id=offering_id), 303)


def _page(found: Offered, form: CompletionForm) -> str:
    row = session().get_one(Offering, found.id)
    return flask.render_template(
        "training/completion_rule.html",
        offering=found,
        form=form,
        version=row.completion_version,
        limit=row.absence_limit,
    )
