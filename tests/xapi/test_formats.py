"""How a statement is shown: in one language, or by ids alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.made import (
    AMI,
    BUN,
    CHI,
    CHOICES,
    COURSE,
    REFERENCE,
    TEAM,
    VERB,
    full,
    letters,
    relations,
    statement,
    within,
)
from xapi import formats
from xapi.statement import Version

NAMED = {"name": "架空", "objectType": "Agent"}
WORDS = {"ja": "甲", "en-US": "A", "de": "Ä"}


def _canonical(
    value: dict[str, Any], known: dict[str, Any] | None = None, *languages: str
) -> dict[str, Any]:
    text = formats.canonical(letters(value).decode(), known or {}, languages)
    return dict(json.loads(text))


def _ids(value: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(formats.ids(letters(value).decode())))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([], "ja"),
        (["fr"], "ja"),
        (["de"], "de"),
        (["DE"], "de"),
        (["de-AT"], "de"),
        (["en"], "en-US"),
        (["en-us"], "en-US"),
        (["en-GB"], "en-US"),
        (["e"], "ja"),
        (["fr", "de", "ja"], "de"),
        (["ja-Hira-JP"], "ja"),
    ],
)
def test_the_language_that_is_wanted_most_is_shown(wanted: list[str], found: str) -> None:
    assert formats.preferred(WORDS, wanted) == {found: WORDS[found]}


def test_where_there_are_no_words_none_are_shown() -> None:
    assert formats.preferred({}, ["ja"]) == {}


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", []),
        ("ja", ["ja"]),
        ("ja, en", ["ja", "en"]),
        ("en;q=0.5, ja, de;q=0.9", ["ja", "de", "en"]),
        ("en;q=0, ja;q=0.1", ["ja"]),
        ("*, ja;q=0.5", ["ja"]),
        ("ja;q=much, en", ["en"]),
        (" en-US ; q=0.3 ,, ja ;q=0.3", ["en-US", "ja"]),
    ],
)
def test_a_header_names_languages_by_their_weight(header: str, languages: list[str]) -> None:
    assert formats.languages_of(header) == languages


@settings(max_examples=30)
@given(st.text(alphabet="enja-*;q=0.19, ", max_size=30))
def test_no_header_is_too_odd(header: str) -> None:
    assert all(formats.languages_of(header))


def test_a_definition_of_the_store_stands_for_the_one_that_came() -> None:
    known = {COURSE["id"]: {"name": {"ja": "講座", "en": "Course"}, "type": "x:course"}}
    shown = _canonical(statement(object={**COURSE, "definition": CHOICES}), known, "en")
    assert shown["object"]["definition"] == {"name": {"en": "Course"}, "type": "x:course"}
    shown = _canonical(statement(), known)
    assert shown["object"]["definition"] == {"name": {"ja": "講座"}, "type": "x:course"}
    assert _canonical(statement()) == statement()


def test_every_map_of_words_is_shown_in_one_language_of_its_own() -> None:
    shown = _canonical(statement(object={**COURSE, "definition": CHOICES}), {}, "en")
    assert shown["object"]["definition"] == {
        **CHOICES,
        "name": {"en": "One"},
        "description": {"ja": "どれか"},
        "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [("likert", "scale"), ("matching", "source"), ("matching", "target"), ("performance", "steps")],
)
def test_the_parts_of_an_interaction_are_shown_in_one_language(kind: str, name: str) -> None:
    definition = {"interactionType": kind, name: [{"id": "a", "description": WORDS}]}
    shown = _canonical(statement(object={**COURSE, "definition": definition}), {}, "de")
    assert shown["object"]["definition"][name] == [{"id": "a", "description": {"de": "Ä"}}]


def test_a_verb_is_shown_in_one_language_also_within() -> None:
    verb = {**VERB, "display": WORDS}
    shown = _canonical({**within(verb=verb), "verb": verb}, {}, "de")
    assert shown["verb"] == shown["object"]["verb"] == {**VERB, "display": {"de": "Ä"}}


def test_activities_around_and_within_are_shown_in_one_language() -> None:
    known = {"x:around": {"name": WORDS}}
    around = {"contextActivities": {"parent": [{"id": "x:around"}], "other": [COURSE]}}
    value = within(context=around, object={"id": "x:around"}) | {"context": around}
    shown = _canonical(value, known, "de")
    expected = {"id": "x:around", "definition": {"name": {"de": "Ä"}}}
    assert shown["object"]["object"] == expected
    for each in (shown, shown["object"]):
        assert each["context"]["contextActivities"] == {"parent": [expected], "other": [COURSE]}


@pytest.mark.parametrize("thing", [REFERENCE, {"objectType": "Agent", **BUN}, TEAM])
def test_people_and_references_are_shown_as_they_came(thing: dict[str, Any]) -> None:
    value = statement(actor={**AMI, **NAMED}, object=thing, context={"team": TEAM})
    assert _canonical(value, {}, "en") == value


def test_ids_leave_out_what_only_describes() -> None:
    verb = {**VERB, "display": WORDS}
    value = statement(verb=verb, actor={**AMI, **NAMED}, object={**COURSE, "definition": CHOICES})
    assert _ids(value) == statement(actor={**AMI, "objectType": "Agent"})


def test_ids_of_a_group_are_its_own_or_its_members() -> None:
    members = [{**AMI, "name": "架空"}, BUN]
    club = {"objectType": "Group", **CHI, "name": "架空部"}
    assert _ids(statement(actor={**club, "member": members}))["actor"] == {
        "objectType": "Group",
        **CHI,
    }
    nameless = {"objectType": "Group", "name": "架空班", "member": members}
    assert _ids(statement(actor=nameless))["actor"] == {"objectType": "Group", "member": [AMI, BUN]}


@pytest.mark.parametrize(
    ("thing", "shown"),
    [
        ({**BUN, **NAMED}, {**BUN, "objectType": "Agent"}),
        (TEAM, {"objectType": "Group", "member": [AMI, BUN]}),
        (REFERENCE, REFERENCE),
    ],
)
def test_ids_of_what_a_statement_is_about(thing: dict[str, Any], shown: dict[str, Any]) -> None:
    assert _ids(statement(object=thing))["object"] == shown
    assert _ids(within(object=thing))["object"]["object"] == shown


def test_ids_of_all_who_are_named_around() -> None:
    team = {"objectType": "Group", "member": [AMI, BUN]}
    about = {"instructor": {**CHI, "name": "架空"}, "team": TEAM, **relations()}
    shown = _ids(statement(context=about, authority={**BUN, "name": "架空"}))
    assert shown["authority"] == BUN
    assert shown["context"] == {
        "instructor": CHI,
        "team": team,
        "contextAgents": relations()["contextAgents"],
        "contextGroups": [{"objectType": "contextGroup", "group": team}],
    }
    inner = _ids(within(context=about))["object"]["context"]
    assert inner == shown["context"]


def test_ids_of_activities_around_are_alone() -> None:
    described = {**COURSE, "definition": CHOICES}
    around = {"contextActivities": {"grouping": [described, COURSE]}}
    assert _ids(statement(context=around))["context"] == {
        "contextActivities": {"grouping": [COURSE, COURSE]}
    }


def test_what_is_not_about_words_or_people_is_shown_as_it_came() -> None:
    value = full(Version.NEW)
    value["context"]["contextActivities"]["parent"] = [COURSE]
    for shown in (_canonical(value, {}, "ja"), _ids(value)):
        for name in ("id", "result", "timestamp", "stored", "version", "attachments"):
            assert shown[name] == value[name]
