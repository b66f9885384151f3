"""What an LMS itself says of a course: launched, abandoned, waived, satisfied; and launch data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from xapi.cmi5 import words
from xapi.cmi5.course import Block, Course, Unit, Words
from xapi.cmi5.words import Verb
from xapi.errors import Invalid
from xapi.values import iri, written


@dataclass(frozen=True)
class Session:
    """One launch of a unit: whose, in which registration, and how it is told apart (9.6.3.1)."""

    id: str
    registration: str
    actor: Mapping[str, Any]
    unit: Unit
    #: What we call the unit (8.1.5).
    activity_id: str
    mode: str


def context_template(session: Session) -> dict[str, Any]:
    """Return what every statement of a session's content says of its context (10.2.1)."""
    return {
        "contextActivities": {"grouping": [{"id": session.unit.id}]},
        "extensions": {words.SESSION: session.id},
    }


def launch_data(session: Session, *, return_url: str) -> dict[str, Any]:
    """Return the document that content is launched with (10.2)."""
    unit = session.unit
    optional = {
        "launchParameters": unit.launch_parameters,
        "masteryScore": unit.mastery_score,
        "entitlementKey": unit.entitlement_key and {"courseStructure": unit.entitlement_key},
    }
    return {
        "contextTemplate": context_template(session),
        "launchMode": session.mode,
        "moveOn": unit.move_on,
        "returnURL": return_url,
        **{name: value for name, value in optional.items() if value is not None},
    }


def launch_address(address: str, session: Session, *, endpoint: str, fetch: str) -> str:
    """Return the address that a unit is launched by, its own parameters kept as they are (8.1)."""
    parameters = {
        "endpoint": endpoint,
        "fetch": fetch,
        "actor": json.dumps(session.actor, ensure_ascii=False, separators=(",", ":")),
        "registration": session.registration,
        "activityId": session.activity_id,
    }
    return with_parameters(address, parameters)


def tin_can_address(address: str, session: Session, *, endpoint: str, auth: str) -> str:
    """Return the address that a unit is launched by as packages before cmi5 expect it."""
    parameters = {
        "endpoint": endpoint,
        "auth": auth,
        "actor": json.dumps(session.actor, ensure_ascii=False, separators=(",", ":")),
        "activity_id": session.activity_id,
        "registration": session.registration,
    }
    return with_parameters(address, parameters)


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """Return an address with parameters after its own, before its fragment."""
    own, mark, fragment = address.partition("#")
    said = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
    joint = "&" if "?" in own else "?"
    own = own.rstrip("&") if "?" in own else own
    return f"{own}{joint}{said}{mark}{fragment}"


def launched(session: Session, at: datetime, *, launch_url: str) -> dict[str, Any]:
    """Return the statement that a unit was launched (9.3.1); `launch_url` without parameters."""
    unit = session.unit
    extensions: dict[str, Any] = {
        words.LAUNCH_MODE: session.mode,
        words.LAUNCH_URL: launch_url,
        words.MOVE_ON: unit.move_on,
    }
    if unit.mastery_score is not None:
        extensions[words.MASTERY_SCORE] = unit.mastery_score
    if unit.launch_parameters is not None:
        extensions[words.LAUNCH_PARAMETERS] = unit.launch_parameters
    return _about_unit(session, Verb.LAUNCHED, at, extensions=extensions)


def abandoned(session: Session, at: datetime, *, duration: str) -> dict[str, Any]:
    """Return the statement that a session was left without its content's last word (9.3.6)."""
    return _about_unit(session, Verb.ABANDONED, at, result={"duration": duration})


def waived(session: Session, at: datetime, *, reason: str) -> dict[str, Any]:
    """Return the statement that a unit counts as done by other means (9.3.7)."""
    result = {"success": True, "completion": True, "extensions": {words.REASON: reason}}
    return _about_unit(session, Verb.WAIVED, at, result=result, is_judging=True)


def satisfied(
    of: Course | Block, activity_id: str, at: datetime, *, registration: str,
    actor: Mapping[str, Any], session_id: str,
) -> dict[str, Any]:  # fmt: skip
    """Return the statement that all of a block or of a course was done (9.3.9)."""
    kind = words.COURSE_TYPE if isinstance(of, Course) else words.BLOCK_TYPE
    return _statement(
        Verb.SATISFIED,
        at,
        actor=actor,
        thing=_activity(activity_id, kind, of.title, of.description),
        context=_context(registration, of.id, {words.SESSION: session_id}),
    )


def _about_unit(
    session: Session,
    verb: Verb,
    at: datetime,
    *,
    extensions: Mapping[str, Any] | None = None,
    result: Mapping[str, Any] | None = None,
    is_judging: bool = False,
) -> dict[str, Any]:
    unit = session.unit
    own = {words.SESSION: session.id, **(extensions or {})}
    statement = _statement(
        verb,
        at,
        actor=session.actor,
        thing=_activity(session.activity_id, unit.activity_type, unit.title, unit.description),
        context=_context(session.registration, unit.id, own, is_judging=is_judging),
    )
    return statement if result is None else {**statement, "result": dict(result)}


def _statement(
    verb: Verb,
    at: datetime,
    *,
    actor: Mapping[str, Any],
    thing: Mapping[str, Any],
    context: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "actor": dict(actor),
        "verb": {"id": verb.value, "display": {"en": verb.word}},
        "object": thing,
        "context": context,
        "timestamp": written(at),
    }


def _activity(
    activity_id: str, kind: str | None, title: Words, description: Words
) -> dict[str, Any]:
    told = {"type": _kind(kind), "name": dict(title), "description": dict(description)}
    definition = {name: value for name, value in told.items() if value}
    return {"objectType": "Activity", "id": activity_id, "definition": definition}


def _kind(said: str | None) -> str | None:
    """Return the type of an activity: the schema of courses takes any text, xAPI an IRI."""
    try:
        iri(said)
    except Invalid:
        return None
    return said


def _context(
    registration: str,
    publisher_id: str,
    extensions: Mapping[str, Any],
    *,
    is_judging: bool = False,
) -> dict[str, Any]:
    categories = [words.CATEGORY, *([words.MOVE_ON_CATEGORY] if is_judging else [])]
    return {
        "registration": registration,
        "contextActivities": {
            "grouping": [{"id": publisher_id}],
            "category": [{"id": each} for each in categories],
        },
        "extensions": dict(extensions),
    }
