"""The page that copies the plan of the year before."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.open_days import open_days
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.copies import queries, service
from app.training.offerings import access
from app.training.offerings.views import asked_year

blueprint = flask.Blueprint("copies", __name__)
PLANNING = having(*sorted(permission.PLANNING))


@route(blueprint, "/plans/copy", may=PLANNING)
def copy() -> ResponseReturnValue:
    """Say what a year would take over from the one before."""
    year = asked_year()
    lines = queries.to_copy(session(), year - 1, mine=access.mine(actor(), whole=True))
    return flask.render_template(
        "training/copy_plan.html",
        year=year,
        new=[line for line in lines if not line.is_there],
        there=sum(line.is_there for line in lines),
    )


@route(blueprint, "/plans/copy", may=PLANNING, method="POST")
def do_copy() -> ResponseReturnValue:
    """Take over what the year before offered; what is there already stays as it is."""
    year = asked_year()
    done = service.copy_year(
        session(),
        year - 1,
        mine=access.mine(actor(), whole=True),
        with_runs=flask.request.form.get("runs") == "1",
        by=actor(),
        now=now(),
        days=open_days(settings().holidays),
    )
    told = gettext(
        "研修%(count)s件と実施回%(runs)s回を複写しました。日付と締切を確かめてください。",
        count=f"{done.offerings:,}",
        runs=f"{done.runs:,}",
    )
    if done.offerings:
        flask.flash(told, "success")
    else:
        flask.flash(gettext("もう複写されています。新しく加わったものはありません。"), "info")
    return flask.redirect(flask.url_for("offerings.plan", year=year), 303)
