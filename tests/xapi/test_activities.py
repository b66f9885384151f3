"""Activities and their definitions: the kinds of interactions, and what is added to what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.made import CHOICES, COURSE, cut, fresh, put, refused, steps
from xapi import activities

ONE = [{"id": "a"}]
#: By the kind of an interaction, the lists that the table of 2.4.4.1 gives it.
ALLOWED = {
    "true-false": (),
    "choice": ("choices",),
    "fill-in": (),
    "long-fill-in": (),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "numeric": (),
    "other": (),
}


@pytest.mark.parametrize("value", [COURSE, {"objectType": "Activity", **COURSE}])
@pytest.mark.parametrize("definition", [{}, CHOICES, {"name": {"ja": "講座"}}])
def test_an_activity_has_an_id_and_may_be_defined(
    value: dict[str, Any], definition: dict[str, Any]
) -> None:
    activities.activity(value)
    activities.activity({**value, "definition": definition})


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("id", "course", "iri"),
        ("id", None, "null"),
        ("objectType", "activity", "one_of"),
        ("objectType", "Agent", "one_of"),
        ("name", "x", "unknown"),
        ("definition", [], "object"),
        ("definition/title", {}, "unknown"),
        ("definition/name", "講座", "object"),
        ("definition/name/ja_JP", "講座", "language"),
        ("definition/description/ja", None, "string"),
        ("definition/type", "course", "iri"),
        ("definition/moreInfo", "more", "iri"),
        ("definition/extensions", [], "object"),
        ("definition/extensions/ext", 1, "iri"),
        ("definition/interactionType", "choices", "one_of"),
        ("definition/interactionType", "Choice", "one_of"),
        ("definition/correctResponsesPattern", "a", "list"),
        ("definition/correctResponsesPattern/1", 1, "string"),
        ("definition/choices", {"a": "b"}, "list"),
        ("definition/choices/1", "b", "object"),
        ("definition/choices/1/id", 1, "string"),
        ("definition/choices/0/description", "甲", "object"),
        ("definition/choices/0/name", "甲", "unknown"),
        ("definition/choices/0/description", None, "null"),
    ],
)
def test_a_part_of_another_kind_is_refused(place: str, value: object, rule: str) -> None:
    whole = put({**COURSE, "definition": fresh(CHOICES)}, place, value)
    assert refused(activities.activity, whole) == (rule, steps(place))


@pytest.mark.parametrize("place", ["id", "definition/choices/1/id"])
def test_an_id_may_not_be_missing(place: str) -> None:
    whole = cut({**COURSE, "definition": fresh(CHOICES)}, place)
    assert refused(activities.activity, whole) == ("missing", steps(place))


@pytest.mark.parametrize("kind", ALLOWED)
def test_an_interaction_has_the_lists_of_its_kind(kind: str) -> None:
    said = {"interactionType": kind, "correctResponsesPattern": []}
    for name in activities.LISTS:
        if name in ALLOWED[kind]:
            activities.definition({**said, name: ONE})
        else:
            found = refused(activities.definition, {**said, name: ONE})
            assert found == ("interaction_list", (name,))


def test_responses_belong_to_an_interaction() -> None:
    missing = ("missing", ("interactionType",))
    assert refused(activities.definition, {"correctResponsesPattern": ["a"]}) == missing
    assert refused(activities.definition, {"choices": ONE}) == ("interaction_list", ("choices",))


def test_no_id_comes_twice_in_a_list() -> None:
    value = {"interactionType": "matching", "source": ONE, "target": ONE}
    activities.definition(value)
    twice = {**value, "target": [*ONE, {"id": "b"}, *ONE]}
    assert refused(activities.definition, twice) == ("same_id", ("target",))


@pytest.mark.parametrize(
    ("known", "said", "merged"),
    [
        ({}, {"type": "x:y"}, {"type": "x:y"}),
        ({"type": "x:y"}, {}, {"type": "x:y"}),
        ({"type": "x:y"}, {"type": "x:z"}, {"type": "x:z"}),
        ({"name": {"ja": "甲"}}, {"name": {"en": "A"}}, {"name": {"ja": "甲", "en": "A"}}),
        ({"name": {"ja": "甲"}}, {"name": {"ja": "乙"}}, {"name": {"ja": "乙"}}),
        ({"extensions": {"x:a": 1}}, {"extensions": {"x:b": 2}},
         {"extensions": {"x:a": 1, "x:b": 2}}),
        ({"description": {"ja": "甲"}}, {"name": {"ja": "乙"}},
         {"description": {"ja": "甲"}, "name": {"ja": "乙"}}),
        ({"choices": ONE}, {"choices": [{"id": "b"}]}, {"choices": [{"id": "b"}]}),
    ],
)  # fmt: skip
def test_words_are_added_and_all_else_replaced(
    known: dict[str, Any], said: dict[str, Any], merged: dict[str, Any]
) -> None:
    before = fresh(known), fresh(said)
    assert activities.merged(known, said) == merged
    assert (known, said) == before
