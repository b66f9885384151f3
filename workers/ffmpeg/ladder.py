"""What is to be made of a film: its sizes, where its segments begin, and who encodes which stretch.

Small files that look good: nothing is made larger or busier than it came, and pictures that hardly
change (slides, a talking head) take what they need by x264's constant quality, under a limit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import ceil
from typing import Any, Final

from workers.ffmpeg.probe import Picture, Source
from workers.ffmpeg.timeline import Timeline

#: Height of a size (of a film that stands upright, its width) → the most bits a second it takes.
SIZES: Final[Mapping[int, int]] = {
    1080: 3_000_000,
    720: 1_500_000,
    480: 800_000,
    360: 500_000,
    240: 250_000,
}
#: So many sizes are made at most; a next one is smaller by this factor at least.
MOST_SIZES: Final = 3
STEP: Final = 0.8
#: Seconds of a segment: at least, where it follows the source's own pictures.
SEGMENT: Final = 6
#: A film that is taken over can be begun at every so many seconds at least.
MOST_BETWEEN_KEYS: Final = 10.0
#: What may be taken over is as busy as our own largest size times this at most.
MOST_TAKEN: Final = 1.5
#: Frames a second that are shown at most: of more, every second one.
MOST_RATE: Final = 31
#: Where pictures come unevenly they are shown at this rate.
EVEN_RATE: Final = Fraction(30)
#: Films longer than two stretches of this many seconds are encoded by several workers.
STRETCH: Final = 300
#: Seconds between two small pictures: of a film of up to so many seconds; and of a longer one.
BOARD: Final = ((600, 5), (float("inf"), 10))
#: Containers in which a place is found to the frame.
_EXACT_CONTAINERS: Final = ("mov", "matroska")
_COPIED_CONTAINERS: Final = ("mov", "matroska", "mpegts", "flv")
_COPIED_PROFILES: Final = frozenset({"Constrained Baseline", "Baseline", "Main", "High"})


@dataclass(frozen=True)
class Size:
    """One size to encode."""

    #: As it is called: `720`.
    name: str
    width: int
    height: int
    #: Bits a second that it never exceeds for long.
    most: int


@dataclass(frozen=True)
class Stretch:
    """Frames that one worker encodes, counted as they are shown: from the first, so many."""

    first: int
    frames: int


@dataclass(frozen=True)
class Plan:
    """What is made of a film."""

    #: Whether the pictures are taken over as they are, as the largest size.
    is_taken: bool
    #: What that size is called; empty where nothing is taken over.
    taken: str
    #: The sizes to encode, the largest first; all from one decoding, each scaled from the last.
    sizes: tuple[Size, ...]
    #: Frames a second of what is encoded, as a fraction in words.
    rate: str
    #: Of the source, every so many-th frame is shown; 0 where its rate is made even first.
    every: int
    #: At which frames segments begin.
    cuts: tuple[int, ...]
    #: By whom: one stretch, or several where frames can be counted.
    stretches: tuple[Stretch, ...]
    #: Frames in all; of an uneven film as good as it can be told beforehand.
    frames: int
    #: When the first picture is shown, in seconds from where the container begins.
    starts: float
    #: Seconds between two small pictures.
    board: int

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Plan:
        """Return the plan that `as_document` has written."""
        return cls(
            **{
                **document,
                "sizes": tuple(Size(**size) for size in document["sizes"]),
                "cuts": tuple(document["cuts"]),
                "stretches": tuple(Stretch(**each) for each in document["stretches"]),
            }
        )

    def as_document(self) -> dict[str, Any]:
        """Return it as `of` reads it."""
        return asdict(self)

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return float(self.frames / Fraction(self.rate))


def plan(source: Source, timeline: Timeline, *, stretch: float = STRETCH) -> Plan:
    """Plan the conversion of a film; `stretch` seconds are worth a worker of its own."""
    picture = source.picture
    is_taken = fits(source, timeline)
    rate, every = _rate(picture, timeline)
    frames = ceil(timeline.frames / every) if every else max(1, round(timeline.seconds * rate))
    cuts = _cuts(timeline, rate, frames) if is_taken else _even(rate, frames)
    is_counted = every > 0 and source.container.startswith(_EXACT_CONTAINERS)
    return Plan(
        is_taken=is_taken,
        taken=str(_side(picture)) if is_taken else "",
        sizes=_sizes(picture, is_taken=is_taken),
        rate=str(rate),
        every=every,
        cuts=cuts,
        stretches=_stretches(cuts, frames, float(rate), stretch if is_counted else float("inf")),
        frames=frames,
        starts=timeline.starts,
        board=next(seconds for most, seconds in BOARD if timeline.seconds <= most),
    )


def fits(source: Source, timeline: Timeline) -> bool:
    """Whether browsers play the pictures as they are, and the line of a site bears them."""
    picture = source.picture
    gaps = zip(timeline.keys, [*timeline.keys[1:], timeline.seconds], strict=True)
    return (
        picture.codec == "h264"
        and picture.profile in _COPIED_PROFILES
        and picture.is_plain
        and picture.is_square
        and not picture.is_turned
        and not picture.is_interlaced
        and not picture.is_hdr
        and source.container.startswith(_COPIED_CONTAINERS)
        and _side(picture) <= max(SIZES)
        and picture.bit_rate <= MOST_TAKEN * _most(_side(picture))
        and timeline.keys[:1] == (0.0,)
        and all(until - since <= MOST_BETWEEN_KEYS for since, until in gaps)
    )


def _rate(picture: Picture, timeline: Timeline) -> tuple[Fraction, int]:
    """Return the frames a second that are shown, and of the source every how many-th that is."""
    rate = Fraction(picture.rate)
    every = ceil(rate / MOST_RATE)
    if timeline.lacks_frames:
        return rate / every, 0
    if timeline.is_variable:
        return EVEN_RATE, 0
    return rate / every, every


def _cuts(timeline: Timeline, rate: Fraction, frames: int) -> tuple[int, ...]:
    """Return the frames nearest to the source's own beginnings, a segment or more apart."""
    found: list[float] = []
    for key in timeline.keys:
        if not found or key - found[-1] >= SEGMENT - 1e-3:
            found.append(key)
    return tuple(sorted({min(frames - 1, round(key * rate)) for key in found}))


def _even(rate: Fraction, frames: int) -> tuple[int, ...]:
    return tuple(range(0, frames, round(SEGMENT * rate)))


def _sizes(picture: Picture, *, is_taken: bool) -> tuple[Size, ...]:
    side, found = _side(picture), []
    heights = [] if is_taken else [min(side, max(SIZES))]
    for height in SIZES:
        if height <= STEP * (heights[-1] if heights else side):
            heights.append(height)
    for height in heights[: MOST_SIZES - is_taken]:
        width, tall = _scaled(picture, height / side)
        most = min(_most(height), picture.bit_rate or _most(height))
        found.append(Size(str(height), width, tall, most))
    return tuple(found)


def _side(picture: Picture) -> int:
    """Return the shorter side, which sizes are called by."""
    return min(picture.width, picture.height)


def _most(side: int) -> int:
    """Return the most bits a second of a size: of the next larger one that is known."""
    return SIZES[min((height for height in SIZES if height >= side), default=max(SIZES))]


def _scaled(picture: Picture, factor: float) -> tuple[int, int]:
    """Return width and height, both even, as 4:2:0 wants them."""
    return tuple(max(2, 2 * round(side * factor / 2)) for side in (picture.width, picture.height))  # type: ignore[return-value] # two of them


def _stretches(
    cuts: Sequence[int], frames: int, rate: float, seconds: float
) -> tuple[Stretch, ...]:
    """Divide a film at its cuts; one that is hardly longer than a stretch stays whole."""
    if frames / rate <= 2 * seconds:
        return (Stretch(0, frames),)
    count = ceil(frames / rate / seconds)
    wanted = (round(number * frames / count) for number in range(count))
    starts = sorted({cuts[min(bisect_left(cuts, frame), len(cuts) - 1)] for frame in wanted})
    stops = [*starts[1:], frames]
    return tuple(Stretch(first, stop - first) for first, stop in zip(starts, stops, strict=True))
