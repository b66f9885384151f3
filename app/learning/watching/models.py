"""What an attempt at a video holds, and when it counts as watched: `judge` decides it, alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from app.content.videos.models import Completion, WatchingRule
from xapi import video

#: So many seconds may be missing of a film that was watched as a whole: a last frame has none.
MISSING = 1.0
#: Who may not skip may begin so many seconds beyond what was played: browsers seek to a frame.
NEAR = 1.0
#: Seconds beyond what the clock allows that are believed: clocks, lines and players are not exact.
SLACK = 10.0


@dataclass(frozen=True)
class Answer:
    """What was last answered to a question in the film."""

    #: Numbers of the choices, from 0.
    chosen: tuple[int, ...]
    is_right: bool
    tries: int


@dataclass
class Watched:
    """All that an attempt at a video holds: its document."""

    #: Of the film, in seconds.
    duration: float
    rule: WatchingRule = field(default_factory=WatchingRule)
    #: The union of all stretches that were played.
    played: video.Segments = ()
    #: Where it stood last, in seconds.
    position: float = 0.0
    #: Seconds of clock time in which it was playing, in which the page was open, and hidden.
    played_seconds: float = 0.0
    present_seconds: float = 0.0
    hidden_seconds: float = 0.0
    #: Whether its end was reached by playing.
    is_ended: bool = False
    #: Answers by the question's id.
    answers: dict[str, Answer] = field(default_factory=dict)
    code_given: bool = False
    #: How often the page was hidden while it played, and another video was played beside it.
    hidden_times: int = 0
    elsewhere_times: int = 0
    #: Seconds of film that were told of and cannot have been played.
    doubted_seconds: float = 0.0
    #: What is left of `SLACK` for the film and for the clock; it comes back as time passes, so that
    #: many small lies come to no more than one.
    film_slack: float = SLACK
    clock_slack: float = SLACK

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Watched:
        """Return what a document holds that `as_document` has written."""
        names = {each.name for each in fields(cls)}
        said = {name: value for name, value in document.items() if name in names}
        said["rule"] = WatchingRule.of(said.get("rule", {}))
        said["played"] = tuple((start, stop) for start, stop in said.get("played", ()))
        said["answers"] = {
            name: Answer(tuple(each["chosen"]), each["is_right"], each["tries"])
            for name, each in said.get("answers", {}).items()
        }
        return cls(**said)

    def as_document(self) -> dict[str, Any]:
        """Return it as `of` reads it."""
        return {"kind": "video", **asdict(self), "rule": self.rule.as_document()}

    @property
    def progress(self) -> float:
        """How much of the film was played, from 0 to 1."""
        return video.progress(self.played, self.duration)


def judge(watched: Watched, questions: Sequence[str]) -> bool:
    """Whether a video counts as watched, given the ids of the questions in it."""
    match watched.rule.completion:
        case Completion.OPENED:
            return True
        case Completion.END:
            return watched.is_ended
        case Completion.WHOLE:
            return _has_played(watched, 100)
        case Completion.PERCENT:
            return _has_played(watched, watched.rule.percent)
        case Completion.CODE:
            return watched.code_given
    return bool(questions) and all(
        name in watched.answers and watched.answers[name].is_right for name in questions
    )


def _has_played(watched: Watched, percent: int) -> bool:
    """Whether so much was played; of all of it `MISSING` may be left, of a short film a tenth."""
    most = watched.duration - min(MISSING, watched.duration / 10)
    wanted = min(watched.duration * percent / 100, most)
    return video.length(watched.played) >= wanted
