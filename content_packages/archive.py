"""One ZIP on disk, its directory read once; any number of threads may read it together."""

import os
import stat
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from content_packages import directory, names, reading
from content_packages.errors import PackageRefused
from content_packages.reading import Entry

READ_LIMIT: Final = 64 * 1024 * 1024

_ROOT = frozenset({"/", "\\", "./", ".\\"})


class Archive:
    """An open ZIP.

    `entries` maps clean names to entries, folders and an operating system's litter left out.
    The file is closed when nothing refers to the archive any more, a half-read stream included;
    `close` does it at once and is for whoever opened it for himself alone.
    Raises PackageRefused: what directory.read and names.clean refuse, and duplicate_name.
    """

    def __init__(
        self, path: Path, *, max_files: int | None = None, media: Path | None = None
    ) -> None:
        """Open `path`; `media` is the folder that media.extract filled for it, if any."""
        with ExitStack() as undo:
            fd = os.open(path, os.O_RDONLY)
            undo.callback(os.close, fd)
            found = directory.read(fd, max_files)
            self.entries: Mapping[str, Entry] = MappingProxyType(_catalogue(found.records))
            undo.pop_all()
        self._fd = fd
        self._close = weakref.finalize(self, os.close, fd)
        self._offsets: dict[str, int] = {}
        self.directory_start = found.start
        self.media = media

    def __enter__(self) -> Self:
        """Hand out the archive; leaving closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the archive."""
        self.close()

    def close(self) -> None:
        """Close the file now; no stream of it may still be read."""
        self._close()

    def find(self, name: str) -> Entry | None:
        """Return the entry of that name in any normal form, else the only one in another case.

        Strict would be the exact name alone; packages made on Windows ask for Index.HTM and hold
        index.htm.
        """
        exact = self.entries.get(name) or self.entries.get(names.normal(name))
        return exact or self._folded.get(names.folded(name))

    @cached_property
    def _folded(self) -> dict[str, Entry]:
        """Map folded names to the one entry they mean; what differs in case alone drops out."""
        by_fold: dict[str, list[Entry]] = {}
        for name, entry in self.entries.items():
            by_fold.setdefault(names.folded(name), []).append(entry)
        return {fold: found[0] for fold, found in by_fold.items() if len(found) == 1}

    def data_offset(self, entry: Entry) -> int:
        """Return where the entry's data starts in the file; its local header is read once."""
        offset = self._offsets.get(entry.name)
        if offset is None:
            offset = self._offsets[entry.name] = reading.data_offset(self._fd, entry)
        return offset

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """Yield the verified content of the entry in pieces; raises what reading.content does."""
        yield from reading.content(self._fd, self.data_offset(entry), entry)

    def raw(self, entry: Entry, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of the entry's data from `start` to `stop` as they stand in the file."""
        last = entry.compressed_size if stop is None else stop
        yield from reading.raw(self._fd, self.data_offset(entry) + start, last - start)

    def read(self, name: str, limit: int = READ_LIMIT) -> bytes:
        """Return the whole content of the entry of exactly that name.

        Raises KeyError for an unknown name, PackageRefused("too_large") beyond `limit` bytes.
        """
        entry = self.entries[name]
        if entry.size > limit:
            raise PackageRefused("too_large", what="file", size=entry.size, limit=limit)
        return b"".join(self.stream(entry))


def _catalogue(records: list[directory.Record]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    folders: set[str] = set()
    for record in records:
        decoded = names.decode(
            record.raw_name,
            is_utf8=bool(record.flags & names.UTF_8_FLAG),
            unicode_path=record.unicode_path,
        )
        is_folder = _is_folder(decoded, record)
        if is_folder and decoded in _ROOT:
            continue  # some packers write the root itself
        name = names.clean(decoded)
        if names.is_litter(name):
            continue
        if is_folder:
            folders.add(name)
            continue
        if name in entries:
            raise PackageRefused("duplicate_name", name=name)
        entries[name] = _entry(name, record)
    _refuse_files_used_as_folders(entries, folders)
    return entries


def _is_folder(decoded: str, record: directory.Record) -> bool:
    """Say whether the entry is a folder; a link never is, and one with content is refused."""
    if stat.S_ISLNK(record.mode):
        return False
    if not (record.is_folder or decoded.endswith(("/", "\\"))):
        return False
    if record.size:
        raise PackageRefused("damaged", name=decoded[: names.MAX_NAME_CHARACTERS])
    return True


def _entry(name: str, record: directory.Record) -> Entry:
    return Entry(
        name=name,
        size=record.size,
        compressed_size=record.compressed_size,
        crc=record.crc,
        method=record.method,
        offset=record.offset,
        flags=record.flags,
        mode=record.mode,
    )


def _refuse_files_used_as_folders(entries: Mapping[str, Entry], folders: set[str]) -> None:
    """Refuse a name that is also a folder, or one of another's: no disk could hold both."""
    if both := folders & entries.keys():
        raise PackageRefused("duplicate_name", name=min(both))
    # NUL, which no clean name holds, sorts what is in a folder right behind the folder's name.
    in_order = sorted(name.replace("/", "\0") for name in (*entries, *folders))
    for above, below in pairwise(in_order):
        name = above.replace("\0", "/")
        if below.startswith(above + "\0") and name in entries:
            raise PackageRefused("duplicate_name", name=name)
