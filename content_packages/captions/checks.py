"""What is wrong or odd about cues, each for itself, one after the other, and beside their film."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from content_packages.captions import markup
from content_packages.captions.cues import Cue, Problem, error, warning
from content_packages.captions.reading import LARGEST
from content_packages.captions.times import stamp

#: The captions of ten hours of speech have some 10,000.
MOST_CUES: Final = 20_000
#: Full-width characters a second beyond which nobody follows; films keep to about 7.
FASTEST: Final = 12
#: Seconds by which captions may outlast their film: the last cue is often rounded up.
_GRACE: Final = 0.5


def check(cues: Sequence[Cue], duration: float | None) -> tuple[Problem, ...]:
    """Return the problems of cues in the order they are shown in, or are to be.

    `duration` is the film's in seconds, None where nobody knows. Beyond a limit nothing else is
    looked at.
    """
    if len(cues) > MOST_CUES:
        return (error("too_many_cues", 0, count=len(cues), limit=MOST_CUES),)
    size = sum(len(cue.text.encode("utf-8", "replace")) for cue in cues)
    if size > LARGEST:
        return (error("too_large", 0, size=size, limit=LARGEST),)
    found = [problem for cue in cues for problem in _of_one(cue, duration)]
    return (*found, *_of_order(cues), *_of_overlaps(cues))


def in_order(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Return cues by when they begin, as WebVTT demands (4.1); those of one time as they stood."""
    return tuple(sorted(cues, key=lambda cue: cue.start))


def _of_one(cue: Cue, duration: float | None) -> Iterator[Problem]:
    if cue.end <= cue.start:
        yield error("ends_before_start", cue.line, start=stamp(cue.start), end=stamp(cue.end))
    else:
        yield from _of_speed(cue)
    if duration is not None:
        yield from _of_film(cue, duration)
    if not markup.visible(cue.text).strip():
        yield warning("text_empty", cue.line)


def _of_film(cue: Cue, duration: float) -> Iterator[Problem]:
    """Yield what is beyond the end: what is never shown is wrong, and the film perhaps another."""
    length = stamp(duration)
    if cue.start >= duration:
        yield error("begins_beyond_end", cue.line, start=stamp(cue.start), duration=length)
    elif cue.end > duration + _GRACE:
        yield warning("ends_beyond_end", cue.line, end=stamp(cue.end), duration=length)


def _of_speed(cue: Cue) -> Iterator[Problem]:
    speed = _width(markup.visible(cue.text, with_readings=False)) / (cue.end - cue.start)
    if speed > FASTEST:
        yield warning("too_fast", cue.line, speed=round(speed, 1), limit=FASTEST)


def _of_order(cues: Sequence[Cue]) -> Iterator[Problem]:
    for before, cue in pairwise(cues):
        if cue.start < before.start:
            times = {"start": stamp(cue.start), "previous": stamp(before.start)}
            yield error("out_of_order", cue.line, **times)


def _of_overlaps(cues: Sequence[Cue]) -> Iterator[Problem]:
    """Yield where a cue is still shown when the next begins: two lie on top of each other."""
    for cue, following in pairwise(in_order(cues)):
        if cue.start < cue.end and following.start < cue.end:
            times = {"end": stamp(cue.end), "next": stamp(following.start)}
            yield warning("overlap", cue.line, **times)


def _width(text: str) -> float:
    """Return how many full-width characters a text is as wide as; spaces are not read."""
    return sum(
        1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5
        for sign in text
        if not sign.isspace() and not unicodedata.combining(sign)
    )
