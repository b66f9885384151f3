"""Get and set over a state (see `scorm.runtime`), by the rows of the edition's table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scorm.edition import Edition
from scorm.element import pattern_of, rows
from scorm.errors import Refusal, code_of
from scorm.evaluation import completion_of, success_of
from scorm.responses import DISTINCT, SINGLE
from scorm.row import Access, Element
from scorm.value_types import check

_INDEX: Final = re.compile(r"\.([0-9]+)(?=\.|$)")
_VALID: Final = "adl.nav.request_valid."
_TARGET: Final = re.compile(r"(choice|jump)\.\{target=([^}]*)\}")


@dataclass(frozen=True)
class Rejection:
    """A change that was not applied, and the error code that a set of it gives."""

    element: str
    value: str
    error: int


def get_value(
    edition: Edition,
    state: dict[str, Any],
    element: str,
    requests: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    """Return an element's value and error code 0, or "" and the code why there is none.

    `requests` answers adl.nav.request_valid (see `scorm.sequencing.validity`).
    """
    row = rows(edition).get(pattern_of(element))
    if row is None:
        return "", code_of(edition, _why_unknown(edition, element))
    if row.access == "w" or (row.access == "rw" and _access(row, state, element) in ("w", "")):
        return "", code_of(edition, Refusal.WRITE_ONLY)
    if any(not _exists(state, place) for place in _places(element)):
        return "", code_of(edition, Refusal.ABSENT)
    value = _read(row, state, element, requests or {})
    return ("", code_of(edition, Refusal.NOT_SET)) if value is None else (value, 0)


def _read(
    row: Element, state: dict[str, Any], element: str, requests: Mapping[str, str]
) -> str | None:
    if row.type == "count":
        return str(state["counts"].get(element.removesuffix("._count"), 0))
    if element.startswith(_VALID):
        return _request_valid(element.removeprefix(_VALID), requests)
    values: dict[str, str] = state["values"]
    if element == "cmi.completion_status":
        return completion_of(values)
    if element == "cmi.success_status":
        return success_of(values)
    value = values.get(element, row.default)
    # An emptied bucket is one without a value.
    return None if row.name == "adl.data.n.store" and value == "" else value


def _request_valid(request: str, requests: Mapping[str, str]) -> str:
    target = _TARGET.fullmatch(request)
    if target is None:
        return requests.get(request, "unknown")
    if target[1] not in requests:
        return "unknown"
    return "true" if target[2] in requests[target[1]].split(" ") else "false"


def set_value(edition: Edition, state: dict[str, Any], element: str, value: str) -> int:
    """Set an element and return 0, or change nothing and return the code why not."""
    refusal = _refusal(edition, state, element, value)
    if refusal is not None:
        return code_of(edition, refusal)
    state["values"][element] = value
    counts = state["counts"]
    for collection, index in _places(element):
        counts[collection] = max(counts.get(collection, 0), int(index) + 1)
    return 0


def apply(
    edition: Edition, state: dict[str, Any], changes: Sequence[tuple[str, str]]
) -> list[Rejection]:
    """Set one element after another and return those that were refused, with their codes.

    To apply again what was taken leaves the same state; what was refused because something was
    missing may be taken then.
    """
    tried = ((name, value, set_value(edition, state, name, value)) for name, value in changes)
    return [Rejection(name, value, error) for name, value, error in tried if error]


def _refusal(edition: Edition, state: dict[str, Any], element: str, value: str) -> Refusal | None:
    row = rows(edition).get(pattern_of(element))
    if row is None:
        why = _why_unknown(edition, element)
        return Refusal.NO_NAME_TO_SET if why is Refusal.NO_NAME_TO_GET else _of_set(why)
    if row.type in ("keyword", "count"):
        return Refusal.KEYWORD
    if _access(row, state, element) not in ("w", "rw"):
        return Refusal.READ_ONLY
    is_there = _is_reachable if row.grows else _exists
    if not all(is_there(state, place) for place in _places(element)):
        return Refusal.OUT_OF_ORDER
    if any(_filled(name, element) not in state["values"] for name in row.requires):
        return Refusal.DEPENDENCY
    return _refusal_of_value(row, state, element, value)


def _of_set(why: Refusal) -> Refusal:
    """Return the reason for a set: a keyword where there is none is no element at all."""
    return Refusal.UNKNOWN_ELEMENT if why in (Refusal.NO_CHILDREN, Refusal.NO_COUNT) else why


def _refusal_of_value(
    row: Element, state: dict[str, Any], element: str, value: str
) -> Refusal | None:
    kind = ""
    if row.type in ("pattern", "learner_response"):
        kind = state["values"][_filled("cmi.interactions.n.type", element)]
    is_pattern = row.type == "pattern"
    if is_pattern and kind in SINGLE and _places(element)[-1][1] != "0":
        return Refusal.TAKEN
    refusal = check(row, value, kind)
    if refusal is None and row.fixed and state["values"].get(element, value) != value:
        return Refusal.TAKEN
    if refusal is None and (row.unique or (is_pattern and kind in DISTINCT)):
        return Refusal.TAKEN if _has_twin(state, element, value) else None
    return refusal


def _has_twin(state: dict[str, Any], element: str, value: str) -> bool:
    """Whether another member of the innermost collection has the value already."""
    collection, _ = _places(element)[-1]
    leaf = element.rpartition(".")[2]
    names = (f"{collection}.{at}.{leaf}" for at in range(state["counts"].get(collection, 0)))
    return any(name != element and state["values"].get(name) == value for name in names)


def _why_unknown(edition: Edition, element: str) -> Refusal:
    """Tell what is wrong with a name that is no row.

    1.2 has a code for a leaf that a known category does not hold, and one for an unknown category.
    """
    known = rows(edition)
    if element == "":
        return Refusal.NO_NAME_TO_GET
    above, _, last = pattern_of(element).rpartition(".")
    is_known = above in known or any(name.startswith(f"{above}.") for name in known)
    if is_known and last == "_children":
        return Refusal.NO_CHILDREN
    if is_known and last == "_count":
        return Refusal.NO_COUNT
    category = ".".join(element.split(".")[:2])
    is_known = category in known or any(name.startswith(f"{category}.") for name in known)
    if category == "cmi" or is_known:
        return Refusal.UNKNOWN_ELEMENT
    return Refusal.UNKNOWN_CATEGORY


def _access(row: Element, state: dict[str, Any], element: str) -> Access | str:
    if row.access == "r" or not state.get("access"):
        return row.access
    restricted: str = state["access"].get(element, row.access)
    return restricted


def _places(element: str) -> list[tuple[str, str]]:
    """List the collections that a name goes through, each with the index in it."""
    if element.startswith(_VALID):
        return []
    return [(element[: found.start()], found[1]) for found in _INDEX.finditer(element)]


def _exists(state: dict[str, Any], place: tuple[str, str]) -> bool:
    collection, index = place
    return _is_index(index) and int(index) < state["counts"].get(collection, 0)


def _is_reachable(state: dict[str, Any], place: tuple[str, str]) -> bool:
    """Whether a member is there, or is the next to come: collections have no gaps."""
    collection, index = place
    return _is_index(index) and int(index) <= state["counts"].get(collection, 0)


def _is_index(digits: str) -> bool:
    """Whether digits are an index as it is written: no leading zero, and of a sane length."""
    return len(digits) < 10 and digits == str(int(digits))


def _filled(name: str, element: str) -> str:
    """Return a required element's name with the indexes of the element that requires it."""
    parts = element.split(".")
    return ".".join(parts[at] if part == "n" else part for at, part in enumerate(name.split(".")))
