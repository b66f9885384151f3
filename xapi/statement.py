"""What a statement may hold, in version 1.0.3 and in 2.0 (Data 2.4; IEEE 9274.1.1, 4.2.2).

`check` raises Invalid with the place and the rule for the first thing that does not obey. It reads
what JSON says and changes nothing; what is made of a statement is in `storing`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, Final

from xapi.activities import activity
from xapi.actors import actor, agent, authority, group
from xapi.errors import Invalid
from xapi.shapes import Object, Shape, extensions, language_map, listed, one_of
from xapi.values import (
    Check,
    boolean,
    duration,
    iri,
    language,
    media_type,
    natural,
    number,
    sha2,
    text,
    timestamp,
    uuid,
)

VOIDED: Final = "http://adlnet.gov/expapi/verbs/voided"
#: A version as a header or a statement says it (Semantic Versioning 1.0.0).
_SPOKEN: Final = re.compile(r"([12]\.0)(?:\.[0-9]+(?:-[0-9A-Za-z-]+)?)?")
CONTEXT_ACTIVITIES: Final = ("parent", "grouping", "category", "other")


class Version(StrEnum):
    """The versions that are spoken."""

    OLD = "1.0.3"
    NEW = "2.0.0"

    @property
    def family(self) -> str:
        """Return the numbers that count: `1.0`, `2.0`."""
        return self.value.rpartition(".")[0]

    @property
    def unsaid(self) -> str:
        """Return what a statement is said to be of that does not say it (Data 2.4.10)."""
        return "1.0.0" if self is Version.OLD else self.value


def spoken(said: str | None) -> Version:
    """Return the version that a request's header means. Raises Invalid for none and for others."""
    found = _SPOKEN.fullmatch(said or "")
    if found is None:
        raise Invalid("version", said)
    return Version.OLD if found[1] == Version.OLD.family else Version.NEW


def _score(value: object) -> None:
    assert isinstance(value, dict)
    scaled = value.get("scaled", 0)
    if not -1 <= scaled <= 1:
        raise Invalid("range", scaled).within("scaled")
    least, raw, most = (value.get(name) for name in ("min", "raw", "max"))
    if least is not None and most is not None and least >= most:
        raise Invalid("range", least).within("min")
    if raw is not None and (
        (least is not None and raw < least) or (most is not None and raw > most)
    ):
        raise Invalid("range", raw).within("raw")


_SCORE: Final = Shape({}, dict.fromkeys(("scaled", "raw", "min", "max"), number), _score)
_RESULT: Final = Shape(
    {},
    {
        "score": _SCORE,
        "success": boolean,
        "completion": boolean,
        "response": text,
        "duration": duration,
        "extensions": extensions,
    },
)
_REFERENCE: Final = Shape({"objectType": one_of("StatementRef"), "id": uuid})
_VERB: Final = Shape({"id": iri}, {"display": language_map})
_ATTACHMENT: Final = Shape(
    {
        "usageType": iri,
        "display": language_map,
        "contentType": media_type,
        "length": natural,
        "sha2": sha2,
    },
    {"description": language_map, "fileUrl": iri},
)


def _one_or_several(value: object) -> None:
    if type(value) is list:
        _ACTIVITIES(value)
    else:
        activity(value)


_ACTIVITIES: Final = listed(activity)
_CONTEXT: Final[dict[str, Check]] = {
    "registration": uuid,
    "instructor": actor,
    "team": group,
    "contextActivities": Shape({}, dict.fromkeys(CONTEXT_ACTIVITIES, _one_or_several)),
    "revision": text,
    "platform": text,
    "language": language,
    "statement": _REFERENCE,
    "extensions": extensions,
}


def _related(kind: str, part: str, check: Check) -> Check:
    return listed(
        Shape(
            {"objectType": one_of(kind), part: check},
            {"relevantTypes": listed(iri, least=1)},
        )
    )


_CONTEXTS: Final = {
    Version.OLD: Shape({}, _CONTEXT),
    Version.NEW: Shape(
        {},
        {
            **_CONTEXT,
            "contextAgents": _related("contextAgent", "agent", agent),
            "contextGroups": _related("contextGroup", "group", group),
        },
    ),
}


def _part(version: Version, thing: Check) -> tuple[dict[str, Check], dict[str, Check]]:
    """Return what a statement and a statement within one have in common."""
    return (
        {"actor": actor, "verb": _VERB, "object": thing},
        {
            "result": _RESULT,
            "context": _CONTEXTS[version],
            "timestamp": timestamp,
            "attachments": listed(_ATTACHMENT),
        },
    )


def _whole(value: object) -> None:
    """Take a statement, or one within it, whose parts are all of their kinds."""
    assert isinstance(value, dict)
    context = value.get("context")
    if context and value["object"].get("objectType", "Activity") != "Activity":
        for name in ("revision", "platform"):
            if name in context:
                raise Invalid("of_activities").within(name).within("context")
    is_reference = value["object"].get("objectType") == "StatementRef"
    if value["verb"]["id"] == VOIDED and not is_reference:
        raise Invalid("voids").within("object")


def _things(version: Version) -> dict[str, Check]:
    simple: dict[str, Check] = {
        "Activity": activity,
        "Agent": agent,
        "Group": group,
        "StatementRef": _REFERENCE,
    }
    required, optional = _part(version, _by_kind(simple))
    within = Shape({"objectType": one_of("SubStatement"), **required}, optional, _whole)
    return {**simple, "SubStatement": within}


def _by_kind(kinds: dict[str, Check]) -> Check:
    def check(value: object) -> None:
        if type(value) is not dict:
            raise Invalid("object", value)
        kind = value.get("objectType", "Activity")
        found = kinds.get(kind) if type(kind) is str else None
        if found is None:
            raise Invalid("one_of", kind).within("objectType")
        found(value)

    return check


def _version_1(value: object) -> None:
    """Take 1.0 and its patches; all others must be refused (Data 2.4.10)."""
    text(value)
    assert isinstance(value, str)
    if spoken(value) is not Version.OLD:
        raise Invalid("version", value)


def _version_2(value: object) -> None:
    """Take a version of ours: what another one's statement means is not known here."""
    text(value)
    assert isinstance(value, str)
    spoken(value)


def _statement(version: Version) -> Shape:
    required, optional = _part(version, _by_kind(_things(version)))
    own: dict[str, Check] = {
        "id": uuid,
        "stored": timestamp,
        "authority": authority,
        "version": _version_1 if version is Version.OLD else _version_2,
    }
    return Shape(required, {**optional, **own}, _whole)


_STATEMENTS: Final = {version: _statement(version) for version in Version}


def check(value: object, version: Version) -> Object:
    """Return a statement that obeys its version. Raises Invalid."""
    _STATEMENTS[version](value)
    assert isinstance(value, dict)
    return value


def target(statement: dict[str, Any]) -> str | None:
    """Return the id of the statement that this one is about, None where it is about none."""
    thing = statement["object"]
    return thing["id"].lower() if thing.get("objectType") == "StatementRef" else None


def is_voiding(statement: dict[str, Any]) -> bool:
    """Whether a statement voids another (Data 2.3.2)."""
    return bool(statement["verb"]["id"] == VOIDED)
