"""The office's pages of trainings."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.web.paging import number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.training.enrolment import queries as enrolments
from app.training.offerings import queries as offerings
from app.training.plans import access, queries, text
from app.training.syllabus import queries as syllabus
from app.training.syllabus.text import PROVIDERS

blueprint = flask.Blueprint("trainings", __name__)
#: Who looks at trainings.
LOOKING = having(*sorted(access.LOOKING))

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
        may_add=permission.owners_of(actor()) != frozenset(),
        may_plan=bool(actor().roles & permission.PLANNING),
        may_sort=permission.sections_of(actor(), Role.OFFICE) is None,
        state=state,
        words=words,
        states=text.STATES,
        coming=queries.COMING,
    )


@route(blueprint, "/trainings/<uuid:training_id>", may=LOOKING, about=TRAINING)
def training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Show a training with its runs."""
    found = access.training(session(), actor(), training_id)
    runs = queries.runs_of(session(), training_id)
    return flask.render_template(
        "training/training.html",
        training=found,
        nature=syllabus.nature(session(), training_id, clock.today(now())),
        providers=PROVIDERS,
        offerings=offerings.of_training(session(), training_id),
        runs=runs,
        may_plan=access.may_plan(actor(), found.subject),
        numbers=enrolments.numbers(session(), [run.id for run in runs], clock.today(now())),
        nobody=enrolments.Numbers(),
        states=text.STATES,
    )
