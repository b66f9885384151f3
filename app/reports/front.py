"""The page that leads to what is reported across all trainings."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.web.routing import route
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.reports import spans

blueprint = flask.Blueprint("report_index", __name__)
READERS = having(Role.OFFICE, Role.ORGANISER, Role.HEAD, Role.COORDINATOR)


@route(blueprint, "/reports", may=READERS)
def reports() -> ResponseReturnValue:
    """Show which reports there are."""
    return flask.render_template(
        "reports/index.html", may_plan=bool(spans.planned_by(actor()).parts)
    )
