"""The types of values (RTE 2004 4e, 4.1.1; RTE 1.2, 3.4.2): one pattern or one function a type.

The patterns go to the browser as they stand, so they keep to what Python and JavaScript read alike.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from scorm import responses
from scorm.duration import ISO_8601_PATTERN, TIMESPAN_PATTERN
from scorm.errors import Refusal
from scorm.identifiers import IDENTIFIER, REAL
from scorm.localized import is_localized, is_tag
from scorm.row import Element

_DATE: Final = r"(?:19[7-9][0-9]|20[0-2][0-9]|203[0-8])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_HOUR: Final = r"(?:[01][0-9]|2[0-3])"
_SIXTY: Final = r"[0-5][0-9]"
_ZONE: Final = rf"(?:Z|[-+]{_HOUR}(?::{_SIXTY})?)"

#: Regular expressions of whole values.
PATTERNS: Final = {
    # A zone may follow a fraction of a second only (RTE 4e, 4.1.1.6).
    "time": (
        rf"{_DATE}(?:-{_MONTH}(?:-{_DAY}(?:T{_HOUR}(?::{_SIXTY}(?::{_SIXTY}"
        rf"(?:\.[0-9]{{1,2}}{_ZONE}?)?)?)?)?)?)?"
    ),
    "time_interval": ISO_8601_PATTERN,
    "long_identifier": IDENTIFIER,
    "real": REAL,
    "navigation": (
        r"continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_"
        r"|\{target=[^\x00-\x20{}]+\}(?:choice|jump)"
    ),
    "identifier": r"[^\x00-\x20\x7f\u3000]+",
    "decimal": REAL,
    "decimal_or_blank": rf"(?:{REAL})?",
    "integer": r"[-+]?[0-9]{1,9}",
    "time_span": TIMESPAN_PATTERN,
    "time_of_day": rf"{_HOUR}:{_SIXTY}:{_SIXTY}(?:\.[0-9]{{1,2}})?",
}


def _matches(pattern: str) -> Callable[[str], bool]:
    expression = re.compile(pattern)
    return lambda value: expression.fullmatch(value) is not None


_IS_REAL: Final = _matches(REAL)

#: Types that need more than a pattern; "state" and the like have a vocabulary, checked for all.
_CHECKS: Final[dict[str, Callable[[str], bool]]] = {
    **{name: _matches(pattern) for name, pattern in PATTERNS.items()},
    "localized_text": is_localized,
    "language": lambda value: value == "" or is_tag(value),
}


def check(row: Element, value: str, interaction: str = "") -> Refusal | None:
    """Return TYPE or RANGE where a value is not what its element takes, None where it is.

    `interaction` is the interaction's type, for the elements that go by it.
    """
    if not _is_of_type(row, value, interaction):
        return Refusal.TYPE
    if row.limit is not None and len(value) > row.limit:
        return Refusal.TYPE
    return None if _is_within(row, value) else Refusal.RANGE


def _is_of_type(row: Element, value: str, interaction: str) -> bool:
    if row.type == "learner_response":
        return responses.is_response(interaction, value)
    if row.type == "pattern":
        return responses.is_pattern(interaction, value)
    if row.vocabulary is not None:
        return value in row.vocabulary or (row.type == "result" and _IS_REAL(value))
    checked = _CHECKS.get(row.type)
    return checked is None or checked(value)


def _is_within(row: Element, value: str) -> bool:
    if value == "" or (row.min is None and row.max is None):
        return True
    number = Decimal(value)
    return (row.min is None or row.min <= number) and (row.max is None or number <= row.max)
