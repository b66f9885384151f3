"""What platforms and their learners' browsers come to: login, launch, our keys.

No session and no cookie of the office counts here. The browser that began a login is known by what
it was given to keep: a cookie of its own that is parted by site (CHIPS), the storage of the frame,
the platform's storage, whichever it really keeps; where it keeps nothing, a new window does.
"""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Mapping
from functools import partial

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.kernel.web.routing import (
    let_go,
    now,
    refuse_while_read_only,
    route,
    session,
    settings,
    tell,
)
from app.kernel.web.rules import PUBLIC
from app.portals.calling import service as calling
from app.portals.choosing import views as choosing
from app.portals.gate import access, queries, service, text
from app.portals.gate.access import framed
from app.portals.gate.models import PortalLaunch, PortalLogin
from app.portals.keys import service as keys
from app.portals.links import access as links_access
from app.portals.links import service as links
from app.portals.registrations import queries as portals
from app.portals.registrations.models import Portal
from app.portals.registrations.queries import OpenPortal
from lti.errors import LaunchRefused
from lti.launch import Claimed, Gate, admit
from lti.message import DEEP_LINK, Message

log = logging.getLogger(__name__)

blueprint = flask.Blueprint("lti", __name__, url_prefix="/lti")

#: What is kept of a login, and of what came of it: the one thing that a GET adds here.
KEPT = (PortalLogin, PortalLaunch)
PORTAL = {"portal_id": "open portal"}


@route(blueprint, "/login", may=PUBLIC, for_machines=True, adds=KEPT)
def login() -> ResponseReturnValue:
    """Begin a login by GET."""
    return _login(flask.request.args, None)


@route(blueprint, "/login", may=PUBLIC, method="POST", for_machines=True)
def login_by_post() -> ResponseReturnValue:
    """Begin a login by POST."""
    return _login(flask.request.form, None)


@route(blueprint, "/login/<uuid:portal_id>", may=PUBLIC, about=PORTAL, for_machines=True, adds=KEPT)
def login_of(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a login at the address of one portal: an issuer may have several."""
    return _login(flask.request.args, portal_id)


@route(
    blueprint,
    "/login/<uuid:portal_id>",
    may=PUBLIC,
    about=PORTAL,
    method="POST",
    for_machines=True,
)
def login_of_by_post(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a login at the address of one portal, by POST."""
    return _login(flask.request.form, portal_id)


def _login(params: Mapping[str, str], portal_id: uuid.UUID | None) -> ResponseReturnValue:
    of = _open_portal(portal_id) if portal_id else None
    try:
        asked = service.begin(
            session(),
            params,
            launch_address=settings().office_origin + flask.url_for(".launch"),
            is_ours=partial(links_access.is_ours, settings()),
            of=OpenPortal.of(of) if of else None,
            now=now(),
        )
    except LaunchRefused as refused:
        return _refused("login", refused, of, issuer=params.get("iss", ""))
    response = framed(
        flask.render_template(
            "portals/login.html",
            address=asked.begun.address,
            state=asked.begun.login.state,
            verifier=asked.verifier,
            storage_target=asked.begun.storage_target,
            storage_origin=portals.origin_of(asked.begun.registration.auth_login_url),
            again=flask.request.path,
            params=params,
            words=text.hop(),
        ),
        asked.portal,
    )
    access.give(response, asked.begun.login.state, asked.verifier)
    return response


def _open_portal(portal_id: uuid.UUID) -> Portal:
    portal = session().get(Portal, portal_id)
    if portal is None or not portals.is_open(portal, access.today()):
        raise NotFound
    return portal


@route(
    blueprint,
    "/launch",
    may=PUBLIC,
    method="POST",
    for_machines=True,
    even_read_only=True,  # the login is not used up then, and so nothing else is done
)
def launch() -> ResponseReturnValue:
    """Take a platform's signed message, and open what it asks for."""
    params = flask.request.form
    state, token = params.get("state", ""), params.get("id_token", "")
    verifier = params.get(access.VERIFIER, access.kept(state))
    row = None if verifier is not None else queries.waiting(session(), state, now())
    if row and token and not params.get("error"):
        return _ask_browser(row, state, token)
    try:
        claimed = Claimed.of(token)
        known = portals.Known(session(), now(), claimed.deployment_id)
        _fetch_keys(known, claimed)
        message = _message(known, state, verifier or "")
        return _open(message, known.portal(message.registration.id), state)
    except LaunchRefused as refused:
        refuse_while_read_only()
        return _refused("launch", refused, queries.portal_of(session(), state))


def _ask_browser(row: PortalLogin, state: str, token: str) -> ResponseReturnValue:
    """Answer a page that brings along what this browser has kept, and comes back."""
    portal = session().get_one(Portal, row.portal_id)
    page = flask.render_template(
        "portals/launch.html",
        state=state,
        token=token,
        storage_target=row.storage_target,
        storage_origin=portals.origin_of(portal.auth_login_url),
        words=text.hop(),
    )
    return framed(page, portal)


def _message(known: portals.Known, state: str, verifier: str) -> Message:
    """Return a believed message, its login used up. Raises LaunchRefused."""
    login = service.use_up(session(), state, verifier, now())
    if login is None and queries.waiting(session(), state, now()):
        raise LaunchRefused("browser_differs")
    gate = Gate(known, calling.key_sets(settings()), partial(links_access.is_ours, settings()))
    return admit(flask.request.form, login, gate, now())


def _fetch_keys(known: portals.Known, claimed: Claimed) -> None:
    """Have the platform's key at hand before anything is written: it may be slow to answer."""
    sets = calling.key_sets(settings())
    for registration in known.of_issuer(claimed.issuer) if claimed.kid and claimed.issuer else ():
        if not sets.is_at_hand(registration, claimed.kid, now()):
            let_go()
            with contextlib.suppress(LaunchRefused):  # what it is, `admit` says
                sets.key(registration, claimed.kid, now())


def _open(message: Message, portal: OpenPortal, state: str) -> ResponseReturnValue:
    """Open what a message asks for. Raises LaunchRefused."""
    language = text.language_of(message.locale)
    if message.kind == DEEP_LINK:
        page = choosing.begin(message, session().get_one(Portal, portal.id), state, language)
        _note("choice", portal, message)
        return framed(page, portal)
    opened = links.open_link(session(), portal, message, language, now=now(), settings=settings())
    _note("launch", portal, message, opened.material_id)
    # Without the page that `redirect` writes beside it, and nobody reads: a fortieth of a launch.
    response = flask.Response(status=303, headers={"Location": opened.address})
    access.take(response, state)
    return response


def _note(
    step: str, portal: OpenPortal, message: Message, material_id: uuid.UUID | None = None
) -> None:
    who = service.note(
        session(),
        step,
        service.Came(portal.id, message.deployment_id, message.subject),
        material_id=material_id,
        now=now(),
        reference=flask.g.reference,
    )
    tell(step=step, portal=str(portal.id), subject=who)


def _refused(
    step: str, refused: LaunchRefused, portal: Portal | None, issuer: str = ""
) -> ResponseReturnValue:
    """Answer why nobody comes in; the office sees it on the portal's page, and in the log."""
    service.note_refused(
        session(),
        step,
        refused,
        portal_id=portal.id if portal else None,
        issuer=issuer,
        now=now(),
        reference=flask.g.reference,
    )
    told = {"step": step, "portal": str(portal.id) if portal else "", "code": refused.code}
    log.warning("lti.refused", extra={**told, "claim": refused.data.get("claim", "")})
    page = flask.render_template(
        "portals/refused.html",
        what=text.what(refused.code, refused.data),
        reference=flask.g.reference,
    )
    response = framed(page, portal)
    response.status_code = 400 if refused.code in text.INCOMPLETE else 403
    return response


@route(blueprint, "/keys", may=PUBLIC, for_machines=True)
def key_set() -> ResponseReturnValue:
    """Answer our public keys (RFC 7517)."""
    response = flask.jsonify(keys.published(session(), settings()))
    response.headers["Cache-Control"] = f"public, max-age={keys.KEPT}"
    return response
