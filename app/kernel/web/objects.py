"""One object as an answer: sent by us, by nginx beside us, or by the store that it lies in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import flask

from app.kernel.objects import About, ObjectMissing, Objects
from app.kernel.settings import Settings
from content_packages import ranges

#: Seconds that a browser may keep what it has got.
KEPT_SECONDS: Final = 3600
#: Seconds that a signed address holds: a browser goes back to it for as long as a film is watched.
SIGNED_SECONDS: Final = 6 * 3600


def answer(
    objects: Objects, key: str, *, settings: Settings, seconds: int = SIGNED_SECONDS
) -> flask.Response:
    """Answer GET or HEAD for one object: 200, 206, 304 or 416; or where the store has it: 307.

    `seconds` is how long the signed address holds. With `accel_path` the answer is empty, and nginx
    sends the file in its place. Raises ObjectMissing, and what the store raises.
    """
    address = objects.address(key, seconds)
    if address is not None:
        # The next time another address is signed.
        headers = {"Location": address, "Cache-Control": "no-store"}
        return flask.Response(status=307, headers=headers)
    about = objects.about(key)
    if about is None:
        raise ObjectMissing
    headers = {
        "Content-Type": about.content_type,
        "Cache-Control": f"private, max-age={KEPT_SECONDS}",
    }
    if settings.accel_path and objects.local(key) is not None:
        headers["X-Accel-Redirect"] = settings.accel_path + key
        return flask.Response(status=200, headers=headers)
    return _sent(objects, key, about, headers)


def origin(objects: Objects) -> str:
    """Return the origin that signed addresses lead to, for a page's policy; empty for none."""
    address = objects.address("origin", 1)
    if address is None:
        return ""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _sent(objects: Objects, key: str, about: About, headers: dict[str, str]) -> flask.Response:
    asked = flask.request.headers
    headers |= {"ETag": about.etag, "Accept-Ranges": "bytes"}
    if ranges.matches(asked.get("If-None-Match"), {about.etag}):
        return flask.Response(status=304, headers=headers)
    is_other = asked.get("If-Range") not in (None, about.etag)
    part = ranges.part(None if is_other else asked.get("Range"), about.size)
    body: Iterable[bytes] = ()
    if flask.request.method == "GET" and part.start < part.stop:
        body = objects.stream(key, part.start, part.stop)
    return flask.Response(body, part.status, headers | part.headers)
