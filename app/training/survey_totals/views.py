"""The head's pages of surveys: which add up to something for them, and what; never an answer."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.training.plans.models import Run
from app.training.survey_results import queries
from app.training.survey_results.queries import LEAST
from app.training.survey_totals import access
from content_packages.questions.sheet import SheetKind

blueprint = flask.Blueprint("survey_totals", __name__)
HEADS = having(Role.HEAD)
RUN = {"run_id": "near run"}


@route(blueprint, "/sections/surveys", may=HEADS)
def runs() -> ResponseReturnValue:
    """List the runs of the sections' people whose surveys heads are shown the totals of."""
    found = queries.results(session(), now(), access.mine(actor()))
    return flask.render_template(
        "training/survey_totals.html", results=[each for each in found if each.is_for_heads]
    )


@route(blueprint, "/runs/<uuid:run_id>/survey-totals", may=HEADS, about=RUN)
def run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a run's surveys add up to: counts and means alone, of all its people together."""
    found = access.run(session(), actor(), run_id)
    shown = [
        result
        for result in queries.results(session(), now(), Run.id == run_id)
        if result.is_for_heads
    ]
    return flask.render_template(
        "training/survey_total.html",
        run=found,
        shown=[
            (each, [s for s in each.summaries if s.question.kind is not SheetKind.TEXT])
            for each in shown
        ],
        least=LEAST,
    )
