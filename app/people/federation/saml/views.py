"""The pages of SAML 2.0: our metadata, to the provider, back from it, and out."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import PUBLIC
from app.people.federation import service as federation_service
from app.people.federation import views as federation
from app.people.federation.saml import access, service
from app.people.federation.saml.access import Addresses

blueprint = flask.Blueprint("saml", __name__)

METHOD = "saml"


def _addresses() -> Addresses:
    """Return our addresses as the provider has them, whatever host was called."""
    origin = settings().office_origin
    return Addresses(
        entity=origin + flask.url_for("saml.metadata"),
        consumer=origin + flask.url_for("saml.consume"),
        logout=origin + flask.url_for("saml.signed_out"),
    )


@route(blueprint, "/saml/metadata", may=PUBLIC)
def metadata() -> ResponseReturnValue:
    """Answer our metadata, for the provider."""
    described = service.metadata(settings(), _addresses())
    return flask.Response(described, mimetype="application/samlmetadata+xml")


@route(blueprint, "/saml/begin", may=PUBLIC)
def begin() -> ResponseReturnValue:
    """Send the browser to the provider."""
    address, relay_state, proof = service.begin(settings(), _addresses())
    federation.keep(METHOD, relay_state, proof)
    return flask.redirect(address, 303)


@route(blueprint, "/saml/acs", may=PUBLIC, method="POST")
def consume() -> ResponseReturnValue:
    """Send the provider's answer on; it came from its site, and without our cookie.

    It can have no form token, and needs none: nothing is done here.
    """
    given = flask.request.form
    fields = {name: given.get(name, "") for name in ("SAMLResponse", "RelayState")}
    return federation.hop("saml.finish", fields)


@route(blueprint, "/saml/finish", may=PUBLIC, method="POST")
def finish() -> ResponseReturnValue:
    """Let in whoever the provider's answer vouches for.

    In the place of a form token stands the handshake: the RelayState that this browser was given,
    and the request that the answer must name.
    """
    handshake = federation.take(METHOD, flask.request.form.get("RelayState", ""))
    if handshake is None:
        return federation.lost(METHOD)
    answer = flask.request.form.get("SAMLResponse", "")
    try:
        found = service.asserted(settings(), _addresses(), answer, handshake.proof["request"])
        federation_service.use_once(session(), found.assertion_id, found.expires_at, now())
    except Refused as refused:
        return federation.refuse(handshake, refused)
    return federation.arrive(handshake, found.number, found.came_by)


@route(blueprint, "/saml/leave", may=PUBLIC)
def leave() -> ResponseReturnValue:
    """Go on from our own sign-out to the provider's."""
    came_by = flask.session.pop(federation.LEAVING, None)
    if came_by is None:
        return flask.redirect(flask.url_for("sign_in.ask"), 303)
    way = service.leave(settings(), _addresses(), came_by)
    if way is None:
        return federation.signed_out(is_partial=True)
    address, request_id = way
    flask.session[federation.LEAVING] = {"request": request_id}
    return federation.lead_out(address)


@route(blueprint, "/saml/logout", may=PUBLIC)
def signed_out() -> ResponseReturnValue:
    """Take the browser back from the provider's sign-out."""
    leaving = flask.session.pop(federation.LEAVING, {})
    if "request" not in leaving:
        return flask.redirect(flask.url_for("sign_in.ask"), 303)
    has_left = service.has_left(
        settings(),
        _addresses(),
        flask.request.args,
        flask.request.query_string.decode(),
        leaving["request"],
    )
    return federation.signed_out(is_partial=not has_left)


def install(app: flask.Flask, configured: Settings) -> None:
    """Register the pages; raises SettingsError where the provider's metadata does not do."""
    access.make_pair(configured, clock.now())
    origin = configured.office_origin
    access.toolkit(configured, Addresses(origin, f"{origin}/saml/acs", f"{origin}/saml/logout"))
    app.register_blueprint(blueprint)
    for view in (consume, finish):
        app.extensions["csrf"].exempt(view)
