"""What a manifest says survives being stored, and is walked in the order of its document."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorm.edition import Edition
from scorm.structure import (
    CompletionThreshold,
    DataMap,
    Item,
    Manifest,
    Organization,
    Resource,
    from_document,
    leaves,
    to_document,
    walk,
)
from tests.scorm.sequencing.courses import sequencings

WORDS = st.text(max_size=5)
ABSENT_OR_WORDS = st.none() | WORDS
TYPES = st.sampled_from(["sco", "asset", None])
THRESHOLDS = st.none() | st.builds(CompletionThreshold, st.booleans(), WORDS)
SEQUENCINGS = st.none() | sequencings()
ITEMS = st.recursive(
    st.builds(
        Item,
        WORDS,
        WORDS,
        href=ABSENT_OR_WORDS,
        resource_type=TYPES,
        launch_data=ABSENT_OR_WORDS,
        completion_threshold=THRESHOLDS,
        sequencing=SEQUENCINGS,
        hide_lms_ui=st.lists(WORDS, max_size=2).map(tuple),
        shared_data=st.lists(st.builds(DataMap, WORDS, st.booleans()), max_size=2).map(tuple),
    ),
    lambda below: st.builds(Item, WORDS, WORDS, children=st.lists(below, max_size=3).map(tuple)),
    max_leaves=5,
)
ORGANIZATIONS = st.builds(
    Organization,
    WORDS,
    WORDS,
    st.lists(ITEMS, max_size=3).map(tuple),
    sequencing=SEQUENCINGS,
    completion_threshold=THRESHOLDS,
    objectives_global=st.booleans(),
    shared_data_global=st.booleans(),
)
SOME_WORDS = st.lists(WORDS, max_size=2).map(tuple)
MANIFESTS = st.builds(
    Manifest,
    st.sampled_from(Edition),
    ABSENT_OR_WORDS,
    WORDS,
    ABSENT_OR_WORDS,
    st.lists(ORGANIZATIONS, max_size=2).map(tuple),
    st.lists(
        st.builds(Resource, WORDS, ABSENT_OR_WORDS, TYPES, SOME_WORDS, SOME_WORDS), max_size=2
    ).map(tuple),
    SOME_WORDS,
    st.integers(0, 9),
)


@settings(max_examples=25, deadline=None)
@given(MANIFESTS)
def test_what_is_stored_comes_back_the_same(manifest):
    assert from_document(json.loads(json.dumps(to_document(manifest)))) == manifest


def test_a_manifest_that_was_stored_before_its_sequencing_was_read_comes_back_without():
    organization = Organization("o", "O", (Item("a", "A"),))
    manifest = Manifest(Edition.SCORM_2004_4, None, "m", None, (organization,), ())
    document = to_document(manifest)
    [stored] = document["organizations"]
    for name in ("sequencing", "completion_threshold", "objectives_global", "shared_data_global"):
        del stored[name]
    del stored["items"][0]["sequencing"]
    assert from_document(document) == manifest


@pytest.mark.parametrize(
    ("default", "expected"), [("second", "second"), ("absent", "first"), (None, "first")]
)
def test_the_default_course_is_offered_or_else_the_first(default, expected):
    courses = (Organization("first", "一", ()), Organization("second", "二", ()))
    manifest = Manifest(Edition.SCORM_12, "1.2", "M", default, courses, ())
    offered = next(o for o in courses if o.identifier == expected)
    assert (manifest.organization, manifest.title) == (offered, offered.title)


def test_a_manifest_without_courses_offers_none_and_has_no_title():
    manifest = Manifest(Edition.SCORM_12, "1.2", "M", "O", (), ())
    assert (manifest.organization, manifest.title) == (None, "")


def test_items_are_walked_in_the_order_of_the_document():
    inner = Item("b", "", href="b.html")
    items = (Item("a", "", href="a.html", children=(Item("c", "", children=(inner,)),)),)
    assert [item.identifier for item in walk(items)] == ["a", "c", "b"]
    assert [item.identifier for item in leaves(Organization("O", "", items))] == ["a", "b"]


@pytest.mark.parametrize(
    ("href", "expected"),
    [("index.html", ("index.html", "a.png", "b.png")), (None, ("a.png", "b.png"))],
)
def test_the_addresses_of_a_resource_are_its_own_and_its_files(href, expected):
    assert Resource("R", href, "sco", ("a.png", "b.png"), ()).addresses == expected


@pytest.mark.parametrize("edition", Edition)
def test_every_edition_but_the_first_is_of_2004(edition):
    assert edition.is_2004 == edition.value.startswith("2004")
