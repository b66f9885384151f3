"""By what a statement is found: the words of an index, the same that a query asks for.

Each is a kind and a value: `verb`, `registration`, `agent` (actor or object, a group by its members
too), `authority`, `any_agent` (also authority, instructor, team, related agents, and those within a
statement within), `activity` (the object), `any_activity` (also those of the context, and within),
and `attachment`, by its hash, which tells whether a statement still has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xapi.actors import identities

Term = tuple[str, str]
_ACTORS: Final = ("Agent", "Group")


def of(statement: Mapping[str, Any]) -> set[Term]:
    """Return the terms of a checked statement, as it is stored."""
    thing = statement["object"]
    direct = identities(statement["actor"])
    if thing.get("objectType") in _ACTORS:
        direct += identities(thing)
    authority = identities(statement["authority"]) if "authority" in statement else []
    found: set[Term] = {("verb", statement["verb"]["id"])}
    found.update([("agent", key) for key in direct])
    found.update([("authority", key) for key in authority])
    found.update([("any_agent", key) for key in (*direct, *authority, *_around(statement))])
    if thing.get("objectType", "Activity") == "Activity":
        found.add(("activity", thing["id"]))
    found.update([("any_activity", each["id"]) for each in activities(statement)])
    found.update([("attachment", key) for key in attachments(statement)])
    registration = statement.get("context", {}).get("registration")
    if registration:
        found.add(("registration", registration.lower()))
    return found


def _around(statement: Mapping[str, Any]) -> list[str]:
    """Return the agents of the context, and all those of a statement within."""
    context, thing = statement.get("context", {}), statement["object"]
    found = []
    for name in ("instructor", "team"):
        if name in context:
            found += identities(context[name])
    for name, part in (("contextAgents", "agent"), ("contextGroups", "group")):
        for each in context.get(name, ()):
            found += identities(each[part])
    if thing.get("objectType") == "SubStatement":
        found += identities(thing["actor"]) + _around(thing)
        if thing["object"].get("objectType") in _ACTORS:
            found += identities(thing["object"])
    return found


def attachments(statement: Mapping[str, Any]) -> list[str]:
    """Return the hashes of a statement's attachments, and of those within."""
    found = [each["sha2"].lower() for each in statement.get("attachments", ())]
    is_outer = statement["object"].get("objectType") == "SubStatement"
    return found + attachments(statement["object"]) if is_outer else found


def activities(statement: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every activity that a statement names."""
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    found = [thing] if kind == "Activity" else []
    if kind == "SubStatement":
        found += activities(thing)
    for of_name in statement.get("context", {}).get("contextActivities", {}).values():
        found += of_name if isinstance(of_name, list) else [of_name]
    return found
