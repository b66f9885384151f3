"""The office's preview, and what the content's origin answers to a launch token.

On the content's origin everything stands under the token: the player's page, its scripts, the
package's files, and the three calls by which the player delivers an item, commits, and ends.
"""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from app.content.materials import access as materials
from app.kernel import language
from app.kernel.errors import NotFound
from app.kernel.web import headers
from app.kernel.web.addresses import is_local
from app.kernel.web.application import ROOT
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.learning.attempts import service as attempts
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player import forms, service, text
from app.learning.player.access import FILES, LAUNCHED, Launch, Visit, launched
from app.learning.records import queries as record_queries
from app.people.permission.models import Role
from content_packages import serving
from content_packages.media_types import content_type

STATIC = ROOT / "static" / "player"
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        # A manifest may name a page of another host: it is shown, and finds no API.
        "frame-src 'self' https: http:",
        "base-uri 'none'",
        "form-action 'none'",
    )
)

blueprint = flask.Blueprint("player", __name__)
content = flask.Blueprint("content", __name__)

LAUNCH = {"token": "launch"}
FILE = {"token": "launch", "name": "file"}


@route(
    blueprint,
    "/preview/<uuid:version_id>",
    may=having(Role.AUTHOR, Role.OFFICE),
    about={"version_id": "material_version"},
    method="POST",
)
def preview(version_id: uuid.UUID) -> ResponseReturnValue:
    """Open the player on a version; nothing of it is recorded."""
    back = flask.request.form.get("back", "/")
    version = materials.version(session(), version_id)
    address = opening.preview(
        session(),
        version,
        Visit(Owner(actor().known_id), language.current(), back if is_local(back) else "/"),
        now=now(),
        settings=settings(),
    )
    return flask.redirect(address, 303)


@route(content, "/<token>/", may=LAUNCHED, about=LAUNCH)
def page(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Show the player; it delivers its first item by itself."""
    launch = launched()
    _, course = record_queries.course_of(session(), launch.attempt_id)
    response = flask.make_response(
        flask.render_template(
            "learning/player.html",
            title=course.title,
            language=launch.language,
            words=text.player(launch.language),
            setup=service.setup(session(), launch, settings()),
        )
    )
    policy = f"{PAGE_POLICY}; {headers.frame_ancestors(settings())}"
    response.headers["Content-Security-Policy"] = policy
    return response


@route(content, "/<token>/player/<path:name>", may=LAUNCHED, about=FILE)
def script(token: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Answer one of the player's own files."""
    packed = f"{name}.gz"
    accepts = serving.accepts_gzip(flask.request.headers.get("Accept-Encoding"))
    is_packed = accepts and safe_join(str(STATIC), packed) and (STATIC / packed).is_file()
    response = flask.send_from_directory(STATIC, packed if is_packed else name)
    if is_packed:
        response.headers["Content-Type"] = content_type(name)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@route(content, "/<token>/content/<path:name>", may=LAUNCHED, about=FILE)
def package_file(token: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Answer a file of the launched package, straight out of its ZIP."""
    return answer_file(launched(), name)


@route(content, "/files/<token>/<path:name>", may=FILES, about=FILE)
def unit_file(token: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - read by FILES
    """Answer a file to a unit, whose address statements may tell."""
    return answer_file(launched(), name)


def answer_file(launch: Launch, name: str) -> flask.Response:
    """Answer a file of a launched package. Raises NotFound."""
    request = flask.request
    if not launch.sha256:  # a video's
        raise NotFound("no_such_file", name=name)
    archive = materials.store(settings()).open(launch.sha256)
    entry = archive.find(launch.root + name)
    if entry is None:
        raise NotFound("no_such_file", name=name)
    asked = serving.Asked(
        accept_encoding=request.headers.get("Accept-Encoding"),
        byte_range=request.headers.get("Range"),
        if_none_match=request.headers.get("If-None-Match"),
        if_range=request.headers.get("If-Range"),
    )
    found = serving.answer(archive, entry, asked)
    response = flask.Response(found.body, found.status, found.headers)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@route(content, "/<token>/navigate", may=LAUNCHED, about=LAUNCH, method="POST")
def navigate(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Follow a navigation request; answer the item it leads to, or null, and what may come next."""
    launch = launched()
    step, wanted = forms.navigation(flask.request)
    return flask.jsonify(service.navigate(session(), launch, step, wanted, now()))


@route(content, "/<token>/commit", may=LAUNCHED, about=LAUNCH, method="POST")
def commit(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Apply what the content has set, once, and say what came of it."""
    launch = launched()
    lease, messages = forms.commit(flask.request, launch.lease)
    answer = attempts.commit(
        session(),
        launch.attempt_id,
        lease=lease,
        messages=messages,
        now=now(),
        is_late=launch.is_late(now()),
    )
    return flask.jsonify(answer)


@route(content, "/<token>/leave", may=LAUNCHED, about=LAUNCH, method="POST")
def leave(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Let the learner go; answer whether the attempt is over."""
    launch = launched()
    ended = attempts.leave(session(), launch.attempt_id, lease=launch.lease, now=now())
    return flask.jsonify(ended=ended)
