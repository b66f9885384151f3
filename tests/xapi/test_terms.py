"""By what a statement is found: what each filter of a query asks for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.made import (
    AMI,
    BUN,
    CHI,
    COURSE,
    ID,
    REFERENCE,
    TEAM,
    VERB,
    full,
    statement,
    within,
)
from xapi import terms
from xapi.actors import identity
from xapi.statement import Version

AMIS, BUNS, CHIS = (str(identity(each)) for each in (AMI, BUN, CHI))
GIN = {"mbox": "mailto:gin@example.org"}
GINS = str(identity(GIN))
CLUB = {"objectType": "Group", "mbox": "mailto:club@example.org", "member": [GIN]}
CLUBS = str(identity(CLUB))


def _of(value: dict[str, Any], kind: str) -> set[str]:
    return {said for each, said in terms.of(value) if each == kind}


def test_the_least_statement_is_found_by_who_did_what() -> None:
    assert terms.of(statement()) == {
        ("verb", VERB["id"]),
        ("agent", AMIS),
        ("any_agent", AMIS),
        ("activity", COURSE["id"]),
        ("any_activity", COURSE["id"]),
    }


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({}, {AMIS}),
        ({"actor": TEAM}, {AMIS, BUNS}),
        ({"actor": CLUB}, {CLUBS, GINS}),
        ({"object": {"objectType": "Agent", **BUN}}, {AMIS, BUNS}),
        ({"object": CLUB}, {AMIS, CLUBS, GINS}),
        ({"object": REFERENCE}, {AMIS}),
        ({"context": {"instructor": BUN, "team": CLUB}, "authority": CHI}, {AMIS}),
    ],
)
def test_an_agent_is_the_actor_or_the_object_or_a_member(
    parts: dict[str, Any], found: set[str]
) -> None:
    assert _of(statement(**parts), "agent") == found


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"context": {"instructor": BUN}}, {BUNS}),
        ({"context": {"instructor": CLUB}}, {CLUBS, GINS}),
        ({"context": {"team": CLUB}}, {CLUBS, GINS}),
        ({"context": {"contextAgents": [{"agent": BUN}, {"agent": GIN}]}}, {BUNS, GINS}),
        ({"context": {"contextGroups": [{"group": CLUB}]}}, {CLUBS, GINS}),
    ],
)
def test_any_agent_is_whoever_is_named_around(parts: dict[str, Any], found: set[str]) -> None:
    value = statement(**parts)
    assert _of(value, "any_agent") == {AMIS, *found}
    inner = within(actor=GIN, **parts)
    assert _of(inner, "any_agent") == {AMIS, GINS, *found}
    assert _of(inner, "agent") == {AMIS}


def test_any_agent_is_also_whom_a_statement_within_is_about() -> None:
    inner = within(object={"objectType": "Agent", **BUN})
    assert _of(inner, "any_agent") >= {AMIS, BUNS}


def test_an_authority_is_told_apart() -> None:
    assert _of(statement(authority=TEAM), "authority") == {AMIS, BUNS}
    assert _of(statement(), "authority") == set()
    assert _of(statement(authority=CHI), "any_agent") == {AMIS, CHIS}


def test_a_statement_is_not_found_by_the_verb_or_registration_of_one_within() -> None:
    value = within(verb={"id": "https://example.org/verbs/planned"}, context={"registration": ID})
    assert _of(value, "verb") == {VERB["id"]}
    assert _of(value, "registration") == set()
    assert _of(value, "activity") == set()


def test_a_registration_is_the_same_in_large_letters() -> None:
    assert _of(statement(context={"registration": ID.upper()}), "registration") == {ID}
    assert _of(statement(context={}), "registration") == set()


def test_any_activity_is_whichever_is_named_around() -> None:
    around = {f"https://example.org/{name}" for name in ("parent", "g1", "g2", "other")}
    assert _of(full(), "any_activity") == {COURSE["id"], *around}
    assert _of(full(), "activity") == {COURSE["id"]}
    inner = within(object={"id": "x:inner"}, context=full()["context"])
    assert _of(inner, "any_activity") == {"x:inner", *around}


def test_every_activity_that_is_named_is_told_with_its_definition() -> None:
    value = full(Version.NEW)
    assert terms.activities(value)[0] == value["object"]
    assert len(terms.activities(value)) == 5
    assert terms.activities(statement(object=REFERENCE)) == []
