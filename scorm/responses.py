"""What a learner may answer to an interaction, and what may be called correct, by its type.

(RTE 2004 4e, 4.2.9.1 and 4.2.9.2.) Parts are joined by `[,]`, pairs by `[.]`, ranges by `[:]`.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from scorm.identifiers import IDENTIFIER, REAL
from scorm.localized import is_localized

#: Types with one correct pattern, and types no two of whose patterns may be alike.
SINGLE: Final = ("true-false", "likert", "numeric", "other")
DISTINCT: Final = ("choice", "sequencing")

_SHORT: Final = re.compile(IDENTIFIER)
_REAL: Final = re.compile(REAL)
_MATTERS: Final = re.compile(r"\{(case_matters|order_matters)=([^}]*)\}")


def is_response(kind: str, value: str) -> bool:
    """Return whether a value can be an answer to an interaction of a type."""
    return _RESPONSES[kind](value)


def is_pattern(kind: str, value: str) -> bool:
    """Return whether a value can be a correct answer to an interaction of a type."""
    return _PATTERNS[kind](value)


def _is_short(value: str) -> bool:
    return _SHORT.fullmatch(value) is not None


def _is_real(value: str) -> bool:
    return _REAL.fullmatch(value) is not None


def _is_true_or_false(value: str) -> bool:
    return value in ("true", "false")


def _is_text(_value: str) -> bool:
    return True


def _is_list(value: str) -> bool:
    return value == "" or all(_is_short(part) for part in value.split("[,]"))


def _is_set(value: str) -> bool:
    parts = value.split("[,]")
    return _is_list(value) and len(set(parts)) == len(parts)


def _are_texts(value: str) -> bool:
    return all(is_localized(part) for part in value.split("[,]"))


def _are_pairs(value: str) -> bool:
    pairs = [pair.split("[.]") for pair in value.split("[,]")] if value else []
    return all(len(pair) == 2 and _is_short(pair[0]) and _is_short(pair[1]) for pair in pairs)


def _are_steps(value: str) -> bool:
    return value == "" or all(_is_step(step) for step in value.split("[,]"))


def _is_step(step: str) -> bool:
    """Return whether there are a name and an answer, one of which may be missing."""
    if step.count("[.]") != 1:
        return False
    name, _, answer = step.partition("[.]")
    return _is_short(name) or (name == "" and answer != "")


def _is_range(value: str) -> bool:
    """Return whether these are bounds, each of which may be missing, or one number."""
    low, colon, high = value.partition("[:]")
    if not colon:
        return _is_real(value)
    if not all(bound == "" or _is_real(bound) for bound in (low, high)):
        return False
    return low == "" or high == "" or Decimal(low) <= Decimal(high)


def _after(*switches: str) -> Callable[[Callable[[str], bool]], Callable[[str], bool]]:
    """Let a check look at what follows a pattern's switches, such as `{case_matters=true}`."""

    def wrap(check: Callable[[str], bool]) -> Callable[[str], bool]:
        def checked(value: str) -> bool:
            while (found := _MATTERS.match(value)) and found[1] in switches:
                if not _is_true_or_false(found[2]):
                    return False
                value = value[found.end() :]
            return check(value)

        return checked

    return wrap


_RESPONSES: Final[dict[str, Callable[[str], bool]]] = {
    "true-false": _is_true_or_false,
    "choice": _is_set,
    "fill-in": _are_texts,
    "long-fill-in": is_localized,
    "matching": _are_pairs,
    "performance": _are_steps,
    "sequencing": _is_list,
    "likert": _is_short,
    "numeric": _is_real,
    "other": _is_text,
}

_PATTERNS: Final[dict[str, Callable[[str], bool]]] = {
    **_RESPONSES,
    "fill-in": _after("case_matters", "order_matters")(_are_texts),
    "long-fill-in": _after("case_matters")(is_localized),
    "performance": _after("order_matters")(_are_steps),
    "numeric": _is_range,
}
