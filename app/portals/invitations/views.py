"""Dynamic registration: the address that an administrator hands out, and who comes by it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

import flask
from flask.typing import ResponseReturnValue

from app.kernel.calling import is_address, line
from app.kernel.errors import KenshuError
from app.kernel.language import gettext
from app.kernel.web import problems
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import PUBLIC, actor, having
from app.people.permission.models import Role
from app.portals.gate.access import framed
from app.portals.invitations import queries, service, text
from app.portals.registrations.forms import InvitationForm
from lti import dynamic
from lti.dynamic import Platform, Registered, RegistrationRefused, Tool

log = logging.getLogger(__name__)

blueprint = flask.Blueprint("portal_invitations", __name__, url_prefix="/portals/invitations")
#: What platforms come to: no session and no cookie of the office counts here.
outside = flask.Blueprint("portal_registering", __name__, url_prefix="/lti")

ADMINISTRATORS = having(Role.ADMINISTRATOR)
TOKEN = {"token": "launch"}
#: What a platform sends along, by LTI Dynamic Registration 1.0 (3.3).
CONFIGURATION, TOKEN_OF_PLATFORM = "openid_configuration", "registration_token"

#: What a platform cannot register by → the answer's status.
_STATUS = {"invitation_unknown": 404, "invitation_used": 410, "configuration_missing": 422}


@route(blueprint, "/new", may=ADMINISTRATORS)
def new() -> ResponseReturnValue:
    """Ask for whom an address is meant, and show which ones wait."""
    return _asking(InvitationForm(formdata=None))


@route(blueprint, "", may=ADMINISTRATORS, method="POST")
def invite() -> ResponseReturnValue:
    """Make an address; this answer is the only place where it stands."""
    form = InvitationForm()
    if not form.validate():
        return _asking(form), 422
    row, token = service.invite(session(), form.name.data or "", by=actor(), now=now())
    address = settings().office_origin + flask.url_for("portal_registering.ask", token=token)
    return flask.render_template("portals/invitation.html", invitation=row, address=address)


def _asking(form: InvitationForm) -> str:
    return flask.render_template(
        "portals/invitation_new.html", form=form, rows=queries.waiting(session(), now())
    )


@route(outside, "/register/<token>", may=PUBLIC, about=TOKEN, for_machines=True)
def ask(token: str) -> ResponseReturnValue:
    """Say to which platform we are about to be made known; nothing is called yet."""
    params = flask.request.args
    if code := _fault(token, params):
        return _told(*problems.sentence(code, {}), status=_STATUS[code])
    page = flask.render_template(
        "portals/registering.html",
        token=token,
        configuration=params[CONFIGURATION],
        registration_token=params.get(TOKEN_OF_PLATFORM, ""),
        host=urlsplit(params[CONFIGURATION]).netloc,
    )
    return framed(page, None)


@route(outside, "/register/<token>", may=PUBLIC, about=TOKEN, method="POST", for_machines=True)
def register(token: str) -> ResponseReturnValue:
    """Make us known to a platform, and propose it to the office."""
    params = flask.request.form
    if code := _fault(token, params):
        return _told(*problems.sentence(code, {}), status=_STATUS[code])
    invitation = queries.known(session(), token)
    assert invitation is not None  # it has no fault
    key = invitation.id
    # Nothing is written yet: let go of the database while the platform is called.
    let_go()
    try:
        platform, registered = _made_known(params)
        service.accept(session(), key, platform, registered, now=now(), settings=settings())
    except RegistrationRefused as refused:
        log.warning("lti.registration_refused", extra={"code": refused.code})
        return _told(*text.refusal(refused), status=422)
    except KenshuError as refused:
        let_go()  # the invitation is not used up by what came to nothing
        return _told(*problems.sentence(refused.code, refused.data), status=refused.status)
    log.info("lti.registered", extra={"invitation": str(key)})
    return framed(flask.render_template("portals/registering_done.html"), None)


def _fault(token: str, params: Mapping[str, str]) -> str:
    """Return why a platform cannot register here, as a code; empty where it can."""
    invitation = queries.known(session(), token)
    if invitation is None:
        return "invitation_unknown"
    if not queries.is_good(invitation, now()):
        return "invitation_used"
    if not is_address(params.get(CONFIGURATION, ""), settings()):
        return "configuration_missing"
    return ""


def _made_known(params: Mapping[str, str]) -> tuple[Platform, Registered]:
    """Tell a platform of us, and return what it has told of itself. Raises RegistrationRefused."""
    address = params[CONFIGURATION]
    called = line(settings(), frozenset({urlsplit(address).hostname or ""}))
    platform = dynamic.discover(called, address)
    named = {
        "issuer": platform.issuer,
        "authorization_endpoint": platform.auth_login_url,
        "token_endpoint": platform.auth_token_url,
        "jwks_uri": platform.key_set_url,
        "registration_endpoint": platform.registration_url,
    }
    for member, value in named.items():
        if not is_address(value, settings()):
            raise RegistrationRefused("document_unusable", member=member)
    return platform, dynamic.register(called, platform, _tool(), params.get(TOKEN_OF_PLATFORM, ""))


def _tool() -> Tool:
    origin = settings().office_origin
    return Tool(
        name=gettext("研修 Kenshu"),
        description=gettext("研修の教材を受講し、得点を返します。氏名とメールは受け取りません。"),
        origin=origin,
        login_address=f"{origin}/lti/login",
        launch_address=f"{origin}/lti/launch",
        key_set_address=f"{origin}/lti/keys",
        choosing_address=f"{origin}/lti/choose",
    )


def _told(what: str, next_step: str, *, status: int) -> ResponseReturnValue:
    page = flask.render_template("portals/registering_refused.html", what=what, mending=next_step)
    response = framed(page, None)
    response.status_code = status
    return response
