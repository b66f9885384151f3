"""The headers of tus 1.0.0, read strictly: a value that is not as it must be is refused by name."""

from __future__ import annotations

import base64
import binascii
import re

import flask

from app.content.uploads.service import Piece
from app.kernel.errors import Malformed, UnknownType, UnknownVersion
from app.kernel.growing import Checksum
from app.kernel.web.uploads import last_part

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
#: Of a checksum; each is one that hashlib knows.
ALGORITHMS = ("sha1", "sha256")
LONGEST_NAME = 255


def check_version(request: flask.Request) -> None:
    """Raise UnknownVersion unless the request speaks our version (Core, Tus-Resumable)."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise UnknownVersion("upload_version")


def length(request: flask.Request) -> int:
    """Return how many bytes are announced (Core, Upload-Length)."""
    return _number(request, "Upload-Length")


def file_name(request: flask.Request) -> str:
    """Return what the sender calls the file (Creation, Upload-Metadata): a name, and no folder."""
    name = last_part(_metadata(request).get("filename", ""))
    plain = "".join(letter for letter in name if letter.isprintable())
    return plain.strip()[:LONGEST_NAME] or "upload"


def piece(request: flask.Request) -> Piece:
    """Return what a PATCH brings; its body is not read yet (Core, PATCH)."""
    if request.content_type != PIECE:
        raise UnknownType("upload_type")
    offset, checksum = _number(request, "Upload-Offset"), _checksum(request)
    return Piece(request.stream, offset, request.content_length, checksum)


def _number(request: flask.Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not re.fullmatch("[0-9]{1,18}", text):
        raise Malformed("upload_header", name=name)
    return int(text)


def _metadata(request: flask.Request) -> dict[str, str]:
    """Return pairs of a key and a value in base64, which may be missing; each key stands once."""
    found: dict[str, str] = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _, value = pair.strip(" ").partition(" ")
        if not key or key in found:
            raise Malformed("upload_header", name="Upload-Metadata")
        found[key] = _decoded(value, "Upload-Metadata").decode(errors="replace")
    return found


def _checksum(request: flask.Request) -> Checksum | None:
    """Return what the piece must come to (Checksum, Upload-Checksum); None where nobody says."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, digest = text.partition(" ")
    if algorithm not in ALGORITHMS or not digest:
        raise Malformed("upload_header", name="Upload-Checksum")
    return Checksum(algorithm, _decoded(digest, "Upload-Checksum"))


def _decoded(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("upload_header", name=name) from error
