"""A statement made ready to be kept: what the store adds, by what it is found, when it is the same.

The letters of all that came are kept. What the store itself must say (id, stored, authority,
version, a timestamp where none came) stands in their place or after them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from xapi import terms
from xapi.actors import identities, identity, is_group
from xapi.reading import Read
from xapi.statement import CONTEXT_ACTIVITIES, Version, is_voiding, target
from xapi.terms import Term
from xapi.values import moment, written

#: In the text of a prepared statement, what stands for the moment at which it is stored: a letter
#: that no JSON has.
STORED: Final = "\x01"
#: What a statement is not told apart by: what a store may set, and what is beside it.
_NOT_COMPARED: Final = frozenset(
    {"id", "stored", "authority", "version", "timestamp", "attachments"}
)
#: What of a duration is finer than a hundredth of a second (Data 4.6).
_TOO_FINE: Final = re.compile(r"(?<=[.,][0-9]{2})[0-9]+(?=S$)")
_ACTORS: Final = frozenset({"Agent", "Group"})
_ENCODE: Final = json.JSONEncoder().encode
_ENCODE_SORTED: Final = json.JSONEncoder(sort_keys=True).encode


@dataclass(frozen=True)
class Prepared:
    """A statement as it is kept."""

    id: str
    #: Its letters, with `STORED` for the moment at which it is stored.
    text: str
    #: The same for two that are the same (Data 2.3.1).
    fingerprint: bytes
    terms: frozenset[Term]
    #: The id of the statement that it is about.
    target: str | None
    is_voiding: bool
    #: By the IRI of an activity, what is said of it; the empty ones left out.
    definitions: Mapping[str, Mapping[str, Any]]
    #: SHA-2 of the attachments that came, or must come, with it, and whether each has an address.
    attachments: tuple[tuple[str, bool], ...]

    def told(self, stored_at: datetime) -> str:
        """Return its letters as they are given back, once it is stored."""
        return self.text.replace(STORED, written(stored_at))


@dataclass(frozen=True)
class Received:
    """What the store says of all statements of a request."""

    version: Version
    authority: Mapping[str, Any]

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """Return the letters of what all of them say."""
        return {"stored": f'"{STORED}"', "authority": _ENCODE(self.authority)}


def prepare(read: Read, new_id: str, received: Received) -> Prepared:
    """Make a checked statement ready; `new_id` is for one that brings none."""
    value = read.value
    parts = dict(read.parts)
    key = value["id"].lower() if "id" in value else new_id
    said = value.get("timestamp")
    parts |= received.parts
    if "id" not in value:
        parts["id"] = f'"{key}"'
    if "version" not in value:
        parts["version"] = f'"{received.version.unsaid}"'
    if not said:
        parts["timestamp"] = parts["stored"]
    elif received.version is Version.NEW and not _is_utc(said):
        parts["timestamp"] = f'"{written(moment(said))}"'
    for name in ("context", "object"):
        if name in value and _settle(value[name], received.version):
            parts[name] = _ENCODE(value[name])
    whole = {**value, "authority": received.authority}
    return Prepared(
        id=key,
        text="{" + ",".join([f'"{name}":{part}' for name, part in parts.items()]) + "}",
        fingerprint=fingerprint(value),
        terms=frozenset(terms.of(whole)),
        target=target(value),
        is_voiding=is_voiding(value),
        definitions={
            each["id"]: each["definition"]
            for each in terms.activities(value)
            if each.get("definition")
        },
        attachments=tuple(attachments(value)),
    )


def _is_utc(said: str) -> bool:
    return said[-1:] in "Zz" or said.endswith("+00:00")


def _settle(part: Any, version: Version) -> bool:
    """Make lists of the single activities of a context (Data 2.4.6.2); whether any was.

    And in 2.0, make the time of a statement within one that of UTC (IEEE 9274.1.1, 4.2.7).
    """
    has = False
    if part.get("objectType") == "SubStatement":
        has = "context" in part and _settle(part["context"], version)
        said = part.get("timestamp")
        if said and version is Version.NEW and not _is_utc(said):
            part["timestamp"] = written(moment(said))
            has = True
    around = part.get("contextActivities", {})
    for name in CONTEXT_ACTIVITIES:
        if isinstance(around.get(name), dict):
            around[name] = [around[name]]
            has = True
    return has


def attachments(statement: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield the SHA-2 of a statement's attachments, and whether each has an address."""
    for each in statement.get("attachments", ()):
        yield each["sha2"].lower(), "fileUrl" in each
    if statement["object"].get("objectType") == "SubStatement":
        yield from attachments(statement["object"])


def fingerprint(statement: Mapping[str, Any]) -> bytes:
    """Return the same 32 bytes for statements that are the same (Data 2.3.1).

    Not compared: what the store may set, attachments, words for display, definitions of
    activities, names of agents, the order of members and of a context's activities.
    """
    compared: dict[str, Any] = {
        name: _compared(name, part) for name, part in statement.items() if name not in _NOT_COMPARED
    }
    return hashlib.sha256(_ENCODE_SORTED(compared).encode()).digest()


def _compared(name: str, part: Any) -> Any:
    if name in ("actor", "instructor", "team"):
        return _who(part)
    if name == "verb":
        return part["id"]
    if name == "object":
        return _thing(part)
    if name == "context":
        return {each: _compared_context(each, value) for each, value in part.items()}
    if name == "result" and "duration" in part:
        return {**part, "duration": _TOO_FINE.sub("", part["duration"])}
    return part


def _compared_context(name: str, part: Any) -> Any:
    if name == "contextActivities":
        return {
            each: sorted(one["id"] for one in (of if isinstance(of, list) else [of]))
            for each, of in part.items()
        }
    if name in ("registration", "language"):
        return part.lower()
    if name == "statement":
        return _thing(part)
    if name in ("contextAgents", "contextGroups"):
        return [
            [_who(each.get("agent") or each.get("group")), each.get("relevantTypes")]
            for each in part
        ]
    return _compared(name, part)


def _thing(part: Mapping[str, Any]) -> Any:
    kind = part.get("objectType", "Activity")
    if kind == "Activity":
        return ["activity", part["id"]]
    if kind in _ACTORS:
        return _who(part)
    if kind == "StatementRef":
        return ["statement", part["id"].lower()]
    within = {name: _compared(name, each) for name, each in part.items() if name != "attachments"}
    if "timestamp" in part:
        within["timestamp"] = written(moment(part["timestamp"]))
    return within


def _who(part: Mapping[str, Any]) -> Any:
    if not is_group(part):
        return ["agent", identity(part)]
    return ["group", identity(part), sorted(identities(part))]
