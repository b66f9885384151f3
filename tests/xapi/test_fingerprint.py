"""When two statements are the same: by what they say, not by what a store may add or change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.made import (
    AMI,
    ATTACHMENT,
    BUN,
    CHI,
    COURSE,
    ID,
    OTHER_ID,
    REFERENCE,
    TEAM,
    cut,
    fresh,
    full,
    put,
    statement,
    within,
)
from xapi.statement import Version
from xapi.storing import fingerprint


def _whole() -> dict[str, Any]:
    return full(Version.NEW)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("id", OTHER_ID),
        ("stored", "2020-01-01T00:00:00Z"),
        ("timestamp", "2020-01-01T00:00:00Z"),
        ("authority", CHI),
        ("version", "1.0.3"),
        ("attachments", [{**ATTACHMENT, "sha2": "00" * 32}]),
        ("actor", {**AMI, "name": "別名"}),
        ("actor/mbox", "mailto:ami@EXAMPLE.ORG"),
        ("verb/display", {"en": "done"}),
        ("object/definition", {"name": {"en": "Another"}}),
        ("object", COURSE),
        ("result/duration", "PT1M2.349S"),
        ("context/registration", ID.upper()),
        ("context/language", "ja-jp"),
        ("context/statement/id", REFERENCE["id"].upper()),
        ("context/instructor", {**CHI, "objectType": "Agent", "name": "架空 ちい"}),
        ("context/team", {**TEAM, "name": "別班", "member": [BUN, {**AMI, "name": "あ"}]}),
        ("context/contextActivities/parent", [{"id": "https://example.org/parent"}]),
        ("context/contextActivities/grouping",
         [{"id": "https://example.org/g2", "definition": {}}, {"id": "https://example.org/g1"}]),
        ("context/contextAgents/0/agent", {**AMI, "name": "あ"}),
        ("context/contextGroups/0/group/member", [BUN, AMI]),
    ],
)  # fmt: skip
def test_what_a_store_may_change_is_not_compared(place: str, value: Any) -> None:
    changed = put(_whole(), place, fresh(value))
    assert changed != _whole()
    assert fingerprint(changed) == fingerprint(_whole())


@pytest.mark.parametrize(
    "name", ["id", "stored", "timestamp", "authority", "version", "attachments"]
)
def test_what_a_store_may_add_is_not_missed(name: str) -> None:
    assert fingerprint(cut(_whole(), name)) == fingerprint(_whole())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("actor", BUN),
        ("actor", {"objectType": "Group", **AMI}),
        ("actor/mbox", "mailto:other@example.org"),
        ("verb/id", "https://example.org/verbs/began"),
        ("object/id", "https://example.org/courses/2"),
        ("object", {"objectType": "Agent", **BUN}),
        ("object", TEAM),
        ("object", REFERENCE),
        ("result/success", False),
        ("result/response", "b"),
        ("result/score/scaled", 0.51),
        ("result/duration", "PT1M2.35S"),
        ("result/duration", "PT62.34S"),
        ("result/extensions", {}),
        ("context/registration", OTHER_ID),
        ("context/platform", "別"),
        ("context/language", "en"),
        ("context/statement/id", ID),
        ("context/instructor", BUN),
        ("context/team/member", [AMI]),
        ("context/contextActivities/category", [COURSE]),
        ("context/contextActivities/parent", {"id": "https://example.org/other"}),
        ("context/contextAgents/0/agent", BUN),
        ("context/contextAgents/0/relevantTypes", ["x:y"]),
        ("context/contextGroups", []),
    ],
)
def test_what_a_statement_says_is_compared(place: str, value: Any) -> None:
    assert fingerprint(put(_whole(), place, value)) != fingerprint(_whole())


@pytest.mark.parametrize("name", ["result", "context", "result/duration", "context/registration"])
def test_what_is_not_said_is_missed(name: str) -> None:
    assert fingerprint(cut(_whole(), name)) != fingerprint(_whole())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"timestamp": "2026-11-23T13:00:00+09:00"}, {"timestamp": "2026-11-23T04:00:00.000Z"}),
        ({"attachments": [ATTACHMENT]}, {}),
        ({"verb": {"id": "x:y", "display": {"en": "did"}}}, {"verb": {"id": "x:y"}}),
        ({"object": REFERENCE}, {"object": {**REFERENCE, "id": REFERENCE["id"].upper()}}),
        ({"object": {**COURSE, "definition": {}}}, {"object": COURSE}),
        ({"actor": TEAM}, {"actor": {**TEAM, "name": "別班"}}),
    ],
)
def test_statements_within_are_the_same_in_the_same_way(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert fingerprint(within(**one)) == fingerprint(within(**other))


def test_statements_within_differ_in_what_they_say() -> None:
    values = [
        within(),
        within(verb={"id": "x:y"}),
        within(object=REFERENCE),
        within(timestamp="2026-11-23T04:00:00Z"),
        within(timestamp="2026-11-23T04:00:01Z"),
        within(result={"success": True}),
        statement(),
    ]
    assert len({fingerprint(each) for each in values}) == len(values)


def test_a_fingerprint_has_32_bytes_in_whatever_order_the_parts_came() -> None:
    value = _whole()
    turned = dict(reversed(value.items()))
    turned["context"] = dict(reversed(turned["context"].items()))
    assert fingerprint(turned) == fingerprint(value)
    assert len(fingerprint(value)) == 32
