"""What was played of a video, as the xAPI Video Profile tells it: segments, their union, a share.

Times are seconds from the beginning of the video, to the millisecond. The profile writes segments
as `0[.]12.5[,]30[.]45` (Video Profile 1.0, 4.3.2, played-segments).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import isfinite

Segment = tuple[float, float]
#: A union: in order, apart from each other by a gap at least.
Segments = tuple[Segment, ...]

#: Gaps of less than so many seconds are none: players tell the time a few times a second.
GAP = 0.5
_DIGITS = 3
_SEGMENT = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?)\[\.\]([0-9]{1,7}(?:\.[0-9]{1,6})?)")


def union(segments: Iterable[Segment], duration: float) -> Segments:
    """Return what was played at all: in order, apart from each other, within the video.

    What ends before it begins, or is no number, was not played.
    """
    inside = sorted(
        (_within(start, duration), _within(stop, duration))
        for start, stop in segments
        if isfinite(start) and isfinite(stop)
    )
    found: list[Segment] = []
    for start, stop in inside:
        if stop <= start:
            continue
        if found and _thousandths(start) - _thousandths(found[-1][1]) < _thousandths(GAP):
            found[-1] = found[-1][0], max(found[-1][1], stop)
        else:
            found.append((start, stop))
    return tuple(found)


def add(segments: Segments, segment: Segment, duration: float) -> Segments:
    """Return a union with one more segment, as `union` has it; fast where there are many."""
    first, last = _reach(segments, segment)
    return (*segments[:first], *union((*segments[first:last], segment), duration), *segments[last:])


def joined(segments: Segments, segment: Segment) -> Segment:
    """Return a segment with the gaps that close between it and a union.

    So much a union can grow by it: many short segments with gaps between them come to no less than
    the whole that they are taken for.
    """
    start, stop = segment
    first, last = _reach(segments, segment)
    for other_start, other_stop in segments[first:last]:
        if other_stop <= start:
            start = other_stop
        elif other_start >= stop:
            stop = other_start
    return start, stop


def edge(segments: Segments, position: float, gap: float = GAP) -> float | None:
    """Return the end of what was played around a place; None where nothing was played so near."""
    first, last = _reach(segments, (position, position), gap)
    return segments[last - 1][1] if first < last else None


def length(segments: Iterable[Segment]) -> float:
    """Return how long segments are that do not overlap."""
    return round(sum(stop - start for start, stop in segments), _DIGITS)


def progress(segments: Segments, duration: float) -> float:
    """Return how much of a video a union is, from 0 to 1 (Video Profile 1.0, 4.3.2, progress)."""
    return min(1.0, length(segments) / duration) if duration > 0 else 0.0


def write_segments(segments: Iterable[Segment]) -> str:
    """Return segments as the profile writes them."""
    return "[,]".join(f"{_number(start)}[.]{_number(stop)}" for start, stop in segments)


def read_segments(text: str) -> tuple[Segment, ...]:
    """Return the segments of such a text, as they are; raises ValueError for another."""
    found = [_SEGMENT.fullmatch(part) for part in text.split("[,]")] if text else []
    if not all(found):
        raise ValueError(f"not of the form start[.]stop[,]start[.]stop: {text[:100]!r}")
    return tuple((float(each[1]), float(each[2])) for each in found if each)


def _reach(segments: Segments, segment: Segment, gap: float = GAP) -> tuple[int, int]:
    """Return from which to which of a union's parts a segment reaches, over gaps that close."""
    start, stop, near = (_thousandths(seconds) for seconds in (*segment, gap))
    first = bisect_right(segments, start - near, key=lambda part: _thousandths(part[1]))
    last = bisect_left(segments, stop + near, key=lambda part: _thousandths(part[0]))
    return first, max(first, last)


def _within(seconds: float, duration: float) -> float:
    return round(min(max(0.0, seconds), duration), _DIGITS)


def _thousandths(seconds: float) -> int:
    """Whole numbers, for what is a gap must not hang on how a fraction is kept."""
    return round(seconds * 1000)


def _number(seconds: float) -> str:
    return f"{seconds:.{_DIGITS}f}".rstrip("0").rstrip(".")
