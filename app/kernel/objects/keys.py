"""What an object is called, and what can be said of one, wherever it lies.

A key is segments of a-z, 0-9, `.`, `_` and `-`, joined by `/`: it is a path in any file system and
in any address as it stands. No segment is `.` or `..`, and none at the beginning is `unfinished`,
where the folder keeps what is under way. No key goes on where another ends: beside `a` there is no
`a/b`, for in a folder the one is a file and the other would make it a folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.kernel.errors import NotFound

#: Bytes that are read at once.
CHUNK: Final = 1024 * 1024
UNFINISHED: Final = "unfinished"
#: Begins the keys of what is made anew from other objects: no backup takes it along.
WORK: Final = "work"

_SEGMENT: Final = r"(?!\.{1,2}(?:/|$))[a-z0-9._-]{1,255}"
_KEY = re.compile(rf"(?!{UNFINISHED}(?:/|$)){_SEGMENT}(?:/{_SEGMENT})*")
_PREFIX = re.compile(rf"(?:{_SEGMENT}/)*(?:{_SEGMENT})?")


class ObjectMissing(NotFound):
    """No object has that key."""


@dataclass(frozen=True)
class About:
    """What is known of an object without reading it."""

    #: In bytes.
    size: int
    #: Strong entity tag with its quotes, as in HTTP; another one where the bytes are others.
    etag: str
    content_type: str


def checked(key: str) -> str:
    """Return the key; raises ValueError for what is none."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not the key of an object: {key!r}")
    return key


def checked_prefix(prefix: str) -> str:
    """Return what keys may begin with, the empty prefix too; raises ValueError for what is none."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"no key of an object begins with {prefix!r}")
    return prefix


def to_remove(prefix: str) -> str:
    """Return a prefix whose objects may go; raises ValueError for the empty one, too.

    It would take everything, and is what a caller has whose own value is missing.
    """
    if not prefix:
        raise ValueError("an empty prefix would remove every object")
    return checked_prefix(prefix)
