"""Documents of the State and Profile resources: merged, and not overwritten unseen.

Communication 2.2 and 3.1; IEEE 9274.1.1, 4.1.4.
"""

from __future__ import annotations

import hashlib
import json

from xapi.errors import Invalid
from xapi.multipart import JSON, media_type
from xapi.reading import value


def etag(content: bytes) -> str:
    """Return the entity tag of a document: its SHA-1, in quotes (Communication 3.1)."""
    return f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'


def is_json(content_type: str) -> bool:
    """Whether a document says that it is JSON."""
    return media_type(content_type) == JSON


def merged(known: bytes, said: bytes) -> bytes:
    """Return a document with the names of another put over it, one level deep. Raises Invalid."""
    old, new = value(known), value(said)
    if not isinstance(old, dict) or not isinstance(new, dict):
        raise Invalid("merge")
    return json.dumps({**old, **new}, ensure_ascii=False).encode()


def may_write(known: bytes | None, if_match: str | None, if_none_match: str | None) -> bool:
    """Whether a request's conditions hold for the document that is there, or is not."""
    if if_match is not None and not (known is not None and _names(if_match, etag(known))):
        return False
    return not (
        if_none_match is not None and known is not None and _names(if_none_match, etag(known))
    )


def _names(said: str, tag: str) -> bool:
    """Whether a list of entity tags has this one; a client may have lost the quotes."""
    tags = [each.strip().removeprefix("W/") for each in said.split(",")]
    return "*" in tags or tag in tags or tag.strip('"') in tags
