"""Courses and what is said in them, made for tests: small, whole, and changed at one place."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from typing import Any

from tests.xapi.made import fresh
from xapi.cmi5 import standing, structure
from xapi.cmi5.course import Block, Course, Mode, MoveOn, Unit
from xapi.cmi5.session import Held
from xapi.cmi5.statements import Session
from xapi.cmi5.words import Verb

SPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
#: The files of a package.
NAMES = ("cmi5.xml", "index.html", "章/第1章.html", "Media/Intro.html", "が.html")
URL = "<url>index.html</url>"

# --- structures


def attributes(said: Mapping[str, str | None]) -> str:
    """Return attributes as XML has them, without those that are None."""
    told = {name: value for name, value in said.items() if value is not None}
    return "".join(f' {name}="{html.escape(value)}"' for name, value in told.items())


def texts(title: str = "題", description: str = "説明", language: str | None = "ja") -> str:
    """Return a title and a description in one language."""
    lang = attributes({"lang": language})
    said = {"title": title, "description": description}
    return "".join(
        f"<{name}><langstring{lang}>{html.escape(text)}</langstring></{name}>"
        for name, text in said.items()
    )


def element(name: str, inner: str, said: Mapping[str, str | None]) -> str:
    return f"<{name}{attributes(said)}>{inner}</{name}>"


def au(inner: str = texts() + URL, **said: str | None) -> str:
    """Return a unit that must be completed."""
    return element("au", inner, {"id": "https://example.org/au/1", "moveOn": "Completed"} | said)


def block(inner: str, said_of_it: str = texts(), **said: str | None) -> str:
    """Return a block of what stands in it."""
    return element("block", said_of_it + inner, {"id": "https://example.org/block/1"} | said)


def objectives(*ids: str, attribute: str = "idref") -> str:
    """Return references to objectives, or with `id` the objectives themselves."""
    inner = texts() if attribute == "id" else ""
    each = "".join(element("objective", inner, {attribute: one}) for one in ids)
    return f"<objectives>{each}</objectives>"


def course(inner: str, said_of_it: str = texts(), **said: str | None) -> str:
    """Return a course structure, as text."""
    head = element("course", said_of_it, {"id": "https://example.org/course"} | said)
    return f'<courseStructure xmlns="{SPACE}">{head}{inner}</courseStructure>'


def read(text: str, names: Collection[str] | None = NAMES) -> Course:
    """Return the course that a structure says."""
    return structure.read(text.encode(), names)[0]


def found(text: str, names: Collection[str] | None = NAMES) -> list[tuple[str, str]]:
    """Return the codes of what is found in a structure, each with its place."""
    return [(each.code, each.place) for each in structure.read(text.encode(), names)[1]]


# --- values


def unit(key: str = "u1", move_on: str = MoveOn.COMPLETED, **parts: Any) -> Unit:
    """Return a unit with these parts."""
    iri = f"https://example.org/units/{key}"
    whole: dict[str, Any] = {"title": {"ja": f"単元 {key}"}, "description": {}, "url": "index.html"}
    return Unit(key, iri, **{**whole, "move_on": move_on, **parts})


def group(key: str, *children: Unit | Block) -> Block:
    """Return a block of these."""
    return Block(key, f"https://example.org/blocks/{key}", {"ja": f"章 {key}"}, {}, children)


def whole(*children: Unit | Block) -> Course:
    """Return a course of these."""
    return Course("cmi5", "https://example.org/course", {"ja": "講座"}, {}, children)


def known(**of_units: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a registration in which this is known of units."""
    document = standing.fresh()
    for key, parts in of_units.items():
        standing.noted(document, key).update(parts)
    return document


# --- sessions

ACTOR = {"account": {"homePage": "https://office.example.org", "name": "0190c7a1"}}
ACTIVITY = "https://office.example.org/activities/1"
PUBLISHER = "https://example.org/units/u1"
REGISTRATION = "0190c7a1-3f2e-7abc-8def-0123456789ab"
SESSION = "0190c7a1-aaaa-7abc-8def-0123456789ab"
#: As the specification writes them (9.5.5.1, 9.6.2, 9.6.3).
IN_SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
JUDGING = "https://w3id.org/xapi/cmi5/context/categories/moveon"
LOOKED = "https://example.org/verbs/looked"
#: What each verb of content must say of a result.
RESULTS: Mapping[str, dict[str, Any]] = {
    Verb.INITIALIZED: {},
    Verb.COMPLETED: {"completion": True, "duration": "PT10M"},
    Verb.PASSED: {"success": True, "duration": "PT10M"},
    Verb.FAILED: {"success": False, "duration": "PT10M"},
    Verb.TERMINATED: {"duration": "PT12M"},
}


def launched(of: Unit | None = None, mode: str = Mode.NORMAL) -> Session:
    """Return a session of a unit."""
    return Session(SESSION, REGISTRATION, ACTOR, of or unit(), ACTIVITY, mode)


def held(**parts: Any) -> Held:
    """Return what a statement is held against once its content has begun."""
    begun: dict[str, Any] = {
        "actor": ACTOR,
        "activity_id": ACTIVITY,
        "publisher_id": PUBLISHER,
        "registration": REGISTRATION,
        "session_id": SESSION,
        "mode": Mode.NORMAL,
        "mastery_score": None,
        "is_prepared": True,
        "said": frozenset({Verb.INITIALIZED}),
        "is_completed": False,
        "is_passed": False,
    }
    return Held(**{**begun, **parts})


def allowed(verb: str = LOOKED, *categories: str) -> dict[str, Any]:
    """Return a statement that cmi5 does not define, and allows."""
    return {
        "id": "0190c7a1-bbbb-7abc-8def-0123456789ab",
        "timestamp": "2026-11-23T04:00:00Z",
        "actor": fresh(ACTOR),
        "verb": {"id": str(verb)},
        "object": {"id": ACTIVITY},
        "context": {
            "registration": REGISTRATION,
            "contextActivities": {
                "grouping": [{"id": PUBLISHER}],
                "category": [{"id": each} for each in categories],
            },
            "extensions": {IN_SESSION: SESSION},
        },
    }


def defined(verb: str, **of_result: Any) -> dict[str, Any]:
    """Return a statement that cmi5 defines, and this of its result beside what it must say."""
    result = RESULTS.get(verb, {}) | of_result
    judging = [JUDGING] if result.keys() & {"success", "completion"} else []
    return allowed(verb, CMI5, *judging) | ({"result": fresh(result)} if result else {})
