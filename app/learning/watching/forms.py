"""What a video's player tells, read element by element: what is none is answered as rejected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.learning.attempts.service import Message

#: The one item of a video.
ITEM: Final = "video"
#: Stretches of one commit: a player writes one every ten seconds, and keeps what a cut line holds.
MOST_STRETCHES: Final = 10_000
LONGEST_CODE: Final = 100
MOST_CHOSEN: Final = 20
_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,6})?")
_QUESTION = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass
class Told:
    """What messages tell of."""

    stretches: list[tuple[float, float]] = field(default_factory=list)
    #: Seconds in which it was playing, in which the page was open, and in which it was hidden.
    spent: tuple[float, float, float] = (0.0, 0.0, 0.0)
    position: float | None = None
    is_ended: bool = False
    answers: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    code: str | None = None
    hidden_times: int = 0
    #: Elements that cannot be read, each with why.
    rejected: list[tuple[str, str]] = field(default_factory=list)


def told(messages: Sequence[Message]) -> Told:
    """Return what messages tell of, in their order."""
    found = Told()
    for message in messages:
        for element, value in message.changes:
            if not _take(found, element.partition(".")[0], value):
                found.rejected.append((element[:100], "value_unusable"))
    return found


def _take(found: Told, name: str, value: str) -> bool:
    """Take down one element; return whether it could be read."""
    match name:
        case "played":
            numbers = _numbers(value, 2)
            if numbers is None or len(found.stretches) >= MOST_STRETCHES:
                return False
            found.stretches.append((numbers[0], numbers[1]))
        case "spent":
            numbers = _numbers(value, 3)
            if numbers is None:
                return False
            before = found.spent
            found.spent = (before[0] + numbers[0], before[1] + numbers[1], before[2] + numbers[2])
        case "position":
            numbers = _numbers(value, 1)
            if numbers is None:
                return False
            found.position = numbers[0]
        case "ended":
            found.is_ended |= value == "1"
        case "hidden":
            found.hidden_times += 1
        case "answer":
            answer = _answer(value)
            if answer is None:
                return False
            found.answers.append(answer)
        case "code":
            found.code = value[:LONGEST_CODE]
        case _:
            return False
    return True


def _numbers(value: str, count: int) -> list[float] | None:
    parts = value.split(",")
    if len(parts) != count or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return [float(part) for part in parts]


def _answer(value: str) -> tuple[str, tuple[int, ...]] | None:
    name, sign, listed = value.partition(":")
    chosen = listed.split(",")
    if not sign or not _QUESTION.fullmatch(name) or len(chosen) > MOST_CHOSEN:
        return None
    if not all(each.isascii() and each.isdecimal() and len(each) < 3 for each in chosen):
        return None
    return name, tuple(sorted({int(each) for each in chosen}))
