"""The months of all runs, for those who plan and hold them."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.open_days import open_days
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.training.months import queries, text
from app.training.plans import access
from app.training.plans.text import STATES

blueprint = flask.Blueprint("months", __name__)
LOOKING = having(*sorted(access.LOOKING))


@route(blueprint, "/runs/calendar", may=LOOKING)
def calendar() -> ResponseReturnValue:
    """Show a month of the runs that the actor looks at, in every state."""
    first = queries.first_of(flask.request.args.get("month", ""), now())
    days = open_days(settings().holidays)
    return flask.render_template(
        "training/runs_calendar.html",
        month=queries.month(session(), first, days, now(), access.visible(actor())),
        marks=text.MARKS,
        states=STATES,
    )
