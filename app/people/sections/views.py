"""Pages of sections: the tree, and the import."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.people.sections import queries

blueprint = flask.Blueprint("sections", __name__)

MAY = having(Role.OFFICE, Role.ADMINISTRATOR)


@route(blueprint, "/sections", may=MAY)
def sections() -> ResponseReturnValue:
    """Show the organisation as a tree, with how many people serve where."""
    return flask.render_template(
        "people/sections.html",
        rows=queries.tree(session(), now()),
        may_import=permission.governed_by(actor()) is None,
    )
