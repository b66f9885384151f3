"""A choice leads to siblings, up, down and across, unless something on the way is against it."""

from typing import Any

import pytest

from scorm.sequencing import choice
from scorm.structure import Item
from tests.scorm.sequencing.made import (
    at,
    begun,
    first,
    go,
    item,
    objective,
    rules,
    session,
    tree,
    when,
)

STOPS: dict[str, Any] = {"pre": rules("stopForwardTraversal", "always")}


def test_siblings_are_chosen_both_ways_and_again() -> None:
    assert go(begun("a", "b", "c", flow=True), "choice c", "choice a", "choice a") == [
        "c",
        "a",
        "a",
    ]


def test_a_choice_leads_up_down_and_across() -> None:
    """SB.2.9: a cluster is flowed into (step 12)."""
    s = begun(item("m", "a", "b", flow=True), item("n", "c", item("o", "d"), flow=True), flow=True)
    assert go(s, "choice d", "choice b", "choice n", "choice root") == ["d", "b", "c", "a"]


def test_a_session_may_begin_with_a_choice() -> None:
    s = session(tree("a", item("m", "b")))
    assert go(s, "choice b") == ["b"]
    assert go(session(tree("a", "b", flow=True)), "choice root") == ["a"]


def test_what_is_not_there_is_not_chosen() -> None:
    assert go(begun("a", flow=True), "choice x") == ["NB.2.1-11"]


def test_what_was_not_selected_is_not_chosen() -> None:
    s = begun("a", "b", flow=True, selection_timing="once", select_count=1)
    assert go(s, "choice b") == ["SB.2.9-2"]


def test_from_what_was_not_selected_no_sibling_is_chosen() -> None:
    """SB.2.9-5: a jump has led there."""
    s = begun("a", "b", flow=True, selection_timing="once", select_count=1)
    assert go(s, "jump b", "choice a") == ["b", "SB.2.9-5"]


@pytest.mark.parametrize(
    "hidden",
    [
        item("m", item("b", pre=rules("hiddenFromChoice", "always"))),
        item("m", "b", pre=rules("hiddenFromChoice", "always")),
    ],
)
def test_what_is_hidden_and_all_below_is_not_chosen(hidden: Item) -> None:
    assert go(begun("a", hidden, flow=True), "choice b") == ["SB.2.9-3"]


def test_a_cluster_without_choice_lets_none_of_its_children_be_chosen() -> None:
    """Neither in a session (SB.2.9-4) nor to begin one (NB.2.1-10)."""
    course = ("a", item("m", "b", choice=False))
    assert go(begun(*course, flow=True), "choice b") == ["SB.2.9-4"]
    assert go(session(tree(*course)), "choice b") == ["NB.2.1-10"]


def test_a_cluster_that_does_not_flow_cannot_be_chosen() -> None:
    """SB.2.9-9."""
    assert go(begun("a", item("m", "b"), flow=True), "choice m") == ["SB.2.9-9"]
    assert go(session(tree("a", item("m", "b"))), "choice m") == ["SB.2.9-9"]


def test_a_choice_whose_flow_is_closed_by_the_end_of_the_present_one_leaves_without_content() -> (
    None
):
    """SB.2.9 12.3: the cluster has become the current activity."""
    a = item("a", primary=objective("p", writes={"g": "satisfied"}))
    closed = item(
        "b",
        pre=rules("disabled", when("satisfied", "p")),
        primary=objective("p", reads={"g": "satisfied"}),
    )
    s = begun(a, item("m", closed, flow=True), flow=True)
    assert go(s, "choice m") == ["left"]
    assert s.current is at(s, "m")


# --- what stands on the way


def test_a_stop_keeps_from_what_comes_behind_and_from_nothing_else() -> None:
    """SB.2.4-1."""
    s = begun("a", item("b", **STOPS), "c", flow=True)
    assert go(s, "choice c", "choice b", "choice c", "choice a") == [
        "SB.2.4-1",
        "b",
        "SB.2.4-1",
        "a",
    ]


def test_a_stop_on_a_cluster_keeps_from_what_is_below() -> None:
    s = begun("a", item("m", "b", **STOPS), flow=True)
    assert go(s, "choice b") == ["SB.2.4-1"]


def test_a_cluster_that_allows_forward_only_is_not_gone_back_in() -> None:
    """SB.2.4-2."""
    s = begun("a", "b", flow=True, forward_only=True)
    assert go(s, "choice b", "choice a") == ["b", "SB.2.4-2"]


def test_nothing_can_be_passed_before_the_root() -> None:
    s = session(tree("a"))
    assert choice.activity_traversal(s, s.tree.root, "backward") == "SB.2.4-3"


def test_what_prevents_activation_is_entered_from_within_alone() -> None:
    """SB.2.9-6."""
    closed = item("m", "b", item("n", "c"), flow=True, prevent_activation=True)
    s = begun("a", closed, flow=True)
    assert go(s, "choice b", "continue", "choice c", "choice b") == ["SB.2.9-6", "b", "c", "b"]


def test_a_course_may_prevent_activation_of_none_but_itself() -> None:
    """The common ancestor is where the learner is already."""
    s = session(tree("a", "b", prevent_activation=True))
    assert go(s, "choice b") == ["b"]


# --- what may not be left


def test_content_that_lets_no_choice_leave_it_holds_while_it_goes_on() -> None:
    """NB.2.1-8."""
    s = begun(item("a", choice_exit=False), "b", flow=True)
    assert go(s, "choice b", "choice a", "exit", "choice b") == [
        "NB.2.1-8",
        "NB.2.1-8",
        "left",
        "b",
    ]


def test_a_cluster_without_choice_exit_is_left_by_no_choice() -> None:
    """SB.2.9-7: across, to what is above it, nor to itself, as ADL's own sequencer has it."""
    held = item("n", item("m", "a", "b", flow=True, choice_exit=False), flow=True)
    s = begun(held, "c", flow=True)
    assert go(s, "choice c", "choice n", "choice root", "choice m") == ["SB.2.9-7"] * 4
    assert go(s, "choice b") == ["b"]


def constrained(**says: Any) -> list[Item | str]:
    """A course whose middle cluster constrains choice."""
    return [
        "a",
        item("m", "b", "c", flow=True, constrain_choice=True, **says),
        item("n", "d", "e", flow=True),
        "f",
    ]


def test_a_constraint_lets_go_to_the_next_and_the_former_activity_alone() -> None:
    """SB.2.9-8."""
    s = begun(*constrained(), flow=True)
    go(s, "continue")
    assert go(s, "choice f") == ["SB.2.9-8"]
    assert [go(s, "continue", "choice b", "choice e")[2], *go(s, "choice c", "choice a")] == [
        "e",
        "c",
        "a",
    ]


def test_a_constraint_reaches_all_below_what_it_reaches() -> None:
    s = begun(*constrained(), flow=True)
    assert go(s, "continue", "choice n") == ["b", "d"]
    assert go(s, "choice b", "choice e") == ["b", "e"]


def test_the_innermost_constraint_counts() -> None:
    inner = item("m", "a", "b", constrain_choice=True, flow=True)
    s = begun(item("k", inner, "c", "d", flow=True, constrain_choice=True), "e", flow=True)
    assert go(s, "choice d", "choice e", "choice c") == ["SB.2.9-8", "SB.2.9-8", "c"]


def test_within_a_constraint_all_may_be_chosen() -> None:
    s = begun(*constrained(), flow=True)
    assert go(s, "continue", "choice c", "choice b", "choice m") == ["b", "c", "b", "b"]


def test_a_cluster_above_a_constraint_is_chosen_only_where_its_flow_begins_there() -> None:
    """SB.2.9-8 for a cluster that the learner is in, as ADL's own sequencer has it."""
    first_of_all = item("m", "a", constrain_choice=True, flow=True)
    s = begun(first_of_all, "b", flow=True)
    assert go(s, "choice root") == ["a"]
    s = begun("x", *constrained()[:2], flow=True)
    assert go(s, "continue", "continue", "choice root") == ["a", "b", "SB.2.9-8"]
    s = begun("x", item("m", "b", flow=True, constrain_choice=True), flow=True)
    assert go(s, "continue", "choice root") == ["b", "x"]


def test_a_cluster_without_flow_begins_nowhere() -> None:
    inner = item("m", "b", constrain_choice=True)
    s = session(tree(inner, "c"))
    assert go(s, "choice b", "choice root") == ["b", "SB.2.9-8"]


def test_a_constraint_goes_by_the_order_that_was_drawn() -> None:
    drawn = begun(  # b, c, m
        item("m", "a", flow=True, constrain_choice=True),
        "b",
        "c",
        flow=True,
        randomization_timing="once",
        reorder=True,
        draw=first,
    )
    assert go(drawn, "choice a", "choice b", "choice a", "choice c") == ["a", "SB.2.9-8", "a", "c"]


def test_choice_answers_where_the_learner_has_jumped_to_what_was_not_selected() -> None:
    selected = item(
        "k",
        item("m", "a", flow=True, constrain_choice=True),
        item("n", "b", flow=True),
        flow=True,
        selection_timing="once",
        select_count=1,
    )
    assert go(begun("x", selected, flow=True, draw=first), "jump a", "choice x") == ["a", "x"]
