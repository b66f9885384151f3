"""SCORM 1.2 leads through the leaves as prerequisites allow; requests are written alike in both."""

from typing import Any

import pytest

from scorm.course import Controls, Course
from scorm.edition import Edition
from scorm.navigation import controls, deliver, lesson_statuses, parse_request
from scorm.structure import Item, Organization


def page(identifier: str, prerequisites: str | None = None, *children: Item) -> Item:
    return Item(
        identifier,
        identifier,
        href=f"{identifier}.html",
        resource_type="sco",
        prerequisites=prerequisites,
        children=children,
    )


def block(identifier: str, *children: Item) -> Item:
    return Item(identifier, identifier, children=children)


def course(*items: Item) -> Course:
    return Course.of(Edition.SCORM_12, Organization("O", "講座", items))


COURSE = course(page("a"), block("m", page("b"), block("empty")), page("c"))


def document(current: str | None = None, **statuses: str | None) -> dict[str, Any]:
    """Return an attempt's document: where the learner is, and what was delivered so far."""
    found: dict[str, Any] = {
        "items": {
            name: {"values": {"cmi.core.lesson_status": status} if status else {}}
            for name, status in statuses.items()
        }
    }
    return found if current is None else {**found, "current": current}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("continue", ("continue", None)),
        ("suspendAll", ("suspendAll", None)),
        ("{target=a.b}choice", ("choice", "a.b")),
        ("{target=a}jump", ("jump", "a")),
        ("_none_", None),
        ("", None),
        ("open", None),
        ("start", None),
        ("choice", None),
        ("{target=a}continue", None),
        ("{target={}}choice", None),
    ],
)
def test_content_may_ask_for_what_the_book_names(
    text: str, expected: tuple[str, str | None] | None
) -> None:
    """RTE 4e, 4.4.1."""
    assert parse_request(text) == expected


def test_a_player_may_also_open_start_and_resume() -> None:
    for word in ("open", "start", "resumeAll", "continue"):
        assert parse_request(word, of_content=False) == (word, None)
    assert parse_request("dance", of_content=False) is None


@pytest.mark.parametrize(
    ("current", "request_", "target", "expected"),
    [
        (None, "open", None, "a"),
        (None, "start", None, "a"),
        ("b", "open", None, "b"),
        ("b", "resumeAll", None, "b"),
        ("gone", "open", None, "a"),
        (None, "continue", None, "a"),
        (None, "previous", None, None),
        ("a", "continue", None, "b"),
        ("b", "continue", None, "c"),
        ("c", "continue", None, None),
        ("c", "previous", None, "b"),
        ("a", "previous", None, None),
        ("a", "choice", "c", "c"),
        ("a", "jump", "c", "c"),
        (None, "choice", "b", "b"),
        ("b", "choice", "m", None),
        ("b", "choice", "absent", None),
        ("b", "choice", None, None),
        ("b", "exit", None, None),
    ],
)
def test_a_request_leads_to_a_leaf_or_to_none(
    current: str | None, request_: str, target: str | None, expected: str | None
) -> None:
    found = deliver(COURSE, document(current), request_, target)
    assert (found.identifier if found else None) == expected


LOCKED = course(page("a"), page("b", "a"), page("c", "b"), page("d"))


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ({}, ("a", "d")),
        ({"a": "incomplete"}, ("a", "d")),
        ({"a": "completed"}, ("a", "b", "d")),
        ({"a": "passed", "b": "passed"}, ("a", "b", "c", "d")),
        ({"a": None}, ("a", "d")),
    ],
)
def test_an_item_waits_for_what_it_needs(
    statuses: dict[str, str | None], expected: tuple[str, ...]
) -> None:
    assert controls(LOCKED, document("a", **statuses)).choices == expected


def test_what_may_not_be_entered_is_passed_by_and_not_chosen() -> None:
    here = document("a")
    found = deliver(LOCKED, here, "continue", None)
    assert found is not None
    assert found.identifier == "d"
    assert deliver(LOCKED, here, "choice", "b") is None
    back = deliver(LOCKED, document("d"), "previous", None)
    assert back is not None
    assert back.identifier == "a"


def test_what_has_been_locked_since_is_not_opened_again() -> None:
    found = deliver(LOCKED, document("b", a="failed"), "open", None)
    assert found is not None
    assert found.identifier == "a"


def test_where_all_is_locked_nothing_is_opened() -> None:
    closed = course(page("a", "b"), page("b", "a"))
    assert deliver(closed, document(), "open", None) is None
    assert controls(closed, document()) == Controls()


@pytest.mark.parametrize(
    ("current", "can_continue", "can_go_back"),
    [(None, False, False), ("a", True, False), ("b", True, True), ("c", False, True)],
)
def test_only_what_leads_somewhere_is_offered(
    current: str | None, can_continue: bool, can_go_back: bool
) -> None:
    assert controls(COURSE, document(current)) == Controls(
        can_continue=can_continue, can_go_back=can_go_back, choices=("a", "b", "c")
    )


BLOCKS = course(
    block("m", page("a"), page("b")), page("n", None, page("c")), block("empty"), page("d", "m")
)


@pytest.mark.parametrize(
    ("statuses", "m", "n"),
    [
        ({}, "not attempted", "not attempted"),
        ({"a": "passed", "b": "passed"}, "passed", "not attempted"),
        ({"a": "passed", "b": "completed"}, "completed", "not attempted"),
        ({"a": "passed", "b": "failed"}, "failed", "not attempted"),
        ({"a": "passed"}, "incomplete", "not attempted"),
        ({"a": "browsed", "b": "incomplete"}, "incomplete", "not attempted"),
        ({"n": "completed"}, "not attempted", "incomplete"),
        ({"n": "completed", "c": "passed"}, "not attempted", "completed"),
    ],
)
def test_a_block_is_what_its_leaves_and_its_own_page_come_to(
    statuses: dict[str, str | None], m: str, n: str
) -> None:
    found = lesson_statuses(BLOCKS, document(**statuses))
    assert (found["m"], found["n"]) == (m, n)
    assert found["empty"] == "not attempted"


def test_a_block_may_be_what_another_item_needs() -> None:
    assert "d" not in controls(BLOCKS, document(a="passed")).choices
    assert "d" in controls(BLOCKS, document(a="passed", b="completed")).choices
