"""Which children a cluster has, in which order (S&N 4e, SR.1, SR.2), decided once and kept."""

import json
from typing import Any

import pytest

from scorm.sequencing import attempts, tracking
from scorm.sequencing.session import Session
from tests.scorm.sequencing.made import at, begun, first, go, item, last, session, tree

ONCE: dict[str, Any] = {"selection_timing": "once", "randomization_timing": "once"}
EACH: dict[str, Any] = {
    "selection_timing": "onEachNewAttempt",
    "randomization_timing": "onEachNewAttempt",
}


def order(s: Session, cluster: str = "root") -> str:
    return "".join(child.identifier for child in tracking.available_children(s, at(s, cluster)))


def test_nothing_is_drawn_where_nothing_is_said() -> None:
    s = begun("a", "b", flow=True, select_count=1, reorder=True, draw=first)
    assert order(s) == "ab"


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({"selection_timing": "once", "select_count": 2}, "bc"),
        ({"selection_timing": "once", "select_count": 3}, "abc"),
        ({"selection_timing": "once", "select_count": 0}, "abc"),
        ({"selection_timing": "once"}, "abc"),
        ({"randomization_timing": "once", "reorder": True}, "bca"),
        ({"randomization_timing": "once"}, "abc"),
        ({**ONCE, "select_count": 2, "reorder": True}, "cb"),
    ],
)
def test_so_many_are_selected_in_their_order_and_then_reordered(
    says: dict[str, Any], expected: str
) -> None:
    s = begun("a", "b", "c", flow=True, draw=first, **says)
    assert order(s) == expected


def test_the_draw_is_given() -> None:
    """The draw that takes the last of each leaves all as it is."""
    s = begun("a", "b", "c", flow=True, draw=last, **ONCE, reorder=True, select_count=2)
    assert order(s) == "ab"


def test_what_was_drawn_once_is_kept() -> None:
    s = begun("a", "b", "c", flow=True, draw=first, **ONCE, select_count=2, reorder=True)
    before = order(s)
    go(s, "exitAll", "start", "exitAll", "start")
    assert order(s) == before
    assert json.loads(json.dumps(s.state)) == s.state


def test_what_is_drawn_for_each_attempt_is_drawn_again_as_one_ends() -> None:
    m = item("m", "a", "b", "c", flow=True, **EACH, reorder=True)
    s = begun("x", m, flow=True, draw=first)
    assert order(s, "m") == "bca"
    assert go(s, "continue", "choice x") == ["b", "x"]
    assert order(s, "m") == "cab"


def test_what_is_suspended_keeps_its_order() -> None:
    s = begun("a", "b", "c", flow=True, draw=first, **EACH, reorder=True)
    assert order(s) == "bca"
    assert go(s, "suspendAll", "resumeAll") == ["ended", "b"]
    assert order(s) == "bca"


def test_a_choice_draws_before_a_session_too() -> None:
    s = session(tree("a", "b", flow=True, selection_timing="once", select_count=1), draw=first)
    assert go(s, "choice a", "choice b") == ["SB.2.9-2", "b"]


def test_without_a_session_there_are_no_attempts_to_terminate() -> None:
    s = session(tree("a", flow=True))
    attempts.terminate_descendent_attempts(s, s.tree.root)
    assert s.activities == {}
