"""Flow and choice lead through the leaves in their order."""

import pytest

from scorm.navigation import deliver, valid_requests
from scorm.structure import Item, Organization


def page(identifier: str) -> Item:
    return Item(identifier, identifier, href=f"{identifier}.html", resource_type="sco")


COURSE = Organization(
    "O",
    "講座",
    (page("a"), Item("cluster", "まとまり", children=(page("b"), Item("empty", "空"))), page("c")),
)
EMPTY = Organization("O", "講座", (Item("cluster", "まとまり"),))


@pytest.mark.parametrize(
    ("current", "request_", "expected"),
    [
        (None, "start", "a"),
        ("b", "start", "b"),
        (None, "resume", "a"),
        ("b", "resume", "b"),
        ("a", "continue", "b"),
        ("b", "continue", "c"),
        ("c", "continue", None),
        ("c", "previous", "b"),
        ("a", "previous", "a"),
        ("a", "choice:c", "c"),
        (None, "choice:b", "b"),
        ("b", "choice:cluster", "b"),
        ("b", "choice:absent", "b"),
        (None, "choice:absent", "a"),
        ("b", "no such request", "b"),
        (None, "continue", "a"),
        ("gone", "continue", "a"),
        ("gone", "previous", "a"),
    ],
)
def test_a_request_leads_to_a_leaf(current, request_, expected):
    found = deliver(COURSE, current, request_)
    assert (found.identifier if found else None) == expected


@pytest.mark.parametrize("request_", ["start", "continue", "previous", "choice:cluster"])
def test_a_course_without_leaves_delivers_nothing(request_):
    assert deliver(EMPTY, None, request_) is None


@pytest.mark.parametrize(
    ("current", "following", "previous"),
    [("a", "true", "false"), ("b", "true", "true"), ("c", "false", "true")],
)
def test_only_what_leads_somewhere_is_valid(current, following, previous):
    assert valid_requests(COURSE, current) == {
        "continue": following,
        "previous": previous,
        "choice": "a b c",
        "jump": "",
    }
