"""The record store's application: the About resource, and what all answers have in common."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web import problems
from app.kernel.web.routing import route
from app.kernel.web.rules import PUBLIC
from app.learning.lrs import forms
from app.learning.lrs.text import RULES
from xapi.errors import Invalid
from xapi.rules import CLAUSES
from xapi.statement import Version

blueprint = flask.Blueprint("xapi", __name__)

#: What is asked by who speaks no version yet: which there are, and for a token.
WITHOUT_VERSION = frozenset({f"{blueprint.name}.about", "xapi_sessions.fetch"})

#: What scripts of other origins may read of an answer, and send.
EXPOSED = (
    "ETag, Last-Modified, Content-Length, X-Experience-API-Version,"
    " X-Experience-API-Consistent-Through"
)
ALLOWED = (
    "Authorization, Content-Type, X-Experience-API-Version, If-Match, If-None-Match,"
    " X-Experience-API-Hash, Accept-Language"
)


@route(blueprint, "/about", may=PUBLIC)
def about() -> ResponseReturnValue:
    """Tell the versions that are spoken (Communication 2.8)."""
    return flask.jsonify(version=[Version.OLD, "1.0.2", "1.0.1", "1.0.0", Version.NEW])


def install(app: flask.Flask) -> None:
    """Have an application speak as the Experience API wants it."""
    app.before_request(_see_version)
    app.after_request(_tell_version)
    app.register_error_handler(Invalid, invalid)


def _see_version() -> flask.Response | None:
    """Answer what pages of other origins ask first, and what speaks no version of ours."""
    if flask.request.method == "OPTIONS":
        return flask.Response(status=204)
    if flask.request.endpoint not in WITHOUT_VERSION:
        try:
            flask.g.version = forms.version()
        except Invalid as error:
            return invalid(error)
    return None


def _tell_version(response: flask.Response) -> flask.Response:
    response.headers[forms.VERSION] = str(flask.g.get("version", Version.NEW))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if flask.request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, PUT, POST, DELETE"
        response.headers["Access-Control-Allow-Headers"] = ALLOWED
        response.headers["Access-Control-Max-Age"] = "600"
    return response


def invalid(error: Invalid) -> flask.Response:
    """Answer a broken rule: which, where, and where it is written."""
    what = str(RULES[error.rule]) % {"found": error.found}
    place = gettext("場所：%(place)s", place=error.path) if error.place else ""
    response = problems.answer("xapi_invalid", 400, {"what": what, "place": place})
    told = response.get_json()
    told |= {
        "title": told["title"].rstrip(),  # no place is told of a request as a whole
        "rule": error.rule,
        "place": error.path,
        "found": error.found,
        "clause": CLAUSES[error.rule],
    }
    response.set_data(flask.json.dumps(told))
    return response
