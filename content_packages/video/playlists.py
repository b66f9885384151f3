"""Playlists of a film (HLS, RFC 8216): one of each track, and the master that leads to them.

Each track is one file, whose segments are byte ranges of it: few objects to store and to sign.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from content_packages.video.fragments import Fragment, Track

#: Fragments in MP4 and byte ranges of the header need it (RFC 8216, 7).
VERSION: Final = 7


@dataclass(frozen=True)
class Segment:
    """A byte range of a track that can be played by itself."""

    offset: int
    size: int
    #: When it begins, and how long it lasts, in seconds.
    start: float
    seconds: float


def segments(track: Track, starts: Sequence[float] | None = None) -> list[Segment]:
    """Return the segments of a track: each of its fragments, or those from one start to the next.

    `starts`, in seconds and rising, come from the track whose cuts all others share; a fragment
    belongs to the last start that is not behind its middle.
    """
    if starts is None:
        groups = [[fragment] for fragment in track.fragments]
    else:
        groups = [[] for _ in starts]
        for fragment in track.fragments:
            middle = (fragment.time + fragment.duration / 2) / track.timescale
            groups[max(0, bisect_right(starts, middle) - 1)].append(fragment)
    return [_segment(group, track.timescale) for group in groups if group]


def cuts(track: Track, seconds: float) -> list[float]:
    """Return where segments of at least that length begin, at fragments of the track."""
    found: list[float] = []
    for fragment in track.fragments:
        start = fragment.time / track.timescale
        if not found or start - found[-1] >= seconds - 1e-3:
            found.append(start)
    return found


def media(track: Track, found: Sequence[Segment], address: str) -> str:
    """Return the playlist of one track, whose file has that address."""
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{VERSION}",
        f"#EXT-X-TARGETDURATION:{_target(found)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{address}",BYTERANGE="{track.header}@0"',
    ]
    for segment in found:
        lines += [
            f"#EXTINF:{segment.seconds:.6f},",
            f"#EXT-X-BYTERANGE:{segment.size}@{segment.offset}",
            address,
        ]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def peak(found: Sequence[Segment]) -> int:
    """Return the most bits a second of segments in a row (RFC 8216, 4.1).

    Such a row lasts a half to one and a half times the target duration: the one picture that is
    left over at the end of a film says nothing of the line that the film needs.
    """
    return max([average(found), *(ceil(rate) for rate in _rates(found))])


def average(found: Sequence[Segment]) -> int:
    """Return the bits a second over all segments."""
    seconds = sum(segment.seconds for segment in found)
    return ceil(sum(segment.size for segment in found) * 8 / seconds) if seconds else 0


def _target(found: Sequence[Segment]) -> int:
    """Return the target duration: no segment lasts longer."""
    return ceil(max((segment.seconds for segment in found), default=0))


def _rates(found: Sequence[Segment]) -> Iterator[float]:
    """Yield the bits a second of every row of segments that counts for the peak."""
    target = _target(found)
    for first in range(len(found)):
        size, seconds = 0, 0.0
        for number in range(first, len(found)):
            size, seconds = size + found[number].size, seconds + found[number].seconds
            if seconds > 1.5 * target:
                break
            if seconds and seconds >= target / 2:
                yield size * 8 / seconds


def _segment(group: Sequence[Fragment], timescale: int) -> Segment:
    first, last = group[0], group[-1]
    return Segment(
        offset=first.offset,
        size=last.offset + last.size - first.offset,
        start=first.time / timescale,
        seconds=sum(fragment.duration for fragment in group) / timescale,
    )
