"""What a request to the record store says beside its resource: version, body, other syntax."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode

import flask

from xapi import multipart
from xapi.errors import Invalid
from xapi.multipart import Attachment
from xapi.statement import Version, spoken

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VERSION: Final = "X-Experience-API-Version"
#: Headers that stand among the fields of a form in the other syntax (Communication 1.3).
_HEADERS: Final = frozenset(
    {
        "authorization", "x-experience-api-version", "content-type", "content-length",
        "if-match", "if-none-match", "accept", "accept-language", "accept-encoding",
        "content-transfer-encoding", "x-experience-api-hash",
    }
)  # fmt: skip
_FORM: Final = "application/x-www-form-urlencoded"
_SLASHES: Final = re.compile("/{2,}")
#: Bytes of such a form.
_LARGEST: Final = 16 * 1024**2


def version() -> Version:
    """Return the version that the request speaks. Raises Invalid."""
    return spoken(flask.request.headers.get(VERSION))


def pairs() -> list[tuple[str, str]]:
    """Return the parameters of the request, as often as each comes."""
    return list(flask.request.args.items(multi=True))


def statements() -> tuple[bytes, list[Attachment], bool]:
    """Return the JSON of the body, its attachments, and whether it could have any. Raises Invalid.

    `application/json` alone or `multipart/mixed` (Communication 1.5).
    """
    said = flask.request.headers.get("Content-Type", "")
    kind = multipart.media_type(said)
    if kind == multipart.MIXED:
        return *multipart.opened(said, flask.request.get_data(cache=False)), True
    if kind != multipart.JSON:
        raise Invalid("content_type", said)
    return flask.request.get_data(cache=False), [], False


class Alternate:
    """Takes `POST …?method=PUT` with headers and content in a form for the request that it means.

    Browsers that could send nothing else across origins did so (Communication 1.3); version 2.0
    has left it out, and a request that says it speaks that is not changed.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request, as what it means; content puts a slash after an endpoint's own."""
        environ = {**environ, "PATH_INFO": _SLASHES.sub("/", environ.get("PATH_INFO", ""))}
        asked = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        is_meant = environ["REQUEST_METHOD"] == "POST" and any(n == "method" for n, _ in asked)
        if is_meant and not environ.get("HTTP_X_EXPERIENCE_API_VERSION", "").startswith("2"):
            environ = _rewritten(environ, asked) or environ
        return self._app(environ, start)


def _rewritten(environ: WSGIEnvironment, asked: list[tuple[str, str]]) -> WSGIEnvironment | None:
    """Return the request that one in the other syntax means; None where it is none."""
    length = environ.get("CONTENT_LENGTH", "")
    is_form = multipart.media_type(environ.get("CONTENT_TYPE", "")) in (_FORM, "")
    if len(asked) != 1 or not is_form or not length.isdecimal() or int(length) > _LARGEST:
        return None
    try:
        text = environ["wsgi.input"].read(int(length)).decode()
    except UnicodeDecodeError:
        return None
    fields = parse_qsl(text, keep_blank_values=True)
    if any(name.lower() == VERSION.lower() and said.startswith("2") for name, said in fields):
        return None
    content = next((said for name, said in fields if name == "content"), "").encode()
    meant = {name: value for name, value in environ.items() if name != "CONTENT_TYPE"}
    for name, said in fields:
        if name.lower() in _HEADERS - {"content-length"}:
            key = name.upper().replace("-", "_")
            # Letters of an environment are bytes (PEP 3333).
            meant[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = said.encode().decode("latin-1")
    rest = [each for each in fields if each[0] != "content" and each[0].lower() not in _HEADERS]
    meant |= {
        "REQUEST_METHOD": asked[0][1].upper(),
        "QUERY_STRING": urlencode(rest),
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
    }
    if content and "CONTENT_TYPE" not in meant:
        meant["CONTENT_TYPE"] = multipart.JSON
    return meant
