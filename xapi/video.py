"""What was played of a video, as the xAPI Video Profile tells it: segments, their union, a share.

Times are seconds from the beginning of the video. The profile writes segments as
`0[.]12.5[,]30[.]45` (Video Profile 1.0, 4.3.2, played-segments).
"""

from collections.abc import Iterable
from math import isfinite

Segments = tuple[tuple[float, float], ...]

#: Gaps of less than so many seconds are none: players tell the time a few times a second.
GAP = 0.5
_DIGITS = 3


def union(segments: Iterable[tuple[float, float]], duration: float, gap: float = GAP) -> Segments:
    """Return what was played at all: in order, apart from each other, within the video.

    What ends before it begins, or is no number, was not played.
    """
    inside = sorted(
        (max(0.0, start), min(stop, duration))
        for start, stop in segments
        if isfinite(start) and isfinite(stop)
    )
    found: list[tuple[float, float]] = []
    for start, stop in inside:
        if stop <= start:
            continue
        if found and start - found[-1][1] < gap:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return tuple((round(start, _DIGITS), round(stop, _DIGITS)) for start, stop in found)


def length(segments: Iterable[tuple[float, float]]) -> float:
    """Return how long segments are that do not overlap."""
    return sum(stop - start for start, stop in segments)


def progress(segments: Segments, duration: float) -> float:
    """Return how much of a video a union is, from 0 to 1 (Video Profile 1.0, 4.3.2, progress)."""
    return min(1.0, length(segments) / duration) if duration > 0 else 0.0


def write_segments(segments: Iterable[tuple[float, float]]) -> str:
    """Return segments as the profile writes them."""
    return "[,]".join(f"{_number(start)}[.]{_number(stop)}" for start, stop in segments)


def read_segments(text: str) -> Segments:
    """Return the segments of such a text; raises ValueError for another."""
    if not text:
        return ()
    found = []
    for part in text.split("[,]"):
        start, sign, stop = part.partition("[.]")
        if not sign:
            raise ValueError(f"{part!r} is not of the form start[.]stop")
        found.append((float(start), float(stop)))
    return tuple(found)


def _number(seconds: float) -> str:
    return f"{seconds:.{_DIGITS}f}".rstrip("0").rstrip(".")
