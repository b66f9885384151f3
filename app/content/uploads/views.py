"""Uploads that go on after a cut: the server's side of tus 1.0.0 (tus.io/protocols).

Core, and the extensions Creation, Termination, Expiration and Checksum.
"""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.http import http_date

from app.content.uploads import forms, service
from app.content.uploads.service import Standing, Way
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
UPLOAD = {"upload_id": "own upload"}
EXTENSIONS = ("creation", "termination", "expiration", "checksum")

blueprint = flask.Blueprint("uploads", __name__, url_prefix="/uploads")


@blueprint.after_request
def say_version(response: flask.Response) -> flask.Response:
    """Say which version is spoken, in errors, too (Core, Tus-Resumable and Tus-Version)."""
    response.headers["Tus-Resumable"] = forms.VERSION
    if response.status_code == 412:
        response.headers["Tus-Version"] = forms.VERSION
    return response


@route(blueprint, "", may=AUTHORS, method="OPTIONS")
def options() -> ResponseReturnValue:
    """Say what this server can do (Core, OPTIONS); whatever version is asked in."""
    answer = flask.Response(status=204)
    answer.headers["Tus-Version"] = forms.VERSION
    answer.headers["Tus-Extension"] = ",".join(EXTENSIONS)
    answer.headers["Tus-Max-Size"] = str(settings().video_limit)
    answer.headers["Tus-Checksum-Algorithm"] = ",".join(forms.ALGORITHMS)
    return answer


@route(blueprint, "", may=AUTHORS, method="POST")
def begin() -> ResponseReturnValue:
    """Begin an upload (Creation, POST)."""
    forms.check_version(flask.request)
    size, name = forms.length(flask.request), forms.file_name(flask.request)
    row = service.begin(session(), name, size, settings(), by=actor(), now=now())
    answer = flask.Response(status=201)
    answer.headers["Location"] = flask.url_for(".show", upload_id=row.id)
    answer.headers["Upload-Expires"] = http_date(now() + service.KEPT)
    return answer


@route(blueprint, "/<uuid:upload_id>", may=AUTHORS, about=UPLOAD)
def show(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Say how far an upload is (Core, HEAD)."""
    way = _way(upload_id)
    forms.check_version(flask.request)
    return _told(service.standing(way))


@route(blueprint, "/<uuid:upload_id>", may=AUTHORS, about=UPLOAD, method="PATCH")
def append(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Take a piece (Core, PATCH); what came before the line was cut is kept."""
    way = _way(upload_id)
    forms.check_version(flask.request)
    piece = forms.piece(flask.request)
    let_go()  # a slow line
    standing = service.append(way, piece)
    if standing.offset == standing.size:
        service.finish(session(), upload_id, by=actor(), now=now())
    return _told(standing)


@route(blueprint, "/<uuid:upload_id>", may=AUTHORS, about=UPLOAD, method="DELETE")
def terminate(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Delete an upload (Termination, DELETE)."""
    _way(upload_id)
    forms.check_version(flask.request)
    service.terminate(session(), upload_id, settings(), by=actor())
    return flask.Response(status=204)


@route(blueprint, "/<uuid:upload_id>", may=AUTHORS, about=UPLOAD, method="POST")
def instead(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Do what a header says, where a proxy lets no other method through.

    Core, X-HTTP-Method-Override, which would hold for every method; what is sent by another one
    than POST needs no such help.
    """
    _way(upload_id)
    views = {"PATCH": append, "DELETE": terminate, "HEAD": show}
    view = views.get(flask.request.headers.get("X-HTTP-Method-Override", ""))
    if view is None:
        raise MethodNotAllowed(sorted(views))
    return view(upload_id)


def _way(upload_id: uuid.UUID) -> Way:
    return service.way(session(), upload_id, settings(), by=actor())


def _told(standing: Standing) -> flask.Response:
    answer = flask.Response(status=204)
    answer.headers["Upload-Offset"] = str(standing.offset)
    answer.headers["Upload-Length"] = str(standing.size)
    answer.headers["Upload-Expires"] = http_date(standing.expires_at)
    # Core, HEAD: what is told is never to come from a cache.
    answer.headers["Cache-Control"] = "no-store"
    return answer
