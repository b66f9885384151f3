"""The office's page of what a training's reports are asked by."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.training.plans import access as plans
from app.training.plans.queries import TrainingPage
from app.training.report_forms import queries, service
from app.training.results import forms
from app.training.results.forms import LayoutForm

blueprint = flask.Blueprint("report_forms", __name__)
PLANNERS = having(*sorted(PLANNING))
TRAINING = {"training_id": "whole training"}
PATH = "/trainings/<uuid:training_id>/report-form"


@route(blueprint, PATH, may=PLANNERS, about=TRAINING)
def ask(training_id: uuid.UUID) -> ResponseReturnValue:
    """Show the fields, to be changed."""
    found = plans.training(session(), actor(), training_id, whole=True)
    return _page(found, forms.shown(queries.asked(session(), training_id)))


@route(blueprint, PATH, may=PLANNERS, about=TRAINING, method="POST")
def write(training_id: uuid.UUID) -> ResponseReturnValue:
    """Ask by other fields from now on; or show one row more, with all that was written."""
    found = plans.training(session(), actor(), training_id, whole=True)
    is_more = flask.request.form.get("do") == "more"
    form = forms.with_rows(forms.rows_sent(flask.request.form, more=is_more))()
    if is_more:
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 422
    service.write(session(), training_id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("報告の様式を保存しました。これから書く報告で使います。"), "success")
    return flask.redirect(flask.url_for(".ask", training_id=training_id), 303)


def _page(found: TrainingPage, form: LayoutForm) -> str:
    return flask.render_template("training/report_form.html", training=found, form=form)
