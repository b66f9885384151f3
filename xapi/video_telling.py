"""What of an attempt at a video is still to be told, in the words of the xAPI Video Profile 1.0.

An attempt is looked at now and then: that a player was opened was noted when it was, all else is
read from what was watched so far. So not each click is told of, but what came of them. `tell`
returns what is told now, as a document:

`said`          how many statements were made
`session`       id of the session that is open: of the statement it began with; "" for none
`seconds`       time of playing that was told of
`is_completed`  whether that was told

Numbers in brackets are the profile's sections.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from xapi import video
from xapi.speech import ADL_VERBS, Speech, activity, period

PROFILE: Final = "https://w3id.org/xapi/video"
_TYPE: Final = f"{PROFILE}/activity-type/video"
_EXTENSIONS: Final = f"{PROFILE}/extensions/"
INITIALIZED: Final = f"{ADL_VERBS}initialized"
PAUSED: Final = f"{PROFILE}/verbs/paused"
COMPLETED: Final = f"{ADL_VERBS}completed"
TERMINATED: Final = f"{ADL_VERBS}terminated"


@dataclass(frozen=True)
class Scene:
    """Whose attempt it is, and at which video."""

    registration: uuid.UUID
    actor: Mapping[str, Any]
    id: str
    title: str
    #: Seconds.
    length: float
    #: How much of it is to be played, from 0 to 1; None where its completion is by something else.
    threshold: float | None


@dataclass(frozen=True)
class Watched:
    """Where a film stood, in seconds, and what was played of it until then, in how much time."""

    position: float = 0.0
    played: video.Segments = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Opening:
    """A player was opened; how an earlier one was left, if there was any, and when."""

    at: datetime
    left_at: datetime
    left: Watched


@dataclass(frozen=True)
class Look:
    """An attempt as it is seen now."""

    #: Since the last look.
    openings: Sequence[Opening]
    watched: Watched
    #: When something last came of it.
    at: datetime
    completed_at: datetime | None = None
    is_playing: bool = False
    #: Whether nothing can come of its open session any more.
    is_over: bool = False


def tell(
    scene: Scene, look: Look, told: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the statements that are new, in their order, and what is told with them.

    `told` is empty at first. What was completed before anything was told is taken for told.
    """
    telling = _Telling(scene, look, told)
    for opening in look.openings:
        telling.open(opening)
    telling.look_around()
    return telling.speech.in_order(), telling.told


class _Telling:
    """One look at an attempt."""

    def __init__(self, scene: Scene, look: Look, told: Mapping[str, Any]) -> None:
        self.scene, self.look = scene, look
        self.speech = Speech(scene.registration, scene.actor, PROFILE, told.get("said", 0))
        self.session: str = told.get("session", "")
        self.seconds: float = told.get("seconds", 0.0)
        self.is_completed: bool = told.get("is_completed", False)
        if not told and look.completed_at and look.openings:
            self.is_completed = look.completed_at < look.openings[0].at

    @property
    def told(self) -> dict[str, Any]:
        """What is told now."""
        return {
            "said": self.speech.said,
            "session": self.session,
            "seconds": self.seconds,
            "is_completed": self.is_completed,
        }

    def open(self, opening: Opening) -> None:
        """Tell how the session before has ended, and that one was opened."""
        if self.session:
            self._complete(opening.left_at)
            self._end(opening.left, opening.left_at)
        self.seconds = opening.left.seconds
        self.session = self.speech.next_id(INITIALIZED, self.scene.id)
        self._say(INITIALIZED, opening.at)

    def look_around(self) -> None:
        """Tell of how all stands now; nothing comes of it while no session is open."""
        look = self.look
        if not self.session:
            return
        self._complete(look.at)
        if look.is_over:
            self._end(look.watched, look.at)
        elif not look.is_playing:
            self._pause(look.watched, look.at)

    def _complete(self, until: datetime) -> None:
        """Tell that it was completed, if it was by then (2.3.6).

        Where something else than its being played decides, the word is not the profile's.
        """
        look = self.look
        if self.is_completed or look.completed_at is None or look.completed_at > until:
            return
        self.is_completed = True
        self._say(
            COMPLETED,
            look.completed_at,
            {"completion": True, "duration": period(look.watched.seconds)},
            look.watched,
            is_of_profile=self.scene.threshold is not None,
        )

    def _end(self, watched: Watched, at: datetime) -> None:
        """Tell that the open session has ended; a pause comes first (2.3.7)."""
        self._pause(watched, at)
        self._say(TERMINATED, at, {}, watched)
        self.session = ""

    def _pause(self, watched: Watched, at: datetime) -> None:
        """Tell that it was paused, where it has been playing since that was told."""
        if watched.seconds != self.seconds:
            self._say(PAUSED, at, {}, watched)
            self.seconds = watched.seconds

    def _say(
        self,
        verb: str,
        at: datetime,
        result: Mapping[str, Any] | None = None,
        watched: Watched | None = None,
        *,
        is_of_profile: bool = True,
    ) -> None:
        """Make a statement with what each verb asks for (2.7)."""
        seen = {"extensions": self._seen(watched)} if watched else {}
        self.speech.say(
            verb,
            activity(self.scene.id, _TYPE, self.scene.title),
            at,
            result={**(result or {}), **seen},
            extensions=self._around(),
            is_of_profile=is_of_profile,
        )

    def _seen(self, watched: Watched) -> dict[str, Any]:
        share = video.progress(watched.played, self.scene.length)
        return {
            f"{_EXTENSIONS}time": round(watched.position, 3),
            # Rounded down: what is not whole is not called so.
            f"{_EXTENSIONS}progress": math.floor(share * 1000) / 1000,
            f"{_EXTENSIONS}played-segments": video.write_segments(watched.played),
        }

    def _around(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            f"{_EXTENSIONS}length": round(self.scene.length, 3),
            f"{_EXTENSIONS}session-id": self.session,
        }
        if self.scene.threshold is not None and self.scene.threshold < 1:
            found[f"{_EXTENSIONS}completion-threshold"] = round(self.scene.threshold, 3)
        return found
