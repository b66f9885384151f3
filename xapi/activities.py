"""Activities and their definitions, with SCORM's interactions (Data 2.4.4.1; 4.2.2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xapi.errors import Invalid
from xapi.shapes import Shape, extensions, language_map, listed, one_of
from xapi.values import iri, text

#: By the kind of an interaction, the lists that it may have beside its correct responses.
_LISTS: Final[Mapping[str, frozenset[str]]] = {
    "true-false": frozenset(),
    "choice": frozenset({"choices"}),
    "fill-in": frozenset(),
    "long-fill-in": frozenset(),
    "matching": frozenset({"source", "target"}),
    "performance": frozenset({"steps"}),
    "sequencing": frozenset({"choices"}),
    "likert": frozenset({"scale"}),
    "numeric": frozenset(),
    "other": frozenset(),
}
LISTS: Final = ("choices", "scale", "source", "target", "steps")
_COMPONENT: Final = Shape({"id": text}, {"description": language_map})


def _components(value: object) -> None:
    _LIST(value)
    assert isinstance(value, list)
    if len({each["id"] for each in value}) < len(value):
        raise Invalid("same_id")


_LIST: Final = listed(_COMPONENT)


def _is_interaction(value: object) -> None:
    assert isinstance(value, dict)
    kind = value.get("interactionType")
    allowed = _LISTS.get(kind or "", frozenset())
    for name in LISTS:
        if name in value and name not in allowed:
            raise Invalid("interaction_list", kind).within(name)
    if kind is None and "correctResponsesPattern" in value:
        raise Invalid("missing").within("interactionType")


definition: Final = Shape(
    {},
    {
        "name": language_map,
        "description": language_map,
        "type": iri,
        "moreInfo": iri,
        "extensions": extensions,
        "interactionType": one_of(*_LISTS),
        "correctResponsesPattern": listed(text),
        **dict.fromkeys(LISTS, _components),
    },
    _is_interaction,
)
activity: Final = Shape({"id": iri}, {"objectType": one_of("Activity"), "definition": definition})


def merged(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a definition with what a newer one says of the same activity.

    Words are added language by language, and extensions one by one; all else is replaced.
    """
    result = {**known, **said}
    for name in ("name", "description", "extensions"):
        if name in known and name in said:
            result[name] = {**known[name], **said[name]}
    return result
