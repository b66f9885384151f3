"""What the content's origin answers to the launch token of a video.

Beside the page and what it has played: the film's playlists and files, and its captions. A token
names the film's place in the store (`Launch.root`); a package's token finds nothing here.
"""

from __future__ import annotations

import re

import flask
from flask.typing import ResponseReturnValue

from app.content.materials.models import Version
from app.content.videos import queries as videos
from app.kernel.errors import NotFound
from app.kernel.objects import Objects, objects_of
from app.kernel.settings import Settings
from app.kernel.web import headers
from app.kernel.web import objects as sending
from app.kernel.web.routing import now, route, session, settings
from app.learning.player import forms
from app.learning.player.access import LAUNCHED, Launch, launched
from app.learning.records.models import Attempt
from app.learning.sites import service as sites
from app.learning.watching import queries, service, text

#: Files of a film that may be asked for by name: what was sent has no end, and is not among them.
FILES = re.compile(r"[a-z0-9-]{1,80}\.(?:m3u8|mp4|jpg|vtt)")
PLAYLIST = "application/vnd.apple.mpegurl"

content = flask.Blueprint("watching", __name__)

LAUNCH = {"token": "launch"}
FILE = {"token": "launch", "name": "file"}


@route(content, f"/<token>/{service.PAGE}", may=LAUNCHED, about=LAUNCH)
def page(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Show the film with all that stands beside it."""
    launch = _watching()
    _height(launch)
    response = flask.make_response(
        flask.render_template(
            "learning/video.html",
            language=launch.language,
            words=text.words(launch.language),
            setup=queries.setup(session(), launch, settings()),
        )
    )
    response.headers["Content-Security-Policy"] = policy(settings())
    return response


@route(content, "/<token>/video/master.m3u8", may=LAUNCHED, about=LAUNCH)
def master(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Answer the playlist of the sizes that the viewer's site bears."""
    launch = _watching()
    film = videos.film(session(), _version(launch))
    return _playlist(queries.master(film, _height(launch)))


@route(content, "/<token>/video/<name>", may=LAUNCHED, about=FILE)
def file(token: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Answer a file of the film: by ourselves, by nginx, or by the store."""
    launch = _watching()
    if not FILES.fullmatch(name):
        raise NotFound("no_such_file", name=name)
    objects, key = objects_of(settings()), launch.root + name
    if name.endswith(".m3u8"):
        return _playlist(_led(objects, objects.read(key).decode(), name, launch))
    return sending.answer(objects, key, settings=settings())


@route(content, "/<token>/captions/<name>", may=LAUNCHED, about=FILE)
def captions(token: str, name: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Answer the captions of one language, as `<language>.vtt`."""
    said = _version(_watching()).document.get("captions", ())
    found = next((each for each in said if f"{each['language']}.vtt" == name), None)
    if found is None:
        raise NotFound("no_such_file", name=name)
    response = flask.Response(found["text"], content_type="text/vtt; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@route(content, "/<token>/watched", may=LAUNCHED, about=LAUNCH, method="POST")
def watched(token: str) -> ResponseReturnValue:  # noqa: ARG001 - read by LAUNCHED
    """Take down what was watched, once, and say what came of it."""
    launch = _watching()
    lease, messages = forms.commit(flask.request, launch.lease)
    if site := sites.site_of(settings(), flask.request.remote_addr or ""):
        sites.arrive(settings(), site, launch.attempt_id, now())
    answer = service.commit(
        session(),
        launch.attempt_id,
        lease=lease,
        messages=messages,
        now=now(),
        is_late=launch.is_late(now()),
    )
    return flask.jsonify(answer)


def policy(configured: Settings) -> str:
    """Return the policy of the page: its own origin, and the store's where that serves films."""
    store = sending.origin(objects_of(configured))
    own = f"'self' {store}".strip()
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            # The player's signs are a font that stands in its style sheet.
            "font-src 'self' data:",
            f"img-src {own} data: blob:",
            # What is played is put together in the browser's memory.
            f"media-src {own} blob:",
            "worker-src 'self' blob:",
            f"connect-src {own}",
            "base-uri 'none'",
            "form-action 'none'",
            headers.frame_ancestors(configured),
        )
    )


def _watching() -> Launch:
    """Return the launch of a video; raises NotFound for that of a package."""
    launch = launched()
    if launch.sha256 or not launch.root.startswith("videos/"):
        raise NotFound
    return launch


def _version(launch: Launch) -> Version:
    attempt = session().get(Attempt, launch.attempt_id)
    if attempt is None:
        raise NotFound
    return session().get_one(Version, attempt.version_id)


def _height(launch: Launch) -> int | None:
    address = flask.request.remote_addr or ""
    return sites.height_for(settings(), address, launch.attempt_id, now())


def _led(objects: Objects, playlist: str, name: str, launch: Launch) -> str:
    """Have a track's playlist lead to the store by a signed address, where that serves films."""
    track = f"{name.removesuffix('.m3u8')}.mp4"
    address = objects.address(launch.root + track, settings().launch_hours * 3600)
    return playlist.replace(track, address) if address else playlist


def _playlist(text: str) -> flask.Response:
    response = flask.Response(text, content_type=PLAYLIST)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
