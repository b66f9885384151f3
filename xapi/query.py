"""What is asked of the Statement resource, as data (Communication 2.1.3; 4.1.6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from xapi import values
from xapi.actors import actor, identity
from xapi.errors import Invalid
from xapi.reading import value
from xapi.terms import Term
from xapi.values import Check, moment

FORMATS: Final = ("ids", "exact", "canonical")
_NATURAL: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
#: What may stand beside the id of one statement.
_WITH_ONE: Final = frozenset({"attachments", "format"})


@dataclass(frozen=True)
class Query:
    """One statement by its id, or those that have all terms, between two moments of storing."""

    statement_id: str | None = None
    voided_id: str | None = None
    terms: frozenset[Term] = frozenset()
    #: Stored after the first, and not after the second.
    since: datetime | None = None
    until: datetime | None = None
    #: At most so many; 0 leaves it to the store.
    limit: int = 0
    is_ascending: bool = False
    format: str = "exact"
    has_attachments: bool = False
    #: The names and values themselves, for the address of the next page.
    said: Mapping[str, str] = field(default_factory=dict)


def single(pairs: Iterable[tuple[str, str]], allowed: Iterable[str]) -> dict[str, str]:
    """Return parameters by their names. Raises Invalid for an unknown one, and one said twice."""
    names, found = frozenset(allowed), dict[str, str]()
    for name, said in pairs:
        if name not in names:
            raise Invalid("unknown").within(name)
        if name in found:
            raise Invalid("same_name").within(name)
        found[name] = said
    return found


def checked(params: Mapping[str, str], name: str, check: Check) -> str | None:
    """Return a parameter that passes a check, None for none."""
    said = params.get(name)
    if said is not None:
        try:
            check(said)
        except Invalid as found:
            found.within(name)
            raise
    return said


def required(params: Mapping[str, str], name: str, check: Check) -> str:
    """Return a parameter that there must be."""
    said = checked(params, name, check)
    if said is None:
        raise Invalid("missing").within(name)
    return said


def flag(params: Mapping[str, str], name: str) -> bool:
    """Return a parameter that is true or false, false for none."""
    said = params.get(name, "false")
    if said not in ("true", "false"):
        raise Invalid("boolean", said).within(name)
    return said == "true"


def time(params: Mapping[str, str], name: str) -> datetime | None:
    """Return a parameter that is a timestamp."""
    said = checked(params, name, values.timestamp)
    return moment(said) if said else None


def who(params: Mapping[str, str], name: str = "agent") -> Mapping[str, Any] | None:
    """Return a parameter that is an agent or an identified group, as JSON."""
    said = params.get(name)
    if said is None:
        return None
    try:
        return _identified(value(said.encode()))
    except Invalid as error:
        error.within(name)
        raise


def _identified(found: Any) -> Mapping[str, Any]:
    actor(found)
    if identity(found) is None:
        raise Invalid("identifier")
    return cast("Mapping[str, Any]", found)


def parse(pairs: Iterable[tuple[str, str]], also: Iterable[str] = ()) -> Query:
    """Read the parameters of a query; `also` are names that others read. Raises Invalid."""
    params = single(pairs, {*_NAMES, *also})
    params = {name: said for name, said in params.items() if name in _NAMES}
    one = checked(params, "statementId", values.uuid)
    voided = checked(params, "voidedStatementId", values.uuid)
    if one or voided:
        beside = params.keys() - _WITH_ONE - {"statementId" if one else "voidedStatementId"}
        if beside:
            raise Invalid("beside_id").within(min(beside))
    limit = params.get("limit", "0")
    if _NATURAL.fullmatch(limit) is None:
        raise Invalid("integer", limit).within("limit")
    shown = params.get("format", "exact")
    if shown not in FORMATS:
        raise Invalid("one_of", shown).within("format")
    return Query(
        statement_id=one.lower() if one else None,
        voided_id=voided.lower() if voided else None,
        terms=frozenset(_terms(params)),
        since=time(params, "since"),
        until=time(params, "until"),
        limit=int(limit),
        is_ascending=flag(params, "ascending"),
        format=shown,
        has_attachments=flag(params, "attachments"),
        said=params,
    )


_NAMES: Final = frozenset(
    {
        "statementId", "voidedStatementId", "agent", "verb", "activity", "registration",
        "related_activities", "related_agents", "since", "until", "limit", "format",
        "attachments", "ascending",
    }
)  # fmt: skip


def _terms(params: Mapping[str, str]) -> Iterable[Term]:
    any_agent = flag(params, "related_agents")
    any_activity = flag(params, "related_activities")
    agent = who(params)
    if agent is not None:
        key = identity(agent)
        assert key is not None
        yield "any_agent" if any_agent else "agent", key
    verb = checked(params, "verb", values.iri)
    if verb is not None:
        yield "verb", verb
    activity = checked(params, "activity", values.iri)
    if activity is not None:
        yield "any_activity" if any_activity else "activity", activity
    registration = checked(params, "registration", values.uuid)
    if registration is not None:
        yield "registration", registration.lower()
