"""A course as it is played: its leaves, what it shares, and what a player may offer."""

import pytest

from scorm.course import Controls, Course
from scorm.edition import Edition
from scorm.structure import DataMap, Item, Organization


def leaf(identifier: str, *buckets: str) -> Item:
    maps = tuple(DataMap(bucket) for bucket in buckets)
    return Item(identifier, identifier, href="x.html", shared_data=maps)


def course(edition: Edition, *, is_global: bool = True) -> Course:
    items = (leaf("a", "h", "g"), Item("m", "まとまり", children=(leaf("b", "g"),)))
    return Course.of(edition, Organization("O", "講座", items, shared_data_global=is_global))


@pytest.mark.parametrize("edition", Edition)
def test_a_course_has_its_leaves_by_identifier_and_from_2004_on_a_tree(edition: Edition) -> None:
    found = course(edition)
    assert [*found.items] == ["a", "b"]
    assert found.title == "講座"
    assert (found.tree is not None) == edition.is_2004
    assert found.shared_objectives == []


@pytest.mark.parametrize(
    ("edition", "is_global", "expected"),
    [
        (Edition.SCORM_2004_4, True, ["g", "h"]),
        (Edition.SCORM_2004_4, False, []),
        (Edition.SCORM_2004_3, True, []),
        (Edition.SCORM_12, True, []),
    ],
)
def test_buckets_are_shared_beyond_the_course_from_the_fourth_edition_on(
    edition: Edition, is_global: bool, expected: list[str]
) -> None:
    assert course(edition, is_global=is_global).shared_data == expected


def test_the_controls_answer_content_and_player() -> None:
    found = Controls(can_continue=True, choices=("a", "b"), jumps=("c",), hidden=("d",))
    assert found.as_requests() == {
        "continue": "true",
        "previous": "false",
        "choice": "a b",
        "jump": "c",
    }
    assert found.as_document() == {
        "continue": True,
        "previous": False,
        "choices": ["a", "b"],
        "jumps": ["c"],
        "hidden": ["d"],
    }
    assert Controls(can_go_back=True).as_requests()["previous"] == "true"
