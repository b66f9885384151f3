"""The page of the self-check."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.keeping.self_check import queries
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import having
from app.people.permission.models import Role

blueprint = flask.Blueprint("self_check", __name__)

MAY = having(Role.ADMINISTRATOR, Role.AUDITOR)


@route(blueprint, "/self-check", may=MAY)
def self_check() -> ResponseReturnValue:
    """Show every control with its verdict."""
    lines = queries.lines(session(), settings(), now())
    return flask.render_template(
        "keeping/self_check.html", lines=lines, is_wrong=queries.is_wrong(lines)
    )
