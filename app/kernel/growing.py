"""A file that comes piece by piece: its size says how far it is, and what was said is on the disk.

One writer at a time, among all processes. A writer whose line was cut without a word may wait for
the next byte for ever: after `QUIET` another one takes its place, and it writes no more.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from app.kernel import clock
from app.kernel.errors import Conflict, Damaged, Locked, NoRoom, NotFound, TooLarge

#: Bytes that are taken at a time: so much of a piece is lost at most when its line is cut.
BLOCK: Final = 64 * 1024
#: How long nothing may come before a writer counts as gone.
QUIET: Final = timedelta(seconds=60)
#: What a disk says that holds no more.
FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class Source(Protocol):
    """Where bytes come from; it may raise in the middle, when its line is cut."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, and none at the end."""


@dataclass(frozen=True)
class Checksum:
    """What a piece must come to."""

    #: A name that `hashlib` knows.
    algorithm: str
    digest: bytes


@dataclass(frozen=True)
class _Held:
    """A file that this writer alone holds, and whether it still does."""

    file: BinaryIO
    is_mine: Callable[[], bool]


def start(path: Path) -> None:
    """Make the empty file, so that it is there after a power cut, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb"):
        pass
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def standing(path: Path) -> int:
    """Return how many bytes are safely on the disk.

    Raises NotFound where there is no such file, and Locked while it is written to.
    """
    with _held(path) as held:
        os.fsync(held.file.fileno())
        return held.file.seek(0, os.SEEK_END)


def append(
    path: Path, source: Source, offset: int, whole: int, checksum: Checksum | None = None
) -> int:
    """Add what a source brings, and return the size then; it never exceeds `whole`.

    What came before a cut is kept, but of a piece with a checksum nothing until all of it is right.
    Raises NotFound and Locked as `standing`, Conflict where the file does not end at `offset`,
    TooLarge for more than `whole` (nothing of the piece is kept), Damaged for another checksum,
    NoRoom where the disk is full, and what the source raises.
    """
    with _held(path) as held:
        if held.file.seek(0, os.SEEK_END) != offset:
            raise Conflict("upload_offset")
        if checksum is None:
            return _copy(source, held, whole - offset)
        with tempfile.TemporaryFile(dir=path.parent) as piece:
            _check(source, piece, whole - offset, checksum)
            return _copy(piece, held, whole - offset)


def remove(path: Path) -> None:
    """Delete the file; raises NotFound and Locked as `standing`."""
    with _held(path):
        path.unlink()


def touched_at(path: Path) -> datetime | None:
    """Return when the last byte came; None where there is no such file."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


@contextmanager
def _held(path: Path) -> Iterator[_Held]:
    lock = path.with_suffix(".lock")
    if not path.exists():
        raise NotFound
    descriptor = _take(path, lock)

    def is_mine() -> bool:
        try:
            return os.path.samestat(lock.stat(), os.fstat(descriptor))
        except FileNotFoundError:
            return False

    try:
        # Between the two steps of taking it, the one before may have let go of it, or deleted both.
        if not is_mine():
            raise Locked("upload_locked")
        if not path.exists():
            raise NotFound
        with path.open("r+b", buffering=0) as file:
            yield _Held(file, is_mine)
    finally:
        if is_mine():
            lock.unlink()
        os.close(descriptor)


def _take(path: Path, lock: Path) -> int:
    """Return the locked lock; that of a writer who counts as gone is taken away from it."""
    for is_last in (False, True):
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            if is_last or not _is_quiet(path, lock):
                raise Locked("upload_locked") from error
            lock.unlink(missing_ok=True)
        else:
            os.utime(lock)
            return descriptor
    raise AssertionError("the second turn returns or raises")


def _is_quiet(*paths: Path) -> bool:
    times = [at for path in paths if (at := touched_at(path))]
    return bool(times) and clock.now() - max(times) > QUIET


def _copy(source: Source, held: _Held, room: int) -> int:
    begin = held.file.tell()
    try:
        while block := source.read(min(BLOCK, room + 1)):
            if len(block) > room:
                held.file.truncate(begin)
                raise TooLarge("upload_too_long")
            if not held.is_mine():
                raise Locked("upload_locked")
            _write(held.file, block)
            room -= len(block)
        return held.file.tell()
    finally:
        os.fsync(held.file.fileno())


def _write(file: BinaryIO, block: bytes) -> None:
    left = memoryview(block)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom("upload_no_room") from error


def _check(source: Source, piece: BinaryIO, room: int, checksum: Checksum) -> None:
    """Put a piece aside, and go back to its start; it must come to its checksum."""
    found = hashlib.new(checksum.algorithm, usedforsecurity=False)
    while block := source.read(min(BLOCK, room + 1)):
        if len(block) > room:
            raise TooLarge("upload_too_long")
        found.update(block)
        _write(piece, block)
        room -= len(block)
    if found.digest() != checksum.digest:
        raise Damaged("upload_checksum")
    piece.seek(0)
