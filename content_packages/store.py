"""Where archives are kept: each once, under the SHA-256 of its bytes.

ab/cdef….zip        the archive, as it came
ab/cdef….media/     sound and film of it that ranges are served from
unfinished/         copies under way; what a crash left there may be deleted
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections import OrderedDict
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Final

from content_packages import media
from content_packages.archive import Archive

OPEN_AT_ONCE: Final = 64

_CHUNK = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Store:
    """A folder of archives. All methods may be called from any thread and any process.

    `open_at_once` archives stay open for reading, the least lately used makes room; one that is
    still being read is closed when its last reader lets go of it.
    """

    def __init__(self, folder: Path, *, open_at_once: int = OPEN_AT_ONCE) -> None:
        """Keep archives in `folder`, which is made when the first one comes."""
        self._folder = folder
        self._open_at_once = open_at_once
        self._open: OrderedDict[str, Archive] = OrderedDict()
        self._lock = Lock()

    def add(self, path: Path, sha256: str | None = None) -> str:
        """Keep the checked archive at `path`; return its SHA-256 in hexadecimal.

        `sha256` is what intake found, and promises that nobody will write to that file any more:
        then it is linked where the disk allows it, else copied. Durable when it returns; the same
        bytes twice are kept once. Large deflated media are inflated beside it. Raises
        PackageRefused where the file is no sound archive.
        """
        unfinished = self._folder / "unfinished"
        unfinished.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=unfinished) as folder:
            copy = Path(folder) / "archive"
            if sha256 is None or not _link(path, copy):
                sha256 = _copy(path, copy)
            _sync(copy)
            self._extract_media(copy, sha256)
            self._publish(copy, sha256)
        return sha256

    def open(self, sha256: str) -> Archive:
        """Return the archive, shared with other readers: do not close it, let go of it.

        Raises FileNotFoundError where it is not kept, ValueError for what is no SHA-256.
        """
        with self._lock:
            archive = self._open.get(sha256)
            if archive is None:
                archive = Archive(self._path(sha256), media=self._media(sha256))
                self._open[sha256] = archive
                if len(self._open) > self._open_at_once:
                    self._open.popitem(last=False)
            self._open.move_to_end(sha256)
            return archive

    def exists(self, sha256: str) -> bool:
        """Say whether the archive is kept."""
        return self._path(sha256).exists()

    def remove(self, sha256: str) -> None:
        """Delete the archive and what belongs to it; one that is not kept is no error.

        Whoever has it open, here or in another process, can read it to its end.
        """
        with self._lock:
            self._open.pop(sha256, None)
            self._path(sha256).unlink(missing_ok=True)
            shutil.rmtree(self._media(sha256), ignore_errors=True)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError("not a SHA-256 in lower-case hexadecimal")
        return self._folder / sha256[:2] / f"{sha256[2:]}.zip"

    def _media(self, sha256: str) -> Path:
        return self._path(sha256).with_suffix(".media")

    def _extract_media(self, copy: Path, sha256: str) -> None:
        """Inflate before the archive is published, so that one that is kept has its media."""
        with Archive(copy) as archive, ExitStack() as undo:
            if not self.exists(sha256):
                undo.callback(shutil.rmtree, self._media(sha256), ignore_errors=True)
            media.extract(archive, self._media(sha256))
            undo.pop_all()

    def _publish(self, copy: Path, sha256: str) -> None:
        place = self._path(sha256)
        place.parent.mkdir(exist_ok=True)
        copy.chmod(0o644)  # an upload may be its owner's alone; a web server may read beside us
        copy.replace(place)
        for folder in (place.parent, self._folder):
            _sync(folder)


def _link(path: Path, copy: Path) -> bool:
    """Give the file a second name, unless it lies on another disk or on one without links."""
    try:
        copy.hardlink_to(path.resolve())
    except OSError:
        return False
    return True


def _copy(path: Path, copy: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, copy.open("wb") as target:
        while piece := source.read(_CHUNK):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    """Make a file, or a folder's own entries, durable: both else are lost with the power."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
