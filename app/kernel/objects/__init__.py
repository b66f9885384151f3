"""Where videos lie: in a folder, or in a store that speaks S3; the code above knows no difference.

Pages read from it and workers write to it, at once and from any process.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

from app.kernel.objects.folder import Folder
from app.kernel.objects.keys import About, ObjectMissing
from app.kernel.settings import Settings

__all__ = ["About", "ObjectMissing", "Objects", "objects_of"]


class Objects(Protocol):
    """A store of objects by key (`app.kernel.objects.keys`).

    Every method raises ValueError for what is no key, and Unavailable("object_store_unreachable")
    where the store does not answer as it should.
    """

    def put(self, key: str, path: Path, content_type: str) -> None:
        """Keep the file at `path` under a key, in the place of what was there.

        It appears whole or not at all, and is durable when this returns. The file itself stays;
        nobody may write to it any more, for a folder may give it a second name instead of copying.
        """

    def fetch(self, key: str, target: Path) -> None:
        """Write an object to a file of the caller's own; raises ObjectMissing.

        Where it fails, no file is left.
        """

    def read(self, key: str) -> bytes:
        """Return all bytes of a small object; raises ObjectMissing."""

    def stream(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` to `stop`, exclusive, as far as there are any.

        Raises ObjectMissing at once, not at the first piece.
        """

    def about(self, key: str) -> About | None:
        """Return what is known of an object, None where there is none."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in the order of their characters."""

    def remove(self, prefix: str) -> int:
        """Delete every object whose key begins with `prefix`; return how many there were.

        `film/1` takes `film/12` along: whoever means a folder ends it with `/`. Raises ValueError
        for the empty prefix.
        """

    def address(self, key: str, seconds: int) -> str | None:
        """Return an address that browsers read the object from for so many seconds, without us.

        None where the store is not for browsers.
        """

    def local(self, key: str) -> Path | None:
        """Return where the object lies on this machine, None where it lies on none we can read.

        Raises ObjectMissing.
        """


@cache
def objects_of(settings: Settings) -> Objects:
    """Return the store of objects: one for the whole process, so that connections are shared."""
    if not settings.object_store:
        return Folder(settings.objects_folder)
    from app.kernel.objects.s3 import S3  # noqa: PLC0415 - boto3 is installed where it is needed

    return S3(settings)
