"""The programming interface for content, at /api/v1 of the office's host; see openapi.json there.

Systems speak to it with a client's key and secret (HTTP Basic) that have the scope `content`.
"""

from __future__ import annotations

import uuid
from typing import Any, cast

import flask
from flask.typing import ResponseReturnValue

from app.content.findings.text import finding
from app.content.imports import text as imports
from app.content.materials.models import Material
from app.kernel.errors import Refused
from app.kernel.web import filters, problems, uploads
from app.kernel.web.application import ROOT
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import PUBLIC
from app.learning.clients.access import client, speaking
from app.learning.records.models import Attempt
from app.learning.sessions import queries as session_queries
from app.learning.sessions import service as sessions
from app.learning.sessions.service import Place
from app.portals.api import forms, queries, service
from app.portals.api_learners import service as learners

blueprint = flask.Blueprint("api", __name__)

MAY = speaking("content")
COURSE = {"material_id": "material"}
REGISTRATION = {"registration": "registration"}
SESSION = {"session_id": "registration"}


@route(blueprint, "/openapi.json", may=PUBLIC)
def description() -> ResponseReturnValue:
    """Describe the interface (OpenAPI 3.1)."""
    return flask.send_from_directory(ROOT / "static" / "api", "openapi.json")


@route(blueprint, "/courses", may=MAY, method="POST", even_read_only=True)
def import_course() -> ResponseReturnValue:
    """Take a package in, and publish it; what is wrong with it is told all at once."""
    forms.package_type()
    flask.request.max_content_length = settings().upload_limit
    client_id = client().id
    upload = uploads.keep_stream(flask.request.stream, settings().uploads, ".zip")
    path = settings().uploads / upload.name
    let_go()  # a large package takes its time
    try:
        examined = service.examine(path, settings())
    except Refused as refusal:
        return _refused(refusal)
    finally:
        path.unlink(missing_ok=True)
    name = uploads.last_part(flask.request.args.get("name", "")) or "package.zip"
    version = service.take_in(session(), examined, name, client_id, now())
    material = session().get_one(Material, version.material_id)
    told = queries.course_of(material, version)
    told["findings"] = [_finding(found) for found in version.findings]
    return told, 201, {"Location": flask.url_for(".course", material_id=material.id)}


def _refused(refusal: Refused) -> flask.Response:
    """Answer why a package is not taken: what is wrong, where, and how it is mended."""
    if refusal.code == "package_faulty":
        found = [_finding(each) for each in cast("list[Any]", refusal.data["findings"])]
        response = problems.answer("package_faulty", 422, {"count": len(found)})
        told = {**(response.get_json() or {}), "findings": found}
    else:
        what, mending = imports.refusal(refusal.code, refusal.data, filters.size)
        response = problems.answer("package_refused", 422, {"what": what, "mending": mending})
        told = {**(response.get_json() or {}), "code": refusal.code}
    response.set_data(flask.json.dumps(told))
    return response


def _finding(found: dict[str, Any]) -> dict[str, Any]:
    what, mending = finding(found["code"], found["data"])
    return {**found, "what": what, "mending": mending}


@route(blueprint, "/courses/<uuid:material_id>", may=MAY, about=COURSE)
def course(material_id: uuid.UUID) -> ResponseReturnValue:
    """Tell what a course holds."""
    return queries.course(session(), material_id)


@route(
    blueprint, "/courses/<uuid:material_id>", may=MAY, about=COURSE, method="DELETE",
    even_read_only=True,
)  # fmt: skip
def remove_course(material_id: uuid.UUID) -> ResponseReturnValue:
    """Put a course out of use; what was learnt stays on the record."""
    service.remove(session(), material_id, client().id, now())
    return "", 204


@route(
    blueprint, "/courses/<uuid:material_id>/launches", may=MAY, about=COURSE, method="POST",
    even_read_only=True,
)  # fmt: skip
def launch(material_id: uuid.UUID) -> ResponseReturnValue:
    """Launch a course, or one of its units, for a learner."""
    asked = forms.launch()
    found = service.launch(
        session(), client().id, material_id, asked, now=now(), settings=settings()
    )
    told = {
        "registration": str(found.registration),
        "session": str(found.session_id) if found.session_id else None,
        "url": found.address,
        "window": "own" if found.own_window else "any",
    }
    return told, 201


@route(blueprint, "/registrations/<uuid:registration>", may=MAY, about=REGISTRATION)
def registration(registration: uuid.UUID) -> ResponseReturnValue:
    """Tell how far a learner is."""
    return queries.registration(session(), _attempt(registration))


@route(
    blueprint, "/registrations/<uuid:registration>/waivers", may=MAY, about=REGISTRATION,
    method="POST", even_read_only=True,
)  # fmt: skip
def waive(registration: uuid.UUID) -> ResponseReturnValue:
    """Have a unit count as done by other means."""
    unit, reason = forms.waiver()
    service.waive(session(), _attempt(registration), unit, reason, _place())
    return "", 204


@route(
    blueprint, "/registrations/<uuid:registration>/reset", may=MAY, about=REGISTRATION,
    method="POST", even_read_only=True,
)  # fmt: skip
def reset(registration: uuid.UUID) -> ResponseReturnValue:
    """Have the learner's next launch begin anew; what was done stays on the record."""
    service.reset(session(), _attempt(registration), client().id, now())
    return "", 204


@route(
    blueprint, "/sessions/<uuid:session_id>/abandonment", may=MAY, about=SESSION, method="POST",
    even_read_only=True,
)  # fmt: skip
def abandon(session_id: uuid.UUID) -> ResponseReturnValue:
    """End a session whose content says nothing more."""
    _attempt(session_queries.one(session(), session_id).attempt_id)
    sessions.abandon(session(), session_id, _place())
    return "", 204


def _attempt(key: uuid.UUID) -> Attempt:
    return learners.attempt(session(), client().id, key)


def _place() -> Place:
    return Place(settings().office_origin, now())
