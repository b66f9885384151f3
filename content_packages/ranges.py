"""Which part of a file a request asks for (RFC 9110, 13 and 14), whatever the file lies in."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from content_packages.reading import CHUNK

#: Octets that may be held in memory and given to the server at once, which then sends them without
#: us: a few seconds of a film.
PIECE: Final = 4 * 1024**2

_RANGE = re.compile(r"bytes\s*=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})\s*", re.IGNORECASE)


class Part(NamedTuple):
    """What goes out: status 200, 206 or 416, its header fields, bytes from `start` to `stop`."""

    status: int
    headers: dict[str, str]
    start: int
    #: Exclusive; the same as `start` where there is no byte.
    stop: int


def part(field: str | None, size: int, *, most: int | None = None) -> Part:
    """Return what of `size` bytes the field Range asks for.

    More than one range, or one that cannot be read, is answered with the whole, as 14.2 allows. Of
    the rest of a file no more than the first `most` octets go out, as 15.3.7 allows: a browser asks
    for the rest of a film, and reads on only as it shows it; it sees what has come, and asks again.
    """
    wanted = _read(field, size) if field else None
    if wanted is None:
        return Part(200, {"Content-Length": str(size)}, 0, size)
    start, stop = wanted
    if start >= stop:
        return Part(416, {"Content-Range": f"bytes */{size}", "Content-Length": "0"}, 0, 0)
    if most is not None and stop == size:
        stop = min(stop, start + most)
    told = {
        "Content-Range": f"bytes {start}-{stop - 1}/{size}",
        "Content-Length": str(stop - start),
    }
    return Part(206, told, start, stop)


def matches(if_none_match: str | None, tags: Collection[str]) -> bool:
    """Say whether the field names one of the file's entity tags; compared weakly (13.1.2)."""
    if if_none_match is None:
        return False
    named = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return not named.isdisjoint({"*", *tags})


def of_file(place: Path, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of a file from `start` to `stop`, exclusive, as far as there are any."""
    with place.open("rb") as file:
        file.seek(start)
        while start < stop and (piece := file.read(min(CHUNK, stop - start))):
            start += len(piece)
            yield piece


def _read(field: str, size: int) -> tuple[int, int] | None:
    """Return start and stop (exclusive) of a single range, None for what is not one.

    An empty result, start at or behind stop, cannot be satisfied (14.1.2).
    """
    match = _RANGE.fullmatch(field.strip())
    if match is None:
        return None
    first, last = match.groups()
    if not first:
        return (max(0, size - int(last)), size) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size
