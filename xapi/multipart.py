"""Statements with their attachments in one body, and back (Data 2.4.11; IEEE 9274.1.1, 4.1.3).

The first part is the JSON; each further one is an attachment, told by the SHA-2 of its bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from xapi.errors import Invalid

HASH_HEADER: Final = "x-experience-api-hash"
MIXED: Final = "multipart/mixed"
JSON: Final = "application/json"
_BOUNDARY: Final = re.compile(r'boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
#: What may not be in a header: whoever reads it further on could take it for another line.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
#: By the number of its digits, which SHA-2 it is.
_HASHES: Final = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


@dataclass(frozen=True)
class Part:
    """A part of a body; the names of its headers in small letters."""

    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True)
class Attachment:
    """The bytes of an attachment."""

    sha2: str
    content_type: str
    content: bytes


def media_type(content_type: str) -> str:
    """Return what a Content-Type header names, without what follows it."""
    return content_type.partition(";")[0].strip().lower()


def parse(content_type: str, body: bytes) -> list[Part]:
    """Return the parts of a multipart/mixed body (RFC 2046, 5.1). Raises Invalid."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise Invalid("boundary")
    line = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(b"\r\n" + line)
    if len(pieces) <= 1 or not pieces[-1].startswith(b"--"):
        raise Invalid("boundary", found[0])
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, blank, content = piece.lstrip(b" \t").partition(b"\r\n\r\n")
    if not blank:
        raise Invalid("part")
    headers = {}
    for line in head.decode("latin-1").split("\r\n"):
        if line:
            name, colon, said = line.partition(":")
            if not colon or _CONTROL.search(line):
                raise Invalid("part", line)
            headers[name.strip().lower()] = said.strip()
    return Part(headers, content)


def opened(content_type: str, body: bytes) -> tuple[bytes, list[Attachment]]:
    """Return the JSON of a body, and the attachments beside it. Raises Invalid."""
    parts = parse(content_type, body)
    if not parts or media_type(parts[0].headers.get("content-type", "")) != JSON:
        raise Invalid("first_part")
    found = []
    for place, part in enumerate(parts[1:], 1):
        try:
            found.append(_attachment(part))
        except Invalid as error:
            error.within(place)
            raise
    return parts[0].content, found


def _attachment(part: Part) -> Attachment:
    if part.headers.get("content-transfer-encoding", "binary").lower() != "binary":
        raise Invalid("binary")
    said = part.headers.get(HASH_HEADER, "").lower()
    if not said:
        raise Invalid("hash")
    if sha2(part.content, said) != said:
        raise Invalid("hash_differs", said)
    kind = part.headers.get("content-type", "application/octet-stream")
    return Attachment(said, kind, part.content)


def sha2(content: bytes, like: str) -> str:
    """Return the hash of a content, of the length of another; empty where there is none such."""
    name = _HASHES.get(len(like))
    return hashlib.new(name, content).hexdigest() if name else ""


def match(
    wanted: Iterable[tuple[str, bool]], brought: Iterable[Attachment], *, is_mixed: bool
) -> None:
    """See that what statements name is there, and nothing else. Raises Invalid.

    `wanted` are the hashes of the statements' attachments, and whether each has an address.
    """
    needed = dict[str, bool]()
    for key, has_address in wanted:
        needed[key] = needed.get(key, True) and has_address
    here = {each.sha2 for each in brought}
    for each in here - needed.keys():
        raise Invalid("not_named", each)
    for key, has_address in needed.items():
        if not has_address and key not in here:
            raise Invalid("not_brought" if is_mixed else "not_mixed", key)


def written(boundary: str, document: bytes, attachments: Iterable[Attachment]) -> bytes:
    """Return a multipart/mixed body. `boundary` may not be within any part: a random one is not."""
    line = f"--{boundary}\r\n".encode()
    pieces = [line, b"Content-Type: application/json\r\n\r\n", document, b"\r\n"]
    for each in attachments:
        pieces += [
            line,
            f"Content-Type: {each.content_type}\r\n".encode(),
            b"Content-Transfer-Encoding: binary\r\n",
            f"X-Experience-API-Hash: {each.sha2}\r\n\r\n".encode(),
            each.content,
            b"\r\n",
        ]
    return b"".join([*pieces, f"--{boundary}--\r\n".encode()])
