"""What a video's player tells, read element by element: what is none is answered as rejected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.learning.attempts.service import Message

#: The one item of a video.
ITEM: Final = "video"
#: Stretches of one commit: a player writes one every ten seconds, and keeps what a cut line holds.
MOST_STRETCHES: Final = 5_000
LONGEST_CODE: Final = 100
#: Codes of one commit: who types is slow, and what guesses is not.
MOST_CODES: Final = 20
#: Elements that are named as rejected; of more it is only told that there are.
MOST_REJECTED: Final = 100
MOST_CHOSEN: Final = 20
_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,6})?")
_QUESTION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CHOICE = re.compile(r"[0-9]{1,2}")


@dataclass
class Told:
    """What messages tell of."""

    stretches: list[tuple[float, float]] = field(default_factory=list)
    #: Seconds in which it was playing, in which the page was open, and in which it was hidden.
    spent: tuple[float, float, float] = (0.0, 0.0, 0.0)
    position: float | None = None
    is_ended: bool = False
    answers: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    hidden_times: int = 0
    #: Elements that cannot be read, each with why.
    rejected: list[tuple[str, str]] = field(default_factory=list)


def told(messages: Sequence[Message]) -> Told:
    """Return what messages tell of, in their order."""
    found = Told()
    for message in messages:
        for element, value in message.changes:
            take = _TAKERS.get(element.partition(".")[0])
            if take is None or not take(found, value):
                found.rejected.append((element[:100], "value_unusable"))
    if len(found.rejected) > MOST_REJECTED:
        found.rejected[MOST_REJECTED:] = [("", "more_unusable")]
    return found


def _take_played(found: Told, value: str) -> bool:
    numbers = _numbers(value, 2)
    if numbers is None or numbers[1] < numbers[0] or len(found.stretches) >= MOST_STRETCHES:
        return False
    found.stretches.append((numbers[0], numbers[1]))
    return True


def _take_spent(found: Told, value: str) -> bool:
    numbers = _numbers(value, 3)
    if numbers is None:
        return False
    playing, present, hidden = found.spent
    found.spent = playing + numbers[0], present + numbers[1], hidden + numbers[2]
    return True


def _take_position(found: Told, value: str) -> bool:
    numbers = _numbers(value, 1)
    found.position = numbers[0] if numbers else found.position
    return numbers is not None


def _take_ended(found: Told, value: str) -> bool:
    found.is_ended |= value == "1"
    return value == "1"


def _take_hidden(found: Told, value: str) -> bool:
    found.hidden_times += value == "1"
    return value == "1"


def _take_answer(found: Told, value: str) -> bool:
    name, sign, listed = value.partition(":")
    chosen = listed.split(",")
    if not sign or not _QUESTION.fullmatch(name) or len(chosen) > MOST_CHOSEN:
        return False
    if not all(_CHOICE.fullmatch(each) for each in chosen):
        return False
    found.answers.append((name, tuple(sorted({int(each) for each in chosen}))))
    return True


def _take_code(found: Told, value: str) -> bool:
    if len(value) > LONGEST_CODE or len(found.codes) >= MOST_CODES:
        return False
    found.codes.append(value)
    return True


#: What takes down an element, by the first part of its name; it says whether it could be read.
_TAKERS: Final[Mapping[str, Callable[[Told, str], bool]]] = {
    "played": _take_played,
    "spent": _take_spent,
    "position": _take_position,
    "ended": _take_ended,
    "hidden": _take_hidden,
    "answer": _take_answer,
    "code": _take_code,
}


def _numbers(value: str, count: int) -> list[float] | None:
    parts = value.split(",")
    if len(parts) != count or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return [float(part) for part in parts]
