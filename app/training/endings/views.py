"""The office's page that says whom of a run it takes out, and the action for all of them."""

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
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.training.changes import text as changes
from app.training.changes.forms import EndForm
from app.training.endings import queries, service
from app.training.endings.queries import Chosen
from app.training.enrolment.states import EnrolmentState
from app.training.plans import access as plans
from app.training.seat_page.text import CHIPS

blueprint = flask.Blueprint("endings", __name__)
PLANNERS = having(*sorted(PLANNING))
RUN = {"run_id": "run"}


@route(blueprint, "/runs/<uuid:run_id>/people/end/check", may=PLANNERS, about=RUN, method="POST")
def check(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show whom it would take out; nothing is written but that they were looked at."""
    return _page(run_id, EndForm(formdata=None))


@route(blueprint, "/runs/<uuid:run_id>/people/end", may=PLANNERS, about=RUN, method="POST")
def end(run_id: uuid.UUID) -> ResponseReturnValue:
    """Take them out."""
    plans.planned(session(), actor(), run_id)
    form = EndForm()
    form.offer(changes.ENDS.items())
    if not form.validate():
        return _page(run_id, form), 422
    keys = [row.enrolment_id for row in _chosen(run_id)]
    days = open_days(settings().holidays)
    count = service.end_all(
        session(), keys, form.action.data, form.reason.data, days, by=actor(), now=now()
    )
    told = gettext("%(count)s人：%(what)s", count=count, what=changes.ENDED[form.action.data])
    flask.flash(told, "success")
    return flask.redirect(flask.url_for("runs.run", run_id=run_id), 303)


def _page(run_id: uuid.UUID, form: EndForm) -> str:
    run, _ = plans.planned(session(), actor(), run_id)
    people = _chosen(run_id)
    form.offer(changes.ENDS.items())
    seen = audit.shown(person.person_id for person in people)
    showing.note("run.ending_checked", "run", run_id, seen)
    return flask.render_template(
        "training/end_all.html",
        run=run,
        form=form,
        people=people,
        states=CHIPS,
        are_ordered=any(person.state != EnrolmentState.DECIDED for person in people),
        consequences=[
            (word, changes.END_CONSEQUENCES[name]) for name, word in changes.ENDS.items()
        ],
    )


def _chosen(run_id: uuid.UUID) -> list[Chosen]:
    try:
        keys = [uuid.UUID(key) for key in flask.request.form.getlist("row")]
    except ValueError as error:
        raise NotFound from error
    if not keys:
        raise Refused("nothing_chosen")
    found = queries.chosen(session(), actor(), run_id, keys, clock.today(now()))
    if not found:
        raise Refused("ended_already")
    return found
