"""Statements made for tests: small, whole, and changed at one place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from xapi.errors import Invalid
from xapi.reading import Read, read
from xapi.statement import VOIDED, Version

ID = "0190c7a1-3f2e-7abc-8def-0123456789ab"
OTHER_ID = "0190c7a1-3f2e-7abc-8def-ba9876543210"
AMI = {"mbox": "mailto:ami@example.org"}
BUN = {"account": {"homePage": "https://people.example.org/", "name": "bun"}}
CHI = {"openid": "https://chi.example.org/"}
TEAM = {"objectType": "Group", "name": "架空班", "member": [AMI, BUN]}
VERB = {"id": "https://example.org/verbs/finished"}
COURSE = {"id": "https://example.org/courses/1"}
REFERENCE = {"objectType": "StatementRef", "id": OTHER_ID}
VOIDING = {"id": VOIDED}
EXTENSIONS = {"https://example.org/ext": {"any": [None, 1.5, "所"]}}
SHA2 = "ab" * 32
ATTACHMENT = {
    "usageType": "https://example.org/usage/essay",
    "display": {"ja": "作文", "en": "Essay"},
    "contentType": "text/plain; charset=utf-8",
    "length": 5,
    "sha2": SHA2,
}
CHOICES = {
    "name": {"ja": "問一", "en": "One"},
    "description": {"ja": "どれか"},
    "type": "https://example.org/types/question",
    "moreInfo": "https://example.org/more",
    "interactionType": "choice",
    "correctResponsesPattern": ["a[,]b", "a"],
    "choices": [{"id": "a", "description": {"ja": "甲", "en": "A"}}, {"id": "b"}],
    "extensions": EXTENSIONS,
}
Place = tuple[str | int, ...]
_Answer = TypeVar("_Answer")


def fresh(value: Any) -> Any:
    """Return a copy that shares nothing with the value."""
    return json.loads(json.dumps(value))


def statement(**parts: Any) -> dict[str, Any]:
    """Return the least statement there is, with these parts."""
    return dict(fresh({"actor": AMI, "verb": VERB, "object": COURSE} | parts))


def within(**parts: Any) -> dict[str, Any]:
    """Return a statement about a statement within it, which has these parts."""
    return statement(object={"objectType": "SubStatement", **statement(**parts)})


def context() -> dict[str, Any]:
    """Return a context with all that both versions know."""
    return {
        "registration": ID,
        "instructor": CHI,
        "team": TEAM,
        "contextActivities": {
            "parent": {"id": "https://example.org/parent"},
            "grouping": [{"id": "https://example.org/g1"}, {"id": "https://example.org/g2"}],
            "category": [],
            "other": [{"objectType": "Activity", "id": "https://example.org/other"}],
        },
        "revision": "3",
        "platform": "架空学習",
        "language": "ja-JP",
        "statement": REFERENCE,
        "extensions": EXTENSIONS,
    }


def relations() -> dict[str, Any]:
    """Return what 2.0 alone knows of a context."""
    kinds = ["https://example.org/roles/guide"]
    return {
        "contextAgents": [{"objectType": "contextAgent", "agent": AMI, "relevantTypes": kinds}],
        "contextGroups": [{"objectType": "contextGroup", "group": TEAM}],
    }


def full(version: Version = Version.OLD) -> dict[str, Any]:
    """Return a statement that has every part."""
    return statement(
        id=ID,
        actor={"objectType": "Agent", "name": "架空 あみ", **AMI},
        verb={**VERB, "display": {"ja": "終えた", "en": "finished"}},
        object={"objectType": "Activity", **COURSE, "definition": CHOICES},
        result={
            "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10.5},
            "success": True,
            "completion": False,
            "response": "a",
            "duration": "PT1M2.345S",
            "extensions": EXTENSIONS,
        },
        context=context() | (relations() if version is Version.NEW else {}),
        timestamp="2026-11-23T13:00:00.5+09:00",
        stored="2026-11-23T04:00:01Z",
        authority=BUN,
        version=version.unsaid,
        attachments=[{**ATTACHMENT, "description": {"en": "Mine"}, "fileUrl": COURSE["id"]}],
    )


def steps(said: str) -> Place:
    """Return the place that names and numbers between strokes lead to."""
    return tuple(int(step) if step.isdecimal() else step for step in said.split("/"))


def put(whole: Any, said: str, value: Any) -> Any:
    """Return a whole with this at a place."""
    *path, last = steps(said)
    part = whole
    for step in path:
        part = part[step]
    part[last] = value
    return whole


def cut(whole: Any, said: str) -> Any:
    """Return a whole without what is at a place."""
    *path, last = steps(said)
    part = whole
    for step in path:
        part = part[step]
    del part[last]
    return whole


def letters(value: Any) -> bytes:
    """Return what is sent of a value."""
    return json.dumps(value, ensure_ascii=False).encode()


def came(value: Any) -> Read:
    """Return a statement as it is read."""
    found, _ = read(letters(value))
    return found[0]


def tried(act: Callable[..., _Answer], *given: Any) -> _Answer | Invalid:
    """Return what a call answers, or the rule that it breaks; whatever else it raises passes."""
    try:
        return act(*given)
    except Invalid as broken:
        return broken


def refused(act: Callable[..., object], *given: Any, **named: Any) -> tuple[str, Place]:
    """Return the rule that a call breaks, and where."""
    with pytest.raises(Invalid) as caught:
        act(*given, **named)
    return caught.value.rule, caught.value.place
