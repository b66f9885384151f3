"""An attempt on a SCORM course, as it is seen by who makes statements of it: plain values."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from xapi.scorm.words import Verb

#: What a session begins with that goes on with the data of the one before, and with fresh data.
RESUMED: Final = "resume"
FRESH: Final = "ab-initio"


@dataclass(frozen=True)
class Thing:
    """A course or an item of one: its IRI and its title, which may be empty."""

    id: str
    title: str


@dataclass(frozen=True)
class Scene:
    """Whose attempt it is, and at what; items by their identifiers."""

    registration: uuid.UUID
    actor: Mapping[str, Any]
    course: Thing
    items: Mapping[str, Thing]
    is_2004: bool


@dataclass(frozen=True)
class Outcome:
    """What content has come to: `scaled` is its score, whichever way it was given; time in seconds.

    Completion is completed, incomplete, or anything else for nothing known; success passed, failed,
    or so.
    """

    completion: str = "unknown"
    success: str = "unknown"
    scaled: float | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None
    seconds: float = 0.0

    @property
    def score(self) -> list[float | None] | None:
        """The numbers of the score; None where there is none."""
        found = [self.scaled, self.raw, self.min, self.max]
        return None if self.scaled is None else found


@dataclass(frozen=True)
class Answer:
    """An interaction, as content has told of it; "" where it told nothing."""

    id: str
    kind: str
    prompt: str
    response: str
    correct: tuple[str, ...]
    #: correct, incorrect, a number, or another word.
    result: str
    latency_seconds: float | None
    #: When it was, as it was written.
    at: str | None

    @property
    def is_given(self) -> bool:
        """Whether it tells of more than a question that is there."""
        return bool(self.response or self.result)

    @property
    def mark(self) -> str:
        """What is the same as long as the answer is."""
        told = (self.id, self.kind, self.response, self.result, self.latency_seconds)
        return hashlib.blake2b(repr(told).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Left:
    """An item that a turn has led away from, as it was then."""

    item: str
    at: datetime
    #: Suspended or terminated.
    ending: Verb
    outcome: Outcome
    #: Its answers, where its data began anew; None where they still stand.
    answers: tuple[Answer, ...] | None = None


@dataclass(frozen=True)
class Turn:
    """A turn of an attempt: an item was begun, with an entry as SCORM writes it; one was left."""

    at: datetime
    item: str | None = None
    entry: str = ""
    left: Left | None = None


@dataclass(frozen=True)
class Standing:
    """How an item stands."""

    outcome: Outcome
    answers: tuple[Answer, ...] = ()
    #: How its session has ended: suspended, terminated; None while it is open.
    ending: Verb | None = None


@dataclass(frozen=True)
class Whole:
    """How the course stands: `status` is passed, failed or another; the score from 0 to 1."""

    status: str = ""
    score: float | None = None
    completed_at: datetime | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Look:
    """An attempt as it is seen now."""

    #: Since the last look.
    turns: Sequence[Turn]
    #: By identifier, those that were delivered, in the order of the course.
    items: Mapping[str, Standing]
    whole: Whole
    #: When something last came of it.
    at: datetime
    #: As what an open session counts, where nothing can come of it any more; None otherwise.
    ending: Verb | None = None
