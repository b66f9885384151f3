"""What the pages of both protocols share: the handshake in the cookie, the hop, the failures.

Whoever goes to the identity provider leaves a handshake behind, in the signed cookie of this
browser: what the answer must fit, and the page that was asked for. The answer is taken once, by a
browser that holds its handshake, and by none other.

An answer arrives from another site. By GET it may change nothing, as nothing may; by POST it comes
without our cookie, which is SameSite=Lax. So neither is acted upon: it is answered by a page of our
own that sends it on, from our site to our site. That POST carries the cookie, and may write. A
second cookie with SameSite=None would do, too, but needs TLS even on a developer's machine, and
browsers are about to block it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.settings import Settings
from app.kernel.web import problems
from app.kernel.web.addresses import is_local
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import IDENTIFIED, actor
from app.people.federation import service
from app.people.sign_in import views as sign_in
from app.people.sign_in.access import HOME, enter

log = logging.getLogger(__name__)
blueprint = flask.Blueprint("federation", __name__)

#: How long somebody may take at the identity provider.
PATIENCE = timedelta(minutes=10)
#: Handshakes in one browser, a tab each; the oldest goes.
MOST = 3
#: Octets of the longest path that is kept: the cookie has 4 kB in all.
LONGEST_PATH = 500
#: Keys of the session.
UNDER_WAY, CAME_BY, LEAVING = "handshakes", "came_by", "leaving"


@dataclass(frozen=True)
class Handshake:
    """What one browser has begun with the identity provider."""

    #: The protocol: oidc or saml.
    method: str
    #: What the answer must fit, besides its own name: a nonce, a request's ID.
    proof: Mapping[str, str]
    #: Path of the page that was asked for.
    wanted: str
    #: When, in seconds.
    at: float


def keep(method: str, name: str, proof: Mapping[str, str]) -> None:
    """Leave a handshake in this browser under a name that nobody can guess."""
    wanted = flask.request.args.get("next", "")
    if not is_local(wanted) or len(wanted.encode()) > LONGEST_PATH:
        wanted = HOME
    begun = Handshake(method, dict(proof), wanted, now().timestamp())
    kept = {**flask.session.get(UNDER_WAY, {}), name: asdict(begun)}
    newest = sorted(kept.items(), key=lambda item: item[1]["at"])[-MOST:]
    flask.session[UNDER_WAY] = dict(newest)


def take(method: str, name: str) -> Handshake | None:
    """Return the handshake of that name and forget it; None where this browser has none in time."""
    kept = dict(flask.session.get(UNDER_WAY, {}))
    found = kept.pop(name, None)
    if found is None or found["method"] != method:
        return None
    flask.session[UNDER_WAY] = kept
    begun = Handshake(**found)
    return begun if now().timestamp() - begun.at <= PATIENCE.total_seconds() else None


def hop(endpoint: str, fields: Mapping[str, str]) -> str:
    """Return the page that sends an answer on to `endpoint`, at once or by its button.

    It must leave the session alone: without our cookie there is a new one here, and a browser that
    is given it would lose the handshake. So it offers no languages, whose form has a token.
    """
    return flask.render_template(
        "people/sign_on_hop.html",
        action=flask.url_for(endpoint),
        fields=fields,
        languages=None,
    )


def lost(method: str) -> ResponseReturnValue:
    """Answer what nobody in this browser has asked for, or asked for too long ago."""
    if actor().is_signed_in:  # the second of two clicks
        return flask.redirect(HOME, 303)
    return failed(method, Refused("sign_on_lost", reason="no_handshake"))


def failed(method: str, refused: Refused, wanted: str = HOME) -> ResponseReturnValue:
    """Answer the page that says why nobody came in, and leads to another try."""
    log.warning(
        "sign_on.failed",
        extra={"method": method, "code": refused.code, "reason": refused.data.get("reason", "")},
    )
    what, next_step = problems.sentence(refused.code, refused.data)
    page = flask.render_template(
        "people/sign_on_failed.html",
        what=what,
        next_step=next_step,
        again=flask.url_for(f"{method}.begin", next=wanted),
        other=flask.url_for("sign_in.ask", next=wanted),
        reference=flask.g.reference,
        languages=None,  # its form would come back to an address that answers no GET
    )
    return page, 503 if refused.code == "provider_unreachable" else refused.status


def refuse(handshake: Handshake, refused: Refused) -> ResponseReturnValue:
    """Record in the audit that the answer to a handshake let nobody in, and say so."""
    reason = str(refused.data.get("reason", refused.code))
    service.record_failure(session(), now(), method=handshake.method, reason=reason)
    return failed(handshake.method, refused, handshake.wanted)


def arrive(handshake: Handshake, number: str, came_by: Mapping[str, str]) -> ResponseReturnValue:
    """Let in whoever the provider has vouched for, or say that the number is not known.

    `came_by` is what signing out at the provider takes; it lies in this browser's cookie alone.
    """
    found = service.admit(session(), number, now(), settings(), method=handshake.method)
    if isinstance(found, Refused):
        return failed(handshake.method, found, handshake.wanted)
    answer = enter(found, handshake.wanted)
    flask.session[CAME_BY] = {"method": handshake.method, **came_by}
    return answer


@route(blueprint, "/sign-out/everywhere", may=IDENTIFIED, method="POST")
def sign_out() -> ResponseReturnValue:
    """End the sign-in here, then go and end it at the identity provider."""
    came_by = flask.session.get(CAME_BY, {})
    sign_in.leave()
    if came_by.get("method") not in flask.current_app.blueprints:
        return signed_out(is_partial=True)
    flask.session[LEAVING] = came_by
    return flask.redirect(flask.url_for(f"{came_by['method']}.leave"), 303)


def lead_out(address: str) -> flask.Response:
    """Answer a page that leads to the identity provider's own sign-out.

    Not a redirect: this follows upon a form, and our policy (form-action) lets no form of ours end
    at another site, wherever redirects lead it.
    """
    page = flask.render_template("people/sign_on_leaving.html", address=address)
    return flask.Response(page, headers={"Refresh": f"0; url={address}"})


def signed_out(*, is_partial: bool = False) -> ResponseReturnValue:
    """Lead to the page of signing in, and say what was ended: all of it, or our part alone."""
    if is_partial:
        told = gettext(
            "サインアウトしました。職場のアカウントはサインインしたままかもしれません。"
            "共用の端末では、ブラウザーをすべて閉じてください。"
        )
        flask.flash(told, "warning")
    else:
        flask.flash(gettext("サインアウトしました。"), "success")
    return flask.redirect(flask.url_for("sign_in.ask"), 303)


def sign_out_url() -> str:
    """Return where the button of signing out leads for who is here."""
    federated = CAME_BY in flask.session and blueprint.name in flask.current_app.blueprints
    return flask.url_for("federation.sign_out" if federated else "sign_in.sign_out")


def install(app: flask.Flask, configured: Settings) -> None:
    """Register the protocols that the settings turn on, and their buttons for the page."""
    choices: list[dict[str, Any]] = []
    if configured.oidc_issuer:
        from app.people.federation.oidc import views as oidc  # noqa: PLC0415 - costs only who uses it

        app.register_blueprint(oidc.blueprint)
        choices.append({"endpoint": "oidc.begin", "label": configured.oidc_label})
    if configured.saml_metadata:
        from app.people.federation.saml import views as saml  # noqa: PLC0415 - an extra package

        saml.install(app, configured)
        choices.append({"endpoint": "saml.begin", "label": configured.saml_label})
    if choices:
        app.register_blueprint(blueprint)
    app.jinja_env.globals["sign_on_choices"] = choices
