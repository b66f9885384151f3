"""The pages of OpenID Connect: to the provider, back from it, and out."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.kernel.errors import Refused
from app.kernel.web.routing import let_go, now, route, settings
from app.kernel.web.rules import PUBLIC
from app.people.federation import views as federation
from app.people.federation.oidc import service

blueprint = flask.Blueprint("oidc", __name__)

METHOD = "oidc"
#: What an answer by the browser may hold.
FIELDS = ("state", "code", "error", "iss")


def _address(endpoint: str) -> str:
    """Return an address of ours as the provider has it in its list, whatever host was called."""
    return settings().office_origin + flask.url_for(endpoint)


@route(blueprint, "/oidc/begin", may=PUBLIC)
def begin() -> ResponseReturnValue:
    """Send the browser to the provider."""
    try:
        address, state, proof = service.begin(settings(), _address("oidc.callback"))
    except Refused as refused:
        return federation.failed(METHOD, refused, flask.request.args.get("next", ""))
    federation.keep(METHOD, state, proof)
    return flask.redirect(address, 303)


@route(blueprint, "/oidc/callback", may=PUBLIC)
def callback() -> ResponseReturnValue:
    """Send the provider's answer on."""
    given = flask.request.args
    fields = {name: given[name] for name in FIELDS if name in given}
    return federation.hop("oidc.finish", {**fields, "csrf_token": generate_csrf()})


@route(blueprint, "/oidc/finish", may=PUBLIC, method="POST")
def finish() -> ResponseReturnValue:
    """Let in whoever the provider's answer vouches for.

    Nobody waits for a lock of ours while we wait for the provider.
    """
    answer = flask.request.form
    handshake = federation.take(METHOD, answer.get("state", ""))
    if handshake is None:
        return federation.lost(METHOD)
    let_go()
    try:
        number = service.number(
            settings(), _address("oidc.callback"), answer, handshake.proof, now()
        )
    except Refused as refused:
        return federation.refuse(handshake, refused)
    return federation.arrive(handshake, number, {})


@route(blueprint, "/oidc/leave", may=PUBLIC)
def leave() -> ResponseReturnValue:
    """Go on from our own sign-out to the provider's."""
    if flask.session.pop(federation.LEAVING, None) is None:
        return flask.redirect(flask.url_for("sign_in.ask"), 303)
    try:
        way = service.leave(settings(), _address("oidc.signed_out"))
    except Refused:
        way = None
    if way is None:
        return federation.signed_out(is_partial=True)
    address, state = way
    flask.session[federation.LEAVING] = {"state": state}
    return federation.lead_out(address)


@route(blueprint, "/oidc/signed-out", may=PUBLIC)
def signed_out() -> ResponseReturnValue:
    """Take the browser back from the provider's sign-out."""
    leaving = flask.session.pop(federation.LEAVING, {})
    if not leaving or leaving.get("state") != flask.request.args.get("state"):
        return flask.redirect(flask.url_for("sign_in.ask"), 303)
    return federation.signed_out()
