"""The boxes of an MP4 file (ISO/IEC 14496-12, 4.2), read where they stand; no payload is loaded."""

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

_HEADER: Final = struct.Struct(">I4s")
_LARGE: Final = struct.Struct(">Q")


class Damaged(Exception):
    """The file is no such file, or is cut short; says at which box."""


class Box(NamedTuple):
    """A box: its kind, where it begins, where its payload begins, and where it ends."""

    kind: str
    start: int
    payload: int
    stop: int


def boxes(file: BinaryIO, start: int, stop: int) -> Iterator[Box]:
    """Yield the boxes that lie between two offsets; raises Damaged."""
    while start < stop:
        file.seek(start)
        size, kind = _HEADER.unpack(_exactly(file, _HEADER.size))
        payload = start + _HEADER.size
        if size == 1:  # the size stands behind the kind
            (size,) = _LARGE.unpack(_exactly(file, _LARGE.size))
            payload += _LARGE.size
        end = stop if size == 0 else start + size
        if not payload <= end <= stop:
            raise Damaged(kind.decode("latin-1"))
        yield Box(kind.decode("latin-1"), start, payload, end)
        start = end


def find(file: BinaryIO, within: Box, *path: str) -> Box:
    """Return the first box along a path of kinds; raises Damaged without one."""
    for kind in path:
        found = next(
            (box for box in boxes(file, within.payload, within.stop) if box.kind == kind), None
        )
        if found is None:
            raise Damaged(kind)
        within = found
    return within


def payload(file: BinaryIO, box: Box) -> bytes:
    """Return what a box holds; for small ones."""
    file.seek(box.payload)
    return _exactly(file, box.stop - box.payload)


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise Damaged("end of file")
    return data
