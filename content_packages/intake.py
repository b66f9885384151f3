"""The gate: a ZIP is read once from end to end, and refused with a reason or found sound."""

import hashlib
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from content_packages.archive import Archive
from content_packages.errors import PackageRefused
from content_packages.reading import DEFLATED, STORED, Entry

_MIB = 1024 * 1024
_SPECIAL = frozenset({stat.S_IFBLK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK})


@dataclass(frozen=True)
class Limits:
    """What an archive may be at most; sizes in bytes."""

    #: the ZIP itself
    archive_bytes: int = 2 * 1024 * _MIB
    #: everything in it, inflated
    content_bytes: int = 4 * 1024 * _MIB
    #: records of the directory, folders included; large courses hold some thousands
    files: int = 20_000
    #: inflated size ÷ deflated size, of a file and of the whole; deflate itself ends at 1,032
    ratio: int = 200
    #: below this inflated size the ratio harms nobody: a blank bitmap packs to nothing
    ratio_free_bytes: int = 64 * _MIB


@dataclass(frozen=True)
class Checked:
    """What the gate saw of a sound archive; sizes in bytes."""

    sha256: str  # of the ZIP, in lower-case hexadecimal
    archive_bytes: int
    content_bytes: int
    files: int


Progress = Callable[[int, int], None]


def _unwatched(_done: int, _total: int) -> None:
    """Report to nobody."""


def check(path: Path, limits: Limits = Limits(), progress: Progress = _unwatched) -> Checked:
    """Read every entry of the ZIP at `path` once, in bounded memory, and verify it.

    `progress(done, total)` counts inflated bytes; it is called about once a MiB and at the end.
    Raises PackageRefused with any code of errors.CODES except those of kinds.
    """
    size = path.stat().st_size
    if size == 0:
        raise PackageRefused("empty")
    _refuse_beyond("archive", size, limits.archive_bytes)
    with ThreadPoolExecutor(1) as beside, Archive(path, max_files=limits.files) as archive:
        entries = sorted(archive.entries.values(), key=lambda entry: entry.offset)
        _refuse_by_directory(entries, size, limits)
        _refuse_overlaps(archive, entries)
        digest = beside.submit(_sha256, path)  # hashing lets go of the interpreter, as zlib does
        total = sum(entry.size for entry in entries)
        _read_all(archive, entries, total, progress)
        return Checked(digest.result(), size, total, len(entries))


def _refuse_by_directory(entries: Sequence[Entry], size: int, limits: Limits) -> None:
    """Refuse what the directory alone gives away, before a byte is inflated."""
    if not entries:
        raise PackageRefused("empty")
    total = sum(entry.size for entry in entries)
    _refuse_beyond("content", total, limits.content_bytes)
    _refuse_ratio("", total, size, limits)
    for entry in entries:
        if stat.S_ISLNK(entry.mode):
            raise PackageRefused("symlink", name=entry.name)
        if stat.S_IFMT(entry.mode) in _SPECIAL:
            raise PackageRefused("special_file", name=entry.name)
        if entry.is_encrypted:
            raise PackageRefused("encrypted", name=entry.name)
        if entry.method not in {STORED, DEFLATED}:
            raise PackageRefused("unsupported_method", name=entry.name, method=entry.method)
        if entry.method == STORED and entry.size != entry.compressed_size:
            raise PackageRefused("size_lies", name=entry.name, size=entry.size)
        _refuse_ratio(entry.name, entry.size, entry.compressed_size, limits)


def _refuse_beyond(what: str, size: int, limit: int) -> None:
    if size > limit:
        raise PackageRefused("too_large", what=what, size=size, limit=limit)


def _refuse_ratio(name: str, size: int, packed: int, limits: Limits) -> None:
    if size > limits.ratio_free_bytes and size > packed * limits.ratio:
        ratio = size // max(1, packed)
        raise PackageRefused("ratio_too_high", name=name, ratio=ratio, limit=limits.ratio)


def _refuse_overlaps(archive: Archive, entries: Sequence[Entry]) -> None:
    """Refuse entries that share bytes, the trick of the densest bombs; sorted by offset."""
    for entry, following in pairwise(entries):
        if archive.data_offset(entry) + entry.compressed_size > following.offset:
            raise PackageRefused("overlapping_entries", name=following.name)
    last = entries[-1]
    if archive.data_offset(last) + last.compressed_size > archive.directory_start:
        raise PackageRefused("overlapping_entries", name=last.name)


def _read_all(archive: Archive, entries: Sequence[Entry], total: int, progress: Progress) -> None:
    done = reported = 0
    for entry in entries:
        for piece in archive.stream(entry):
            done += len(piece)
            if done - reported >= _MIB:
                progress(done, total)
                reported = done
    progress(done, total)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
