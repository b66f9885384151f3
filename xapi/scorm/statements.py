"""What statements of SCORM content are about, and what they say has come of it.

A course is an activity, each of its items (SCO or asset) a lesson, each interaction an activity
below its lesson. Numbers in brackets are the profile's sections.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from xapi.scorm.seen import Answer, Outcome, Thing
from xapi.scorm.words import COURSE, INTERACTION, LESSON
from xapi.speech import activity, period, words

#: What an interaction of SCORM is, and is called in a definition, too (Data 2.4.4.1).
_KINDS: Final = frozenset(
    {
        *("true-false", "choice", "fill-in", "long-fill-in", "matching", "performance"),
        *("sequencing", "likert", "numeric", "other"),
    }
)
_RIGHT: Final = {"correct": True, "incorrect": False}
_TRUTH: Final = {"t": "true", "1": "true", "f": "false", "0": "false"}
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)


def course(thing: Thing) -> dict[str, Any]:
    """Return the activity of a course."""
    return activity(thing.id, COURSE, thing.title)


def lesson(thing: Thing) -> dict[str, Any]:
    """Return the activity of an item."""
    return activity(thing.id, LESSON, thing.title)


def sco_attempt(thing: Thing, registration: uuid.UUID, number: int) -> dict[str, Any]:
    """Return the activity of one attempt on an item, from fresh data on (5, Initializing).

    It has no definition: what is known of activities is kept for good, and this one is somebody's.
    """
    return {"id": f"{thing.id}/attempts/{registration}/{number}"}


def interaction(thing: Thing, place: int, answer: Answer, *, is_2004: bool) -> dict[str, Any]:
    """Return the activity of an interaction, the `place`th of an item (3.2, Activity IRI)."""
    kind = answer.kind if answer.kind in _KINDS else "other"
    name = answer.id or str(place)
    said: dict[str, Any] = {"interactionType": kind}
    if answer.prompt:
        said["description"] = words(answer.prompt)
    if answer.correct:
        patterns = [response(kind, each, is_2004=is_2004) for each in answer.correct]
        said["correctResponsesPattern"] = patterns
    iri = f"{thing.id}/interactions/{quote(name, safe='')}"
    return activity(iri, INTERACTION, name, **said)


def response(kind: str, text: str, *, is_2004: bool) -> str:
    """Return a response, or a pattern of one, as the specification writes it (Data, Appendix C).

    SCORM 2004 writes it so. SCORM 1.2 parts by commas and points, and may put braces around.
    """
    if is_2004 or "[,]" in text or "[.]" in text:
        return text
    if kind == "true-false":
        return _TRUTH.get(text[:1].lower(), text)
    if kind not in ("choice", "sequencing", "matching"):
        return text
    parts = [part.strip() for part in re.sub("[{}]", "", text).split(",")]
    if kind == "matching":
        parts = [part.replace(".", "[.]", 1) for part in parts]
    return "[,]".join(parts)


def answered(answer: Answer, *, is_2004: bool) -> dict[str, Any]:
    """Return the result of an interaction."""
    found: dict[str, Any] = {}
    if answer.response:
        found["response"] = response(answer.kind, answer.response, is_2004=is_2004)
    if answer.result in _RIGHT:
        found["success"] = _RIGHT[answer.result]
    elif _NUMBER.fullmatch(answer.result):
        found["score"] = {"raw": float(answer.result)}
    if answer.latency_seconds is not None:
        found["duration"] = period(answer.latency_seconds)
    return found


def result(outcome: Outcome, seconds: float = 0.0) -> dict[str, Any]:
    """Return the result of an item: what is known of it, and the time of a session (5; 6)."""
    found: dict[str, Any] = {}
    if outcome.success in ("passed", "failed"):
        found["success"] = outcome.success == "passed"
    if outcome.completion in ("completed", "incomplete"):
        found["completion"] = outcome.completion == "completed"
    if seconds > 0:
        found["duration"] = period(seconds)
    return found | scored(outcome)


def scored(outcome: Outcome) -> dict[str, Any]:
    """Return the score as a part of a result; bounds that a score does not keep are left out."""
    if outcome.scaled is None:
        return {}
    told: Mapping[str, float | None] = {"raw": outcome.raw, "min": outcome.min, "max": outcome.max}
    known = {name: number for name, number in told.items() if number is not None}
    least, most = known.get("min", float("-inf")), known.get("max", float("inf"))
    if not (least < most and least <= known.get("raw", least) <= most):
        known = {name: number for name, number in known.items() if name == "raw"}
    return {"score": {"scaled": outcome.scaled, **known}}
