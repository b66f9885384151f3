"""The interactions of a state as records of one shape for both editions, for reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scorm import duration
from scorm.edition import Edition
from scorm.localized import plain


@dataclass(frozen=True)
class InteractionRecord:
    """One question as content told it; texts are "" where it told nothing.

    `result` is correct, incorrect, unanticipated, neutral, or a number as text. `at` is as it was
    written: a date and time in 2004, a time of day in 1.2.
    """

    id: str
    kind: str
    prompt: str
    response: str
    correct: tuple[str, ...]
    result: str
    latency_seconds: float | None
    at: str | None
    weighting: float | None


def interactions(edition: Edition, state: dict[str, Any]) -> list[InteractionRecord]:
    """Return the interactions of a state in their order.

    An attempt that tells none shows those of the attempt before.
    """
    count = state["counts"].get("cmi.interactions", 0)
    if count == 0 and "earlier" in state:
        told = state["earlier"]["interactions"]
        return [InteractionRecord(**{**one, "correct": tuple(one["correct"])}) for one in told]
    return [_record(edition, state, f"cmi.interactions.{at}") for at in range(count)]


def _record(edition: Edition, state: dict[str, Any], place: str) -> InteractionRecord:
    values = state["values"]
    of_2004 = edition.is_2004
    latency, weighting = values.get(f"{place}.latency"), values.get(f"{place}.weighting")
    response = values.get(f"{place}.{'learner' if of_2004 else 'student'}_response", "")
    result = values.get(f"{place}.result", "")
    return InteractionRecord(
        id=values.get(f"{place}.id", ""),
        kind=values.get(f"{place}.type", ""),
        prompt=plain(values.get(f"{place}.description", "")),
        response=plain(response),
        correct=tuple(_correct(state, f"{place}.correct_responses")),
        result="incorrect" if result == "wrong" else result,
        latency_seconds=duration.parse(edition, latency) / duration.SECOND if latency else None,
        at=values.get(f"{place}.{'timestamp' if of_2004 else 'time'}"),
        weighting=float(weighting) if weighting else None,
    )


def _correct(state: dict[str, Any], collection: str) -> Iterator[str]:
    for at in range(state["counts"].get(collection, 0)):
        yield plain(state["values"].get(f"{collection}.{at}.pattern", ""))
