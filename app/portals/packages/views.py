"""Pages of portals without LTI: registered, given their packages; and what packages call."""

from __future__ import annotations

import json
import logging
import uuid
from io import BytesIO
from typing import Any, Final

import flask
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session, settings, tell
from app.kernel.web.rules import PUBLIC, actor, having
from app.people.permission.models import Role
from app.portals.gate import access as gate_access
from app.portals.gate import service as gate
from app.portals.gate import text as gate_text
from app.portals.links import access as links
from app.portals.links.access import TICKETED
from app.portals.links.service import Taken
from app.portals.packages import access, service, text
from app.portals.packages.forms import PackageForm
from app.portals.packages.service import Call
from app.portals.registrations import queries as portals
from app.portals.registrations import service as registrations
from app.portals.registrations.models import Portal
from lti.errors import LaunchRefused

log = logging.getLogger(__name__)

blueprint = flask.Blueprint("portal_packages", __name__, url_prefix="/portals/packages")
#: What packages call from the pages of an LMS: no session and no cookie of the office counts here.
outside = flask.Blueprint("portal_package_calls", __name__, url_prefix="/lti/packages")

ADMINISTRATORS = having(Role.ADMINISTRATOR)
PACKAGE = {"portal_id": "portal", "material_id": "material"}
KEY = {"key": "launch"}
TICKET = {"ticket": "launch"}
#: Bytes that a package's call holds at most.
_MOST: Final = 8192


@route(blueprint, "/new", may=ADMINISTRATORS)
def new() -> ResponseReturnValue:
    """Ask which LMS takes packages."""
    return _asking(PackageForm(formdata=None))


@route(blueprint, "/new", may=ADMINISTRATORS, method="POST")
def propose() -> ResponseReturnValue:
    """Register an LMS that takes packages, which then waits for another administrator."""
    form = PackageForm()
    if not form.validate():
        return _asking(form), 422
    portal = service.propose_package(
        session(),
        form.name.data or "",
        form.frame_origins.data or "",
        by=actor(),
        now=now(),
        settings=settings(),
    )
    flask.flash(
        gettext("登録しました。ほかのシステム管理者が承認すると、接続が始まります。"), "success"
    )
    return flask.redirect(flask.url_for("portals.portal", portal_id=portal.id), 303)


def _asking(form: PackageForm) -> str:
    return flask.render_template("portals/package_new.html", form=form)


@route(blueprint, "/<uuid:portal_id>/<uuid:material_id>.zip", may=ADMINISTRATORS, about=PACKAGE)
def package(portal_id: uuid.UUID, material_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the package of a material that a portal may open."""
    portal = registrations.found(session(), portal_id)
    material = portals.may_open(session(), portal, material_id)
    if not portal.package_key or material is None:
        raise NotFound
    key = access.key_of(portal, material_id)
    address = settings().office_origin + flask.url_for("portal_package_calls.call", key=key)
    response = flask.send_file(
        BytesIO(service.package(material, address)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=text.file_name(material.title),
    )
    response.headers["Cache-Control"] = "no-store"  # it holds a key
    return response


@route(outside, "/<key>", may=PUBLIC, about=KEY, method="POST", for_machines=True)
def call(key: str) -> ResponseReturnValue:
    """Open the course of a package, and say where it is and where its progress is asked for."""
    portal, said = access.portal_in(session(), key), _said()
    language = gate_text.language_of(said["language"])
    try:
        opened = _opened(portal, key, said["learner"], language)
    except LaunchRefused as refused:
        return _refused(refused, portal, language)
    tell(step="launch", portal=str(portal.id) if portal else "")
    path = flask.url_for(".progress", ticket=opened.ticket)
    body = {"address": opened.address, "progress": settings().office_origin + path}
    return access.readable(flask.jsonify(body), access.known_origin(portal))


def _said() -> dict[str, str]:
    """Return what a package says, as texts; what is no such thing says nothing."""
    length = flask.request.content_length or 0
    try:
        found: Any = json.loads(flask.request.get_data()) if length <= _MOST else None
    except ValueError:
        found = None
    said = found if isinstance(found, dict) else {}
    values = {name: said.get(name) for name in ("learner", "language")}
    return {name: value if isinstance(value, str) else "" for name, value in values.items()}


def _opened(portal: Portal | None, key: str, learner: str, language: str) -> Taken:
    """Open what a key is for. Raises LaunchRefused."""
    material_id = access.material_in(portal, key) if portal else None
    if portal is None or material_id is None:
        raise LaunchRefused("package_unknown")
    if not access.known_origin(portal):
        raise LaunchRefused("package_origin")
    if not portals.is_open(portal, gate_access.today()):
        raise LaunchRefused("platform_unknown")
    return service.open_course(
        session(),
        portal,
        Call(material_id, learner, language),
        now=now(),
        reference=flask.g.reference,
        settings=settings(),
    )


def _refused(refused: LaunchRefused, portal: Portal | None, language: str) -> ResponseReturnValue:
    """Answer why a course does not open; the office sees it on the portal's page, and in the log.

    A stranger's words are kept nowhere.
    """
    gate.note_refused(
        session(),
        "launch",
        refused,
        portal_id=portal.id if portal else None,
        issuer="",
        now=now(),
        reference=flask.g.reference,
    )
    told = {"step": "launch", "portal": str(portal.id) if portal else "", "code": refused.code}
    log.warning("package.refused", extra=told)
    with force_locale(language):
        message = gettext(
            "%(what)s（受付番号 %(reference)s）",
            what=gate_text.what(refused.code, refused.data),
            reference=flask.g.reference,
        )
    response = flask.jsonify({"error": refused.code, "message": message})
    response.status_code = 403
    return access.readable(response, access.known_origin(portal))


@route(outside, "/progress/<ticket>", may=TICKETED, about=TICKET, for_machines=True)
def progress(ticket: str) -> ResponseReturnValue:  # noqa: ARG001 - TICKETED has read it
    """Say how far the learner of a ticket is."""
    portal: Portal = flask.g.portal
    assignment_id = links.ticket().assignment_id
    if not portal.package_key or assignment_id is None:
        raise NotFound
    told = service.progress(session(), portal, assignment_id)
    return access.readable(flask.jsonify(told), access.known_origin(portal))
