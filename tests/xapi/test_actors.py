"""Agents and groups: by what they are known, and when they are the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.made import AMI, BUN, CHI, TEAM, refused
from xapi import actors

HASH = {"mbox_sha1sum": "AB" * 20}
NAMELESS = {"objectType": "Group", "member": [AMI, BUN]}
CLUB = {"objectType": "Group", "mbox": "mailto:club@example.org"}


@pytest.mark.parametrize("one", [AMI, BUN, CHI, HASH])
@pytest.mark.parametrize("more", [{}, {"objectType": "Agent"}, {"name": "架空 あみ"}])
def test_an_agent_has_one_identifier(one: dict[str, Any], more: dict[str, Any]) -> None:
    actors.agent({**one, **more})
    actors.actor({**one, **more})


@pytest.mark.parametrize(
    ("value", "rule", "place"),
    [
        ({}, "identifier", ()),
        ({"name": "架空"}, "identifier", ()),
        ({**AMI, **CHI}, "identifier", ()),
        ({**AMI, **BUN}, "identifier", ()),
        ({**CHI, **HASH}, "identifier", ()),
        ({**AMI, "member": [BUN]}, "unknown", ("member",)),
        ({**AMI, "Name": "x"}, "unknown", ("Name",)),
        ({**AMI, "objectType": "Person"}, "one_of", ("objectType",)),
        ({**AMI, "objectType": "agent"}, "one_of", ("objectType",)),
        ({**AMI, "objectType": ["Group"]}, "one_of", ("objectType",)),
        ({**AMI, "objectType": None}, "null", ("objectType",)),
        ({**AMI, "name": 1}, "string", ("name",)),
        ({"mbox": "ami@example.org"}, "mailto", ("mbox",)),
        ({"mbox": None}, "null", ("mbox",)),
        ({"mbox_sha1sum": "ab"}, "sha1", ("mbox_sha1sum",)),
        ({"openid": "chi"}, "iri", ("openid",)),
        ({"account": "bun"}, "object", ("account",)),
        ({"account": {"name": "bun"}}, "missing", ("account", "homePage")),
        ({"account": {"homePage": "https://example.org/"}}, "missing", ("account", "name")),
        ({"account": {"homePage": "example.org", "name": "b"}}, "iri", ("account", "homePage")),
        ({"account": {"homePage": "x:y", "name": 7}}, "string", ("account", "name")),
        ({"account": {"homePage": "x:y", "name": "b", "id": 1}}, "unknown", ("account", "id")),
        ([AMI], "object", ()),
        ("ami", "object", ()),
        (None, "object", ()),
    ],
)  # fmt: skip
def test_what_is_no_agent_is_refused(value: object, rule: str, place: tuple[str, ...]) -> None:
    assert refused(actors.agent, value) == (rule, place)
    assert refused(actors.actor, value) == (rule, place)


@pytest.mark.parametrize(
    "value",
    [
        NAMELESS,
        TEAM,
        CLUB,
        {**CLUB, "member": []},
        {**CLUB, "member": [AMI], "name": "架空部"},
        {"objectType": "Group", **BUN},
        {"objectType": "Group", **HASH, "member": [{"objectType": "Agent", **CHI}]},
    ],
)
def test_a_group_is_identified_or_its_members_are_told(value: object) -> None:
    actors.group(value)
    actors.actor(value)


@pytest.mark.parametrize(
    ("value", "rule", "place"),
    [
        ({"objectType": "Group"}, "members", ()),
        ({"objectType": "Group", "name": "架空班"}, "members", ()),
        ({"objectType": "Group", "member": []}, "members", ()),
        ({**CLUB, **CHI}, "identifier", ()),
        ({**TEAM, **CHI, **HASH}, "identifier", ()),
        ({**TEAM, "member": AMI}, "list", ("member",)),
        ({**TEAM, "member": [AMI, {}]}, "identifier", ("member", 1)),
        ({**TEAM, "member": [CLUB]}, "one_of", ("member", 0, "objectType")),
        ({**CLUB, "member": [NAMELESS]}, "one_of", ("member", 0, "objectType")),
        ({**TEAM, "members": []}, "unknown", ("members",)),
    ],
)
def test_a_group_without_members_or_with_groups_in_it_is_refused(
    value: object, rule: str, place: tuple[str | int, ...]
) -> None:
    assert refused(actors.group, value) == (rule, place)
    assert refused(actors.actor, value) == (rule, place)


def test_an_agent_is_no_group_and_a_group_no_agent() -> None:
    assert refused(actors.agent, CLUB) == ("one_of", ("objectType",))
    assert refused(actors.group, {"objectType": "Agent", **AMI}) == ("one_of", ("objectType",))
    assert refused(actors.group, AMI) == ("missing", ("objectType",))


@pytest.mark.parametrize("value", [AMI, {"objectType": "Agent", **BUN}, NAMELESS])
def test_an_authority_is_an_agent_or_two_together(value: object) -> None:
    actors.authority(value)


@pytest.mark.parametrize(
    "value",
    [
        CLUB,
        {**CLUB, "member": [AMI, BUN]},
        {**NAMELESS, "member": [AMI]},
        {**NAMELESS, "member": [AMI, BUN, CHI]},
    ],
)
def test_an_authority_is_no_other_group(value: object) -> None:
    assert refused(actors.authority, value) == ("authority", ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (AMI, {**AMI, "name": "架空", "objectType": "Agent"}),
        (AMI, {"mbox": "mailto:ami@EXAMPLE.org"}),
        (HASH, {"mbox_sha1sum": "ab" * 20}),
        (BUN, {"account": {"name": "bun", "homePage": "https://people.example.org/"}}),
    ],
)
def test_those_of_one_identifier_are_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert actors.identity(one) == actors.identity(other) is not None


def test_those_of_different_identifiers_are_different() -> None:
    home = "https://people.example.org/"
    all_of_them: list[dict[str, Any]] = [
        AMI,
        {"mbox": "mailto:Ami@example.org"},
        BUN,
        {"account": {"homePage": home, "name": "Bun"}},
        {"account": {"homePage": f"{home}bun", "name": ""}},
        CHI,
        {"openid": "mailto:ami@example.org"},
        HASH,
    ]
    assert len({actors.identity(each) for each in all_of_them}) == len(all_of_them)


def test_a_group_is_found_by_its_members_too() -> None:
    ami, bun = actors.identity(AMI), actors.identity(BUN)
    assert actors.identity(NAMELESS) is None
    assert list(actors.identities(NAMELESS)) == [ami, bun]
    assert list(actors.identities({**CLUB, "member": [AMI]})) == [actors.identity(CLUB), ami]
    assert list(actors.identities({**CLUB, "member": [NAMELESS]})) == [actors.identity(CLUB)]
    assert list(actors.identities(AMI)) == [ami]


@pytest.mark.parametrize(
    ("shown", "names", "told"),
    [
        (AMI, [], {"mbox": ["mailto:ami@example.org"]}),
        (BUN, ["架空 ぶん", "Bun"], {"name": ["架空 ぶん", "Bun"], "account": [BUN["account"]]}),
        ({**CHI, "name": "Chi"}, [], {"openid": ["https://chi.example.org/"]}),
        (HASH, ["x"], {"name": ["x"], "mbox_sha1sum": ["AB" * 20]}),
    ],
)
def test_a_person_is_told_in_lists(
    shown: dict[str, Any], names: list[str], told: dict[str, Any]
) -> None:
    assert actors.person(shown, names) == {"objectType": "Person", **told}
