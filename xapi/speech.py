"""Statements that the system itself makes of an attempt: what all of them have in common.

Version 1.0.3. A statement's id is made of the attempt and of what it says, so that whoever says the
same again says nothing new.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from xapi.values import written

ADL_VERBS: Final = "http://adlnet.gov/expapi/verbs/"
ADL_TYPES: Final = "http://adlnet.gov/expapi/activities/"
_PROFILE: Final = f"{ADL_TYPES}profile"
#: The language of titles and questions: authors do not say it (RFC 5646; ISO 639-2, undetermined).
UNTOLD: Final = "und"


def words(text: str) -> dict[str, str]:
    """Return a text of an author's as a language map."""
    return {UNTOLD: text}


def activity(iri: str, kind: str, title: str = "", **more: Any) -> dict[str, Any]:
    """Return an activity with its definition; `more` are further names of that."""
    named = {"name": words(title)} if title else {}
    return {"id": iri, "definition": {**named, "type": kind, **more}}


def period(seconds: float) -> str:
    """Return a length of time, to the hundredth of a second (Data 4.6)."""
    return f"PT{f'{seconds:.2f}'.rstrip('0').rstrip('.')}S"


@dataclass
class Speech:
    """What is said of one attempt, one statement after another."""

    #: The attempt.
    registration: uuid.UUID
    #: Who learns.
    actor: Mapping[str, Any]
    #: The profile that statements obey: its IRI.
    profile: str
    #: How many statements were made of the attempt so far.
    said: int = 0
    #: Those that are made now.
    statements: list[dict[str, Any]] = field(default_factory=list)

    def next_id(self, verb: str, iri: str) -> str:
        """Return the id of the next statement, if it says this of that activity."""
        return str(uuid.uuid5(self.registration, f"{self.said} {verb} {iri}"))

    def say(
        self,
        verb: str,
        thing: Mapping[str, Any],
        at: datetime,
        *,
        result: Mapping[str, Any] | None = None,
        around: Mapping[str, Any] | None = None,
        extensions: Mapping[str, Any] | None = None,
        is_of_profile: bool = True,
    ) -> None:
        """Make a statement.

        `around` are activities of its context by their relation; `extensions` are its context's.
        """
        key = self.next_id(verb, thing["id"])
        self.said += 1
        category = {"category": [{"id": self.profile, "definition": {"type": _PROFILE}}]}
        related = {**(around or {}), **(category if is_of_profile else {})}
        context: dict[str, Any] = {"registration": str(self.registration)}
        if related:
            context["contextActivities"] = related
        if extensions:
            context["extensions"] = dict(extensions)
        statement = {
            "id": key,
            "actor": dict(self.actor),
            "verb": {"id": str(verb), "display": {"en": verb.rpartition("/")[2]}},
            "object": dict(thing),
            **({"result": dict(result)} if result else {}),
            "context": context,
            "timestamp": written(at),
        }
        self.statements.append(statement)

    def in_order(self) -> list[dict[str, Any]]:
        """Return the statements in the order of what they tell of."""
        return sorted(self.statements, key=lambda each: str(each["timestamp"]))
