"""A broken rule says where it is broken, and what was there."""

from __future__ import annotations

import pytest

from xapi.errors import Invalid


def test_a_place_grows_from_the_inside_out() -> None:
    error = Invalid("mailto").within("mbox").within(1).within("member").within("team")
    assert error.place == ("team", "member", 1, "mbox")
    assert error.path == "team.member[1].mbox"


@pytest.mark.parametrize(
    ("place", "path"),
    [((), ""), ((0,), "[0]"), ((0, "actor"), "[0].actor"), (("a", 0, 1), "a[0][1]")],
)
def test_a_place_is_written_as_in_javascript(place: tuple[str | int, ...], path: str) -> None:
    error = Invalid("object")
    for step in reversed(place):
        error.within(step)
    assert error.path == path


def test_neither_a_place_nor_what_was_found_is_told_without_end() -> None:
    error = Invalid("iri", "x" * 5000).within("y" * 5000)
    assert len(error.path) == 200
    assert error.found == "x" * 200 + "…"


@pytest.mark.parametrize(
    ("found", "told"), [(None, ""), ("", ""), ("a", "a"), (3, "3"), ([1, "b"], "[1, 'b']")]
)
def test_what_was_found_is_told_as_it_stood(found: object, told: str) -> None:
    assert Invalid("object", found).found == told


def test_a_broken_rule_is_known_by_its_code() -> None:
    assert str(Invalid("uuid", "x")) == "uuid"
