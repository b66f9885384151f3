"""The office's page of when the people of an offering are reminded."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.reminders import access, service
from app.training.reminders.forms import RuleForm
from app.training.reminders.queries import Ruled

blueprint = flask.Blueprint("reminders", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OFFERING = {"offering_id": "whole offering"}
PATH = "/offerings/<uuid:offering_id>/reminders"


@route(blueprint, PATH, may=PLANNING, about=OFFERING)
def rule(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask when to remind, beginning with the present rule."""
    found = access.offering(session(), actor(), offering_id)
    return _page(found, RuleForm(obj=found.rule))


@route(blueprint, PATH, may=PLANNING, about=OFFERING, method="POST")
def do_rule(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Remind by another rule from now on."""
    found = access.offering(session(), actor(), offering_id)
    form = RuleForm()
    if not form.validate():
        return _page(found, form), 422
    service.write(session(), offering_id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("督促の決まりを保存しました。次の開庁日から使います。"), "success")
    return flask.redirect(flask.url_for(".rule", offering_id=offering_id), 303)


def _page(found: Ruled, form: RuleForm) -> str:
    return flask.render_template("training/reminders.html", offering=found, form=form)
