"""Where launched content gets its token, and what it is answered that breaks a rule of cmi5."""

from __future__ import annotations

import base64

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel.errors import Forbidden, NotFound
from app.kernel.language import gettext
from app.kernel.web import problems
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import PUBLIC
from app.learning.clients.access import Client, credentials
from app.learning.sessions import access, service
from app.learning.sessions.text import BREACHES
from xapi.cmi5.session import Breach

blueprint = flask.Blueprint("xapi_sessions", __name__)

#: The name of what opens a fetch URL.
KEY = "key"
_SAYING = frozenset({"xapi_statements.put", "xapi_statements.post"})
#: What a session may do; all of it within what is its own.
SCOPES = frozenset({"statements/write", "statements/read/mine", "state", "profile"})


def install(app: flask.Flask) -> None:
    """Have an application know launched content, and answer what it may not say."""
    app.register_error_handler(Breach, _breach)


def identify(reading: Session, header: str) -> Client:
    """Return the session whose token a header brings, as a client. Raises Unauthorized."""
    key, secret = credentials(header)
    own = access.identify(reading, key, secret, now(), settings().office_origin)
    if own.is_over and flask.request.endpoint not in _SAYING:
        raise Forbidden("session_over")
    # What content says is vouched for by us alone: it is known by its session.
    return Client(own.id, "", "content", SCOPES, own.may_change, own)


@route(blueprint, "/fetch", may=PUBLIC, method="POST")
def fetch() -> ResponseReturnValue:
    """Give content its token: once (cmi5, 8.2). Errors come with a status of 200, too."""
    try:
        key = flask.request.args.get(KEY, "")
        session_id, secret = service.give_token(session(), key, now())
    except NotFound:
        return _not_given("2", gettext("この起動用のURLは使えません。"))
    if secret is None:
        return _not_given("1", gettext("トークンはもう渡したか、有効期限が切れています。"))
    pair = f"{access.PREFIX}{session_id}:{secret}".encode()
    return flask.jsonify({"auth-token": base64.b64encode(pair).decode()})


def _not_given(code: str, text: str) -> flask.Response:
    return flask.jsonify({"error-code": code, "error-text": text})


def _breach(error: Breach) -> flask.Response:
    what = str(BREACHES[error.rule])
    response = problems.answer("cmi5_breach", 403, {"what": what})
    told = {**(response.get_json() or {}), "rule": error.rule, "clause": f"cmi5 {error.clause}"}
    response.set_data(flask.json.dumps(told))
    return response
