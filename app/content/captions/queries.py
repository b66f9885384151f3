"""What a version says beside its film: captions by language, chapters, the transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.content.captions.text import LANGUAGES
from app.content.materials.models import Version
from app.content.videos.queries import beside
from app.kernel.errors import NotFound
from content_packages.captions import Problem, check, in_order, read, to_webvtt

#: What a cue of canonical WebVTT has once, and nothing else of it ever has.
_ARROW: Final = "-->"


@dataclass(frozen=True)
class CaptionTrack:
    """The captions of one language."""

    language: str
    #: Canonical WebVTT.
    text: str
    #: When they were last written; None for those that came in with the film.
    changed_at: datetime | None

    @property
    def cues(self) -> int:
        """How many there are."""
        return self.text.count(_ARROW)


@dataclass(frozen=True)
class Checked:
    """Captions that were read: as they are kept, and what is wrong or odd with them."""

    text: str
    errors: Sequence[Problem]
    warnings: Sequence[Problem]


def checked(data: bytes, duration: float | None) -> Checked:
    """Return what a file of captions says, WebVTT or SRT; `duration` of the film in seconds.

    With errors nothing of it may be kept. Cues are put into the order of their times.
    """
    found = read(data)
    cues = in_order(found.cues)
    problems = sorted((*found.problems, *check(cues, duration)), key=lambda each: each.line)
    return Checked(
        to_webvtt(cues),
        [each for each in problems if each.severity == "error"],
        [each for each in problems if each.severity != "error"],
    )


def tracks(version: Version) -> list[CaptionTrack]:
    """Return the captions of a version, in the order of `LANGUAGES`."""
    order = list(LANGUAGES)
    found = [
        CaptionTrack(each["language"], each["text"], _moment(each.get("changed_at")))
        for each in beside(version).captions
    ]
    return sorted(found, key=lambda track: order.index(track.language))


def track(version: Version, language: str) -> CaptionTrack:
    """Return the captions of a language; raises NotFound where there are none."""
    for each in tracks(version):
        if each.language == language:
            return each
    raise NotFound


def chapters(version: Version) -> tuple[tuple[float, str], ...]:
    """Return the chapters of a version: where each begins, in seconds, and its title."""
    return tuple((float(at), str(title)) for at, title in beside(version).chapters)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
