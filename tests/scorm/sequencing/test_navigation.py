"""Which navigation requests are valid where (S&N 4e, NB.2.1), and what a player may offer."""

from typing import Any

import pytest

from scorm.edition import Edition
from scorm.sequencing.validity import valid_requests
from tests.scorm.sequencing.made import (
    FOURTH,
    SECOND,
    THIRD,
    begun,
    go,
    item,
    objective,
    rules,
    session,
    tell,
    tree,
    when,
)

DISABLED: dict[str, Any] = {"pre": rules("disabled", "always")}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("resumeAll", "NB.2.1-3"),
        ("continue", "NB.2.1-2"),
        ("previous", "NB.2.1-2"),
        ("exit", "NB.2.1-2"),
        ("suspendAll", "NB.2.1-2"),
        ("jump a", "NB.2.1-11"),
        ("choice x", "NB.2.1-11"),
    ],
)
def test_before_a_session_only_a_start_or_a_choice_is_valid(request_: str, code: str) -> None:
    assert go(session(tree("a", flow=True)), request_) == [code]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ("start", "NB.2.1-1"),
        ("resumeAll", "NB.2.1-1"),
        ("dance", "NB.2.1-13"),
        ("jump x", "NB.2.1-11"),
    ],
)
def test_in_a_session_there_is_no_other_start(request_: str, code: str) -> None:
    assert go(begun("a", "b", flow=True), request_) == [code]


def test_without_flow_there_is_neither_on_nor_back() -> None:
    s = session(tree("a", "b"))
    assert go(s, "choice a", "continue", "previous") == ["a", "NB.2.1-4", "NB.2.1-5"]


def test_a_request_that_is_not_valid_changes_nothing() -> None:
    s = begun("a", "b", flow=True)
    before = str(s.state)
    go(s, "previous", "choice x", "dance")
    assert str(s.state) == before


def test_what_has_ended_is_not_ended_again() -> None:
    """NB.2.1-12."""
    s = begun("a", "b", flow=True)
    assert go(s, "exit", "exit", "abandon") == ["left", "NB.2.1-12", "NB.2.1-12"]


def test_previous_is_not_valid_where_what_comes_before_is_disabled() -> None:
    s = begun(item("a", pre=rules("disabled", "attempted")), "b", flow=True)
    assert go(s, "continue", "previous") == ["b", "NB.2.1-5"]
    s = begun(item("m", "a", "b", flow=True, pre=rules("disabled", "attempted")), flow=True)
    assert go(s, "choice b", "previous") == ["left", "NB.2.1-5"]


@pytest.mark.parametrize(("edition", "jumps"), [(SECOND, ()), (THIRD, ()), (FOURTH, ("a", "b"))])
def test_only_the_fourth_edition_knows_jumps(edition: Edition, jumps: tuple[str, ...]) -> None:
    s = begun("a", "b", edition=edition, flow=True)
    assert valid_requests(s).jumps == jumps
    assert go(s, "jump b") == (["b"] if jumps else ["NB.2.1-11"])


def test_a_jump_asks_no_control_mode_but_leads_to_leaves() -> None:
    closed = item(
        "m", "b", choice=False, prevent_activation=True, pre=rules("hiddenFromChoice", "always")
    )
    s = begun("a", closed, flow=True, choice=False)
    assert go(s, "jump m", "jump b") == ["NB.2.1-11", "b"]


def test_a_jump_to_what_is_disabled_leaves_without_content() -> None:
    """DB.1.1-3."""
    s = begun("a", item("b", **DISABLED), item("m", "c", **DISABLED), flow=True)
    assert valid_requests(s).jumps == ("a",)
    assert go(s, "jump b") == ["left"]


# --- what may be offered


def test_the_controls_tell_what_would_be_delivered() -> None:
    s = begun("a", item("m", "b", "c", flow=True), item("n", "d", choice=False), flow=True)
    found = valid_requests(s)
    assert (found.can_continue, found.can_go_back) == (True, False)
    assert found.choices == ("root", "a", "m", "b", "c")
    assert found.jumps == ("a", "b", "c", "d")
    assert go(s, "continue", "continue") == ["b", "c"]
    found = valid_requests(s)
    assert (found.can_continue, found.can_go_back) == (True, True)


def test_before_a_session_the_controls_offer_choices_alone() -> None:
    found = valid_requests(session(tree("a", item("m", "b"))))
    assert (found.can_continue, found.can_go_back, found.jumps) == (False, False, ())
    assert found.choices == ("a", "b")


def test_to_ask_for_the_controls_writes_no_log_and_changes_nothing() -> None:
    s = begun("a", item("b", pre=rules("skip", "always")), flow=True)
    before = str(s.state), list(s.log or [])
    valid_requests(s)
    assert (str(s.state), s.log) == before


def test_what_is_hidden_is_told_with_all_below_it() -> None:
    hides: dict[str, Any] = {"pre": rules("hiddenFromChoice", "always")}
    s = begun("a", item("b", **hides), item("m", "c", item("n", "d"), **hides), "e", flow=True)
    found = valid_requests(s)
    assert found.hidden == ("b", "m", "c", "n", "d")
    assert found.choices == ("root", "a", "e")


def test_a_course_that_is_hidden_offers_nothing_to_choose() -> None:
    s = begun("a", flow=True, pre=rules("hiddenFromChoice", "always"))
    assert valid_requests(s).choices == ()
    assert valid_requests(s).hidden == ("root", "a")


def test_what_is_disabled_and_all_below_is_not_offered() -> None:
    s = begun("a", item("m", "b", flow=True, **DISABLED), item("c", attempt_limit=0), flow=True)
    assert valid_requests(s).choices == ("root", "a")


def test_what_is_in_its_last_attempt_is_not_offered_again() -> None:
    s = begun(item("m", item("a", attempt_limit=1), "b", flow=True), flow=True)
    assert valid_requests(s).choices == ("b",)
    assert valid_requests(s).jumps == ("b",)
    assert go(s, "choice a", "choice m") == ["DB.1.1-3"] * 2
    tell(s, session="suspended")
    assert go(s, "choice a") == ["a"]


def test_what_may_not_be_left_offers_nothing_else() -> None:
    s = begun(item("a", choice_exit=False), "b", flow=True)
    assert valid_requests(s).choices == ()
    s = begun(item("m", "a", "b", flow=True, choice_exit=False), "c", flow=True)
    assert valid_requests(s).choices == ("a", "b")


def test_a_cluster_is_offered_only_where_its_flow_delivers() -> None:
    """A flow that depends on rules is tried."""
    gone = item("m", item("b", pre=rules("skip", "always")), flow=True)
    there = item("n", item("c", pre=rules("skip", "never")), flow=True)
    s = begun("a", there, gone, flow=True)
    assert valid_requests(s).choices == ("root", "a", "n", "c", "b")


def test_the_controls_follow_what_content_says() -> None:
    locked = item(
        "b",
        pre=rules("disabled", when("satisfied", "p")),
        primary=objective("p", reads={"g": "satisfied"}),
    )
    s = begun(item("a", primary=objective("p", writes={"g": "satisfied"})), locked, flow=True)
    assert "b" in valid_requests(s).choices
    tell(s, success="passed")
    assert "b" not in valid_requests(s).choices
