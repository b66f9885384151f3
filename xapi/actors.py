"""Agents and groups: what they may hold, and by what they are the same (Data 2.4.2; 4.2.2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xapi.errors import Invalid
from xapi.shapes import Shape, listed, one_of
from xapi.values import Check, iri, mailto, sha1, text

#: Inverse functional identifiers: an agent has one of them, and is who that one says.
ACCOUNT: Final = Shape({"homePage": iri, "name": text})
IDENTIFIERS: Final[Mapping[str, Check]] = {
    "mbox": mailto,
    "mbox_sha1sum": sha1,
    "openid": iri,
    "account": ACCOUNT,
}


def _identifiers(value: Mapping[str, object]) -> int:
    return sum(name in value for name in IDENTIFIERS)


def _is_one(value: object) -> None:
    assert isinstance(value, dict)
    if _identifiers(value) != 1:
        raise Invalid("identifier")


def _is_group(value: object) -> None:
    assert isinstance(value, dict)
    count = _identifiers(value)
    if count > 1:
        raise Invalid("identifier")
    if not count and not value.get("member"):
        raise Invalid("members")


_AGENT: Final = Shape({}, {"objectType": one_of("Agent"), "name": text, **IDENTIFIERS}, _is_one)
_GROUP: Final = Shape(
    {"objectType": one_of("Group")},
    {"name": text, "member": listed(_AGENT), **IDENTIFIERS},
    _is_group,
)


def agent(value: object) -> None:
    """Take an agent, and no group."""
    _AGENT(value)


def group(value: object) -> None:
    """Take a group: identified, or its members told."""
    _GROUP(value)


def actor(value: object) -> None:
    """Take an agent or a group."""
    kind = value.get("objectType", "Agent") if type(value) is dict else "Agent"
    if kind == "Group":
        _GROUP(value)
    else:
        _AGENT(value)


def authority(value: Any) -> None:
    """Take an agent, or a group of two that nothing names as one (OAuth; Data 2.4.9)."""
    actor(value)
    if is_group(value) and (_identifiers(value) or len(value["member"]) != _TWO):
        raise Invalid("authority")


_TWO: Final = 2


def is_group(value: Any) -> bool:
    """Whether a checked actor is a group."""
    return bool(value.get("objectType") == "Group")


def identity(value: Mapping[str, Any]) -> str | None:
    """Return by what a checked agent or group is the same; None for a group without identifier."""
    account = value.get("account")
    if account is not None:
        # No space is in an IRI: where the name begins is not in doubt.
        return f"account {account['homePage']} {account['name']}"
    if "mbox" in value:
        local, _, domain = value["mbox"].partition("@")
        return f"mbox {local}@{domain.lower()}"
    if "mbox_sha1sum" in value:
        return f"mbox_sha1sum {value['mbox_sha1sum'].lower()}"
    return f"openid {value['openid']}" if "openid" in value else None


def identities(value: Mapping[str, Any]) -> list[str]:
    """Return by what a checked actor is found: itself, and a group by its members as well."""
    found = [identity(value), *map(identity, value.get("member", ()))]
    return [each for each in found if each is not None]


def person(shown: Mapping[str, Any], names: list[str]) -> dict[str, object]:
    """Return what is known of an agent as the Agents resource tells it (Communication 2.4)."""
    told: dict[str, object] = {"objectType": "Person"}
    if names:
        told["name"] = names
    for name in IDENTIFIERS:
        if name in shown:
            told[name] = [shown[name]]
    return told
