"""Objects as the files of a folder.

video/1/720.mp4     the object of that key
unfinished/         copies under way; what a crash left there is deleted a day later
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import Final

from app.kernel import clock
from app.kernel.objects.keys import (
    UNFINISHED,
    About,
    ObjectMissing,
    checked,
    checked_prefix,
    to_remove,
)
from content_packages import ranges
from content_packages.media_types import content_type as type_by_name

#: How old an unfinished copy must be before it counts as left behind by a crash.
LEFT_BEHIND: Final = timedelta(hours=24)
#: How often a file is put into a folder that somebody else removes at that moment.
_ATTEMPTS: Final = 10


class Folder:
    """A folder of objects, made when the first one comes. Of any thread and of any process.

    The content type of an object is that of its key's end.
    """

    def __init__(self, folder: Path) -> None:
        """Keep objects in `folder`."""
        self._folder = folder

    def put(self, key: str, path: Path, content_type: str) -> None:  # noqa: ARG002 - by its key
        """Give the file a second name where the disk allows it, else copy it."""
        place = self._path(key)
        unfinished = self._folder / UNFINISHED
        unfinished.mkdir(parents=True, exist_ok=True)
        _delete_left(unfinished)
        with tempfile.TemporaryDirectory(dir=unfinished) as folder:
            copy = Path(folder) / "object"
            if not _link(path, copy):
                shutil.copyfile(path, copy)
            copy.chmod(0o644)  # an upload may be its owner's alone; a web server reads beside us
            _sync(copy)
            self._publish(copy, place)

    def fetch(self, key: str, target: Path) -> None:
        """Copy the file: the caller may write to its own as it likes."""
        source = self.local(key)
        try:
            shutil.copyfile(source, target)
        except OSError:
            target.unlink(missing_ok=True)
            raise

    def read(self, key: str) -> bytes:
        """Return the whole file."""
        return self.local(key).read_bytes()

    def stream(self, key: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield a part of the file."""
        place = self.local(key)
        return ranges.of_file(place, start, place.stat().st_size if stop is None else stop)

    def about(self, key: str) -> About | None:
        """Tell it from the directory: two files have two inodes, or else two times.

        The time at which the inode changed would do alone, but changes with every link, too.
        """
        try:
            found = self._path(key).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not S_ISREG(found.st_mode):
            return None
        tag = f'"{found.st_mtime_ns:x}-{found.st_ino:x}-{found.st_size:x}"'
        return About(found.st_size, tag, type_by_name(key))

    def keys(self, prefix: str) -> Iterator[str]:
        """Look through the deepest folder that holds them all."""
        above, _, _ = checked_prefix(prefix).rpartition("/")
        found = (
            path.relative_to(self._folder).as_posix()
            for path in (self._folder / above).rglob("*")
            if path.is_file()
        )
        ours = (key for key in found if not key.startswith(f"{UNFINISHED}/"))
        return iter(sorted(key for key in ours if key.startswith(prefix)))

    def remove(self, prefix: str) -> int:
        """Delete the files, and the folders that are empty then.

        Who reads one meanwhile reads it to its end.
        """
        count = 0
        for key in self.keys(to_remove(prefix)):
            place = self._folder / key
            place.unlink(missing_ok=True)
            self._remove_empty(place.parent)
            count += 1
        return count

    def address(self, key: str, seconds: int) -> None:  # noqa: ARG002 - a folder answers nobody
        """Return None: browsers come to us."""
        checked(key)

    def local(self, key: str) -> Path:
        """Return the file's path."""
        place = self._path(key)
        if not place.is_file():
            raise ObjectMissing
        return place

    def _path(self, key: str) -> Path:
        return self._folder / checked(key)

    def _publish(self, copy: Path, place: Path) -> None:
        """Let the file appear under its key, and make its name and its folders durable."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                copy.replace(place)
                break
            except FileNotFoundError:
                # Between the two lines somebody has removed the folder, which was empty.
                if attempt == _ATTEMPTS:
                    raise
        depth = len(place.relative_to(self._folder).parts)
        for folder in islice(place.parents, depth + 1):
            with suppress(FileNotFoundError):  # the object was removed again, with its folder
                _sync(folder)

    def _remove_empty(self, folder: Path) -> None:
        while folder != self._folder:
            try:
                folder.rmdir()
            except OSError:  # not empty, or gone already
                return
            folder = folder.parent


def _delete_left(unfinished: Path) -> None:
    too_old = (clock.now() - LEFT_BEHIND).timestamp()
    for left in unfinished.iterdir():
        with suppress(FileNotFoundError):  # another process is as tidy
            if left.stat().st_mtime < too_old:
                shutil.rmtree(left)


def _link(path: Path, copy: Path) -> bool:
    """Give the file a second name, unless it lies on another disk or on one without links."""
    try:
        copy.hardlink_to(path.resolve())
    except OSError:
        return False
    return True


def _sync(path: Path) -> None:
    """Make a file, or a folder's own entries, durable: both else are lost with the power."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
