"""When an answer is the one that a case of ADL's suite expects (the README of the suite).

Pure, so that the run of the engine and the run over HTTP judge by one measure. A call is a
dictionary as it stands in the suite's JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from scorm import duration
from scorm.edition import Edition
from scorm.element import find

EDITION: Final = Edition.SCORM_2004_4

_NAMED: Final = re.compile(r"(adl\.data|cmi\.objectives)\.&(.+)&\.(.+)")
_ANY_ERROR: Final = re.compile(r"request_valid\.(choice|jump)")
_COMMENTS: Final = "comments_from_lms"
_ERRORS_OF_COMMENTS: Final = ("0", "301", "401", "403", "404")
#: Who learns is the LMS's to say.
_OF_THE_LMS: Final = ("<learner_id>", "<learner_name>")
_SHORT_TEXT: Final = "<string shorter than 255>"
#: What a pattern means where it says nothing.
_DEFAULTS: Final = frozenset({"{order_matters=true}", "{case_matters=false}", "{lang=en}"})


def named(argument: str) -> tuple[str, str, str] | None:
    """Return the collection, the id and the leaf of `cmi.objectives.&id&.score.raw`, else None."""
    found = _NAMED.fullmatch(argument)
    return (found[1], found[2], found[3]) if found else None


def difference(call: Mapping[str, Any], answer: str, error: int | str) -> str | None:
    """Return how the answer to a call, or the error code behind it, differs; None where it fits."""
    argument: str = call["arg"]
    expected: str = call["expect"]
    told = str(int(error))
    if _COMMENTS in argument:
        return None if told in _ERRORS_OF_COMMENTS else f"error {told}"
    place = named(argument)
    if place and place[2] == "id" and call["call"] == "GetValue":
        expected = place[1]
    is_right = _is_expected(call["call"], argument, answer, expected)
    if not _ANY_ERROR.search(argument) and told != call["error"]:
        is_right = False
    return None if is_right else f"{answer!r} {told}, not {expected!r} {call['error']}"


def _is_expected(name: str, argument: str, answer: str, expected: str) -> bool:
    if expected == _SHORT_TEXT:
        return len(answer) < 255
    return is_same(argument, answer, expected) if name == "GetValue" else answer == expected


def is_same(argument: str, answer: str, expected: str) -> bool:
    """Compare two values of an element by its data type: `PT2H20S` is `PT2H0M20S`."""
    if expected in _OF_THE_LMS:
        return answer != ""
    if argument.endswith("_children"):
        return set(answer.split(",")) == set(expected.split(","))
    row = find(EDITION, re.sub(r"&.+&", "0", argument))
    kind = row.type if row else ""
    if kind in ("pattern", "learner_response", "localized_text"):
        return _canonical(answer) == _canonical(expected)
    if kind == "real" and answer and expected:
        return round(Decimal(answer), 7) == round(Decimal(expected), 7)
    if kind == "time_interval" and answer and expected:
        return duration.parse(EDITION, answer) == duration.parse(EDITION, expected)
    return answer == expected


def _canonical(pattern: str) -> list[list[str]]:
    """Tell each part's switches, without those that change nothing, from its text."""
    parts = []
    for part in pattern.split("[,]"):
        text = re.sub(r"^(?:\{[a-z_]+=[^}]*\})+", "", part)
        said = re.findall(r"\{[^}]*\}", part.removesuffix(text))
        parts.append([*sorted(set(said) - _DEFAULTS), text])
    return parts
