"""Flow leads from leaf to leaf, forward and back, past what is skipped, not into what is closed."""

from typing import Any

import pytest

from scorm.sequencing import flow
from scorm.sequencing.flow import Step
from scorm.structure import Item
from tests.scorm.sequencing.made import at, begun, first, go, item, rules, session, tree

ALWAYS_SKIPPED: dict[str, Any] = {"pre": rules("skip", "always")}
DISABLED: dict[str, Any] = {"pre": rules("disabled", "always")}


def test_a_start_flows_to_the_first_leaf_however_deep() -> None:
    s = session(tree(item("m", item("n", "a", flow=True), flow=True), "b", flow=True))
    assert go(s, "start") == ["a"]


def test_going_on_passes_through_all_leaves_and_ends_behind_the_last() -> None:
    """SB.2.7, SB.2.1 3.1: a session that flows off the end of the tree is over."""
    s = begun(
        "a",
        item("m", "b", "c", flow=True),
        item("n", item("o", "d", flow=True), flow=True),
        flow=True,
    )
    assert go(s, *["continue"] * 4) == ["b", "c", "d", "ended"]
    assert s.current is None


def test_going_back_passes_through_all_leaves_and_not_before_the_first() -> None:
    s = begun("a", item("m", "b", "c", flow=True), "d", flow=True)
    go(s, *["continue"] * 3)
    assert go(s, *["previous"] * 4) == ["c", "b", "a", "NB.2.1-5"]


def test_a_course_without_flow_does_not_start_by_itself() -> None:
    assert go(session(tree("a")), "start") == ["SB.2.2-1"]


def test_a_course_of_one_leaf_needs_no_flow() -> None:
    """SB.2.5 3.1: a root that is a leaf is delivered; it is none where it has nothing to launch."""
    s = session(tree())
    assert go(s, "start") == ["root"]


def test_a_cluster_without_flow_is_not_entered() -> None:
    """SB.2.2-1; a continue that finds nothing ends the session."""
    assert go(begun("a", item("m", "b"), flow=True), "continue") == ["ended"]


@pytest.mark.parametrize(
    "skipped", [item("b", **ALWAYS_SKIPPED), item("b", "x", "y", flow=True, **ALWAYS_SKIPPED)]
)
def test_what_is_skipped_is_passed_by_both_ways(skipped: Item) -> None:
    s = begun("a", skipped, "c", flow=True)
    assert go(s, "continue", "previous") == ["c", "a"]


def test_a_skipped_end_of_the_course_is_an_end() -> None:
    assert go(begun("a", item("b", **ALWAYS_SKIPPED), flow=True), "continue") == ["ended"]


def test_what_is_disabled_is_not_passed_by() -> None:
    """SB.2.2-2: unlike a skip, it stops the flow."""
    s = begun("a", "b", item("c", **DISABLED), "d", flow=True)
    assert go(s, "continue", "continue") == ["b", "ended"]
    s = begun("a", flow=True)
    found = flow.activity_traversal(
        s, at(begun("x", item("y", **DISABLED), flow=True), "y"), "forward"
    )
    assert (found.is_deliverable, found.reason) == (False, "SB.2.2-2")


def test_within_a_cluster_that_allows_forward_only_there_is_no_way_back() -> None:
    s = begun("a", item("m", "b", "c", flow=True, forward_only=True), flow=True)
    assert go(s, "continue", "continue", "previous") == ["b", "c", "NB.2.1-5"]


def test_below_a_cluster_that_allows_forward_only_the_way_back_ends_at_its_own_cluster() -> None:
    """SB.2.1-4, met by a flow that climbs."""
    inner = item("n", "c", "d", flow=True)
    s = begun(item("m", "b", inner, flow=True, forward_only=True), flow=True)
    assert go(s, "continue", "continue", "previous", "previous") == ["c", "d", "c", "NB.2.1-5"]


def test_the_way_back_enters_a_cluster_that_allows_forward_only_at_its_beginning() -> None:
    """SB.2.1 4.2: the direction turns round."""
    s = begun(item("m", "a", "b", flow=True, forward_only=True), "c", flow=True)
    assert go(s, "continue", "continue", "previous") == ["b", "c", "a"]


def test_once_turned_round_the_way_goes_forward_past_what_is_skipped() -> None:
    s = begun(
        item("m", item("a", pre=rules("skip", "attempted")), "b", flow=True, forward_only=True),
        "c",
        flow=True,
    )
    assert go(s, "continue", "continue", "previous") == ["b", "c", "b"]


def test_where_all_is_skipped_the_way_back_goes_on_before_the_cluster() -> None:
    """SB.2.1 1: at the last of a turned cluster the way is reversed again."""
    skipped = [item(name, **ALWAYS_SKIPPED) for name in "bcd"]
    s = begun("x", "a", item("m", *skipped, flow=True, forward_only=True), "e", flow=True)
    assert go(s, "continue", "continue", "previous", "previous") == ["a", "e", "a", "x"]


def test_a_cluster_within_a_turned_one_is_entered_forward() -> None:
    inner = item("n", "a", "b", flow=True)
    s = begun(item("m", inner, "c", flow=True, forward_only=True), "d", flow=True)
    assert go(s, *["continue"] * 3, "previous") == ["b", "c", "d", "a"]


def test_a_cluster_whose_children_all_are_gone_leads_nowhere() -> None:
    """SB.2.1-2: a stored order may name children that the course no longer has."""
    s = session(tree("a", item("m", "b", flow=True), flow=True))
    s.activities["m"] = {"children": ["no longer there"]}
    for direction in ("forward", "backward"):
        step = flow.tree_traversal(s, at(s, "m"), direction, considers_children=True)
        assert step == Step(None, direction, reason="SB.2.1-2")


def test_there_is_nothing_before_the_root() -> None:
    s = session(tree("a", flow=True))
    step = flow.tree_traversal(s, s.tree.root, "backward", considers_children=False)
    assert step == Step(None, "backward", reason="SB.2.1-3")


def test_the_root_is_not_flowed_through() -> None:
    s = session(tree("a", flow=True))
    found = flow.activity_traversal(s, s.tree.root, "forward")
    assert (found.is_deliverable, found.reason) == (False, "SB.2.2-1")


def test_from_what_was_not_selected_the_way_goes_on_behind_its_cluster() -> None:
    """A jump may lead there (SB.2.13): it has no neighbours."""
    selecting = item("m", "a", "b", flow=True, selection_timing="once", select_count=1)
    s = begun(selecting, "c", flow=True)
    assert go(s, "jump b", "continue") == ["b", "c"]
    s = begun("c", selecting, flow=True)
    assert go(s, "jump b", "previous", "jump b", "continue") == ["b", "c", "b", "ended"]


def test_the_flow_goes_by_the_drawn_order() -> None:
    s = begun("a", "b", "c", flow=True, randomization_timing="once", reorder=True, draw=first)
    assert s.current is not None
    assert [s.current.identifier, *go(s, "continue", "continue", "continue")] == [
        "b",
        "c",
        "a",
        "ended",
    ]
