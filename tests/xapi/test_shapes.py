"""Shapes of objects, lists, maps and words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xapi.made import refused
from xapi.errors import Invalid
from xapi.shapes import Shape, extensions, language_map, listed, mapped, one_of
from xapi.values import number, text


def _in_order(value: object) -> None:
    assert isinstance(value, dict)
    if value["low"] > value.get("high", value["low"]):
        raise Invalid("range").within("high")


RANGE = Shape({"low": number, "unit": text}, {"high": number}, _in_order)


@pytest.mark.parametrize("value", [{"low": 1, "unit": "m"}, {"high": 2, "low": 1, "unit": ""}])
def test_an_object_of_its_shape_passes(value: Any) -> None:
    RANGE(value)


@pytest.mark.parametrize(
    ("value", "rule", "place"),
    [
        ([], "object", ()),
        (None, "object", ()),
        ("low", "object", ()),
        ({"low": 1, "unit": "m", "height": 2}, "unknown", ("height",)),
        ({"low": 1, "unit": "m", "High": 2}, "unknown", ("High",)),
        ({"low": "1", "unit": "m"}, "number", ("low",)),
        ({"low": 1, "unit": None}, "null", ("unit",)),
        ({"unit": "m"}, "missing", ("low",)),
        ({}, "missing", ("low",)),
        ({"low": 3, "unit": "m", "high": 2}, "range", ("high",)),
    ],
)
def test_an_object_of_another_shape_is_refused_at_its_place(
    value: object, rule: str, place: tuple[str, ...]
) -> None:
    assert refused(RANGE, value) == (rule, place)


def test_a_shape_with_no_names_takes_the_empty_object_alone() -> None:
    Shape()({})
    assert refused(Shape(), {"a": 1}) == ("unknown", ("a",))


@pytest.mark.parametrize(
    ("value", "rule", "place"),
    [
        ({"0": "a"}, "list", ()),
        ("ab", "list", ()),
        (["a"], "too_few", ()),
        (["a", "b", 3], "string", (2,)),
    ],
)
def test_a_list_is_refused_at_its_entry(value: object, rule: str, place: tuple[int, ...]) -> None:
    assert refused(listed(text, least=2), value) == (rule, place)


def test_a_list_may_be_empty_where_nobody_says_otherwise() -> None:
    listed(text)([])


@pytest.mark.parametrize(
    ("value", "rule", "place"),
    [
        (["a"], "object", ()),
        ({"a": "b", "c": 1}, "string", ("c",)),
        ({"d": "b"}, "one_of", ("d",)),
    ],
)
def test_a_map_is_refused_at_its_name(value: object, rule: str, place: tuple[str, ...]) -> None:
    assert refused(mapped(one_of("a", "c"), text), value) == (rule, place)


@pytest.mark.parametrize("value", ["A", "", None, 1, ["a"], {"a": 1}, True])
def test_another_word_is_refused(value: object) -> None:
    assert refused(one_of("a", "b"), value) == ("one_of", ())


@pytest.mark.parametrize("value", [{}, {"ja": "", "en-US": "x"}])
def test_words_are_by_their_languages(value: object) -> None:
    language_map(value)


@pytest.mark.parametrize(
    ("value", "rule"),
    [({"en_US": "x"}, "language"), ({"": "x"}, "language"), ({"ja": 1}, "string")],
)
def test_words_of_no_language_are_refused(value: dict[str, object], rule: str) -> None:
    assert refused(language_map, value) == (rule, tuple(value))


@pytest.mark.parametrize("value", [None, True, 1.5, "", [], {"null": None}, [[{}]]])
def test_an_extension_may_hold_anything(value: object) -> None:
    extensions({"https://example.org/ext": value})


@pytest.mark.parametrize("name", ["ext", "", "/ext", "example.org"])
def test_an_extension_is_named_by_an_iri(name: str) -> None:
    assert refused(extensions, {name: 1}) == ("iri", (name,))
