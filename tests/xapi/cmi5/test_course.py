"""A course as values: what stands where in it, and the document that is stored of it."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.xapi.cmi5.made import group, unit, whole
from xapi.cmi5.course import (
    Block,
    Course,
    MoveOn,
    Unit,
    from_document,
    said,
    to_document,
    walk,
    within,
)

#: Two chapters, the second with a part of its own, and a test after them.
NESTED = whole(
    group("b1", unit("u1")),
    group("b2", unit("u2"), group("b3", unit("u3"), unit("u4")), unit("u5")),
    unit("u6"),
)
WORDS = st.dictionaries(st.sampled_from(["ja", "en-US", "und"]), st.text(max_size=4), max_size=2)
IDS = st.tuples() | st.tuples(st.text(max_size=4), st.just("https://example.org/o/1"))
MAYBE = st.none() | st.text(max_size=5)
UNITS = st.builds(
    Unit,
    *(st.text(max_size=4), st.text(max_size=4), WORDS, WORDS, st.text(max_size=9)),
    move_on=st.sampled_from(MoveOn),
    mastery_score=st.none() | st.floats(0, 1),
    own_window=st.booleans(),
    activity_type=MAYBE,
    launch_parameters=MAYBE,
    entitlement_key=MAYBE,
    objectives=IDS,
)


def _children(each: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(each, max_size=2).map(tuple)


NODES: st.SearchStrategy[Any] = st.recursive(
    UNITS,
    lambda inner: st.builds(
        Block, st.text(max_size=4), st.text(max_size=4), WORDS, WORDS, _children(inner), IDS
    ),
    max_leaves=3,
)
COURSES = st.builds(
    Course,
    st.sampled_from(["cmi5", "tincan"]),
    st.text(max_size=9),
    WORDS,
    WORDS,
    _children(NODES),
)


@settings(max_examples=40)
@given(COURSES)
def test_a_stored_course_is_read_as_the_same_course(course: Course) -> None:
    stored = json.dumps(to_document(course))
    assert from_document(json.loads(stored)) == course
    assert from_document(to_document(course)) == course


def test_a_document_shares_nothing_with_its_course() -> None:
    document = to_document(NESTED)
    document["title"]["en"] = "Course"
    document["children"][0]["children"][0]["title"]["en"] = "Unit"
    assert NESTED.title == {"ja": "講座"}
    assert NESTED.units[0].title == {"ja": "単元 u1"}


def test_a_deep_course_is_stored_as_a_flat_one() -> None:
    deep: Unit | Block = group("b0", *(unit(f"u{at}") for at in range(1500)))
    for at in range(1, 95):
        deep = group(f"b{at}", deep)
    assert from_document(to_document(whole(deep))) == whole(deep)


def test_a_course_never_changes() -> None:
    for each in (NESTED, *NESTED.units, *NESTED.blocks):
        with pytest.raises(FrozenInstanceError):
            each.id = "x:2"  # type: ignore[misc] # that is what is tried


def test_units_stand_in_order_wherever_they_are() -> None:
    assert [each.key for each in NESTED.units] == ["u1", "u2", "u3", "u4", "u5", "u6"]
    assert [each.key for each in walk(NESTED.children)] == [
        "b1", "u1", "b2", "u2", "b3", "u3", "u4", "u5", "u6",
    ]  # fmt: skip


def test_blocks_stand_behind_those_within_them() -> None:
    assert [each.key for each in NESTED.blocks] == ["b1", "b3", "b2"]


def test_a_block_holds_the_units_of_the_blocks_in_it_as_well() -> None:
    keys = {block.key: [each.key for each in within(block)] for block in NESTED.blocks}
    assert keys == {"b1": ["u1"], "b3": ["u3", "u4"], "b2": ["u2", "u3", "u4", "u5"]}


def test_a_unit_is_found_by_its_key_and_a_block_is_none() -> None:
    assert NESTED.unit("u4") == unit("u4")
    assert NESTED.unit("b1") is None
    assert NESTED.unit("u7") is None


@pytest.mark.parametrize(
    ("words", "languages", "text"),
    [
        ({}, ("ja", "en"), ""),
        ({"en-US": "Course", "ja": "講座"}, ("ja", "en"), "講座"),
        ({"en-US": "Course", "ja-JP": "講座"}, ("ja", "en"), "講座"),
        ({"de": "Kurs", "en": "Course"}, ("ja", "en"), "Course"),
        ({"de": "Kurs", "fr": "Cours"}, ("ja", "en"), "Kurs"),
        ({"ja": "講座", "en": "Course"}, ("en", "ja"), "Course"),
        ({"und": "題"}, (), "題"),
    ],
)
def test_a_text_is_said_in_the_language_that_is_wanted_most(
    words: dict[str, str], languages: tuple[str, ...], text: str
) -> None:
    assert said(words, languages) == text


def test_without_a_wish_japanese_is_wanted_most_and_english_after_it() -> None:
    assert said({"en": "Course", "ja": "講座"}) == "講座"
    assert said({"fr": "Cours", "en": "Course"}) == "Course"
