"""The office's pages of trainings."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.paging import number, page_of
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, everywhere, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.training.enrolment import queries as enrolments
from app.training.plans import access, queries, service, text
from app.training.plans.forms import TrainingForm

blueprint = flask.Blueprint("trainings", __name__)
#: Who looks at trainings, and who adds new ones.
LOOKING = having(*sorted(access.LOOKING))
ADDING = everywhere(Role.OFFICE)

TRAINING = {"training_id": "training"}


@route(blueprint, "/trainings", may=LOOKING)
def trainings() -> ResponseReturnValue:
    """List the trainings."""
    words, state = flask.request.args.get("q", ""), flask.request.args.get("state", "")
    visible = access.visible(actor())
    lines = queries.trainings(words, state, visible=visible)
    return flask.render_template(
        "training/trainings.html",
        page=page_of(session(), lines, queries.TrainingLine, number()),
        counts=queries.counts(session(), words, visible=visible),
        may_add=permission.sections_of(actor(), Role.OFFICE) is None,
        state=state,
        words=words,
        states=text.STATES,
    )


@route(blueprint, "/trainings/new", may=ADDING)
def new_training() -> ResponseReturnValue:
    """Ask for a training."""
    return flask.render_template("training/new_training.html", form=TrainingForm())


@route(blueprint, "/trainings/new", may=ADDING, method="POST")
def do_new_training() -> ResponseReturnValue:
    """Register a training."""
    form = TrainingForm()
    if form.validate():
        try:
            row = service.register(session(), form.key.key, form.data_of(), by=actor(), now=now())
        except Refused as refusal:
            form.code.errors = [sentence(refusal.code, refusal.data)[0]]
        else:
            flask.flash(gettext("研修を登録しました。次に、実施回を登録してください。"), "success")
            return flask.redirect(flask.url_for("trainings.training", training_id=row.id), 303)
    return flask.render_template("training/new_training.html", form=form), 422


@route(blueprint, "/trainings/<uuid:training_id>", may=LOOKING, about=TRAINING)
def training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Show a training with its runs."""
    found = access.training(session(), actor(), training_id)
    runs = queries.runs_of(session(), training_id)
    return flask.render_template(
        "training/training.html",
        training=found,
        runs=runs,
        may_plan=access.may_plan(actor(), training_id),
        numbers=enrolments.numbers(session(), [run.id for run in runs], clock.today(now())),
        nobody=enrolments.Numbers(),
        states=text.STATES,
    )
