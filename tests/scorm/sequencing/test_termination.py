"""What ends, and what rules ask for then (S&N 4e, TB.2.1 to TB.2.3, UP.3, UP.4)."""

from typing import Any

import pytest

from scorm.sequencing.session import Session
from scorm.sequencing.termination import NotValidError, terminate
from scorm.structure import Item
from tests.scorm.sequencing.made import (
    active,
    at,
    begun,
    go,
    item,
    objective,
    rules,
    session,
    tell,
    tree,
    unless,
    when,
)


def statuses(s: Session, identifier: str) -> dict[str, object]:
    """Return what is known of an activity's primary objective."""
    activity = at(s, identifier)
    held: dict[str, dict[str, object]] = s.activities[identifier].get("objectives", {})
    return held.get(activity.primary.identifier, {})


# --- the end of an attempt


def test_content_that_says_nothing_has_completed_and_satisfied() -> None:
    """UP.4 1.1.1."""
    s = begun("a", "b", flow=True)
    go(s, "continue")
    assert statuses(s, "a") == {"completed": True, "satisfied": True}


def test_nothing_is_assumed_where_the_manifest_says_that_content_speaks() -> None:
    s = begun(
        item("a", completion_set_by_content=True, objective_set_by_content=True), "b", flow=True
    )
    go(s, "continue")
    assert statuses(s, "a") == {}


def test_nothing_is_assumed_where_content_has_said_that_it_does_not_know() -> None:
    s = begun("a", "b", flow=True)
    tell(s, completion="unknown", success="unknown")
    go(s, "continue")
    assert statuses(s, "a") == {}


def test_what_content_says_stands() -> None:
    s = begun("a", "b", flow=True)
    tell(s, completion="incomplete", success="failed")
    go(s, "continue")
    assert statuses(s, "a") == {"completed": False, "satisfied": False}


def test_nothing_is_assumed_of_what_is_suspended_or_not_tracked() -> None:
    s = begun("a", item("b", tracked=False), flow=True)
    tell(s, session="suspended")
    assert go(s, "continue", "exitAll") == ["b", "ended"]
    assert statuses(s, "a") == {}
    assert "objectives" not in s.activities["b"]


def test_a_cluster_is_suspended_while_a_child_is() -> None:
    """UP.4 2."""
    s = begun(item("m", "a", "b", flow=True), "c", flow=True)
    tell(s, session="suspended")
    go(s, "choice c")
    assert s.activities["m"]["suspended"]
    assert go(s, "choice a") == ["a"]
    assert s.activities["m"]["attempts"] == 1
    go(s, "choice c")
    assert s.activities["m"].get("suspended") is None


def test_a_way_elsewhere_ends_all_that_is_left() -> None:
    """UP.3."""
    s = begun(item("m", item("n", "a", flow=True), flow=True), "b", flow=True)
    assert active(s) == ["root", "m", "n", "a"]
    assert go(s, "choice b") == ["b"]
    assert active(s) == ["root", "b"]


# --- exit action rules


def test_a_cluster_exits_by_its_rule_once_a_child_has_ended() -> None:
    """TB.2.1: the highest cluster whose rule holds."""
    course = item(
        "k", item("m", "a", "b", exit=rules("exit", "satisfied"), flow=True), "c", flow=True
    )
    s = begun(course, flow=True)
    assert go(s, "continue") == ["b"]
    assert go(s, "exit") == ["left"]
    assert s.current is at(s, "m")
    assert go(s, "continue") == ["c"]


def test_the_whole_course_may_exit_by_its_rule() -> None:
    s = begun(
        item("m", "a", exit=rules("exit", "always"), flow=True),
        "b",
        flow=True,
        exit=rules("exit", "always"),
    )
    assert go(s, "exit") == ["ended"]


def test_a_course_that_exits_by_its_rule_ends_whatever_is_asked() -> None:
    s = begun("a", "b", flow=True, exit=rules("exit", "always"))
    assert go(s, "continue") == ["ended"]


def test_a_cluster_that_exits_while_a_child_is_suspended_asks_for_nothing_more() -> None:
    """TB.2.2: post conditions are not asked of what is to be resumed."""
    reading = objective("q", reads={"g": "satisfied"})
    writing = objective("p", writes={"g": "satisfied"})
    m = item(
        "m",
        "a",
        item("b", primary=writing),
        primary=reading,
        exit=rules("exit", "satisfied"),
        post=rules("retry", "always"),
        flow=True,
    )
    s = begun(m, "c", flow=True)
    tell(s, session="suspended")
    assert go(s, "continue", "exit") == ["b", "left"]
    assert s.current is at(s, "m")
    assert s.activities["m"]["suspended"]


# --- post conditions


def course(action: str, *more: Item | str, **says: Any) -> Session:
    """A cluster whose second leaf asks for something as it ends."""
    asking = item("b", post=rules(action, "always"))
    s = begun(item("m", "a", asking, "c", flow=True, **says), *more, flow=True)
    go(s, "continue")
    return s


@pytest.mark.parametrize(
    ("action", "came_to"),
    [
        ("continue", "c"),
        ("previous", "a"),
        ("retry", "b"),
        ("retryAll", "a"),
        ("exitAll", "ended"),
        ("exitParent", "d"),
    ],
)
def test_what_a_rule_asks_for_goes_before_what_the_learner_does(action: str, came_to: str) -> None:
    """TB.2.2; after exitParent the learner's own request starts from the parent."""
    assert go(course(action, "d"), "continue") == [came_to]


def test_a_rule_is_asked_as_well_when_content_exits() -> None:
    assert go(course("continue"), "exit") == ["c"]
    s = course("exitParent", "d")
    assert go(s, "exit") == ["left"]
    assert s.current is at(s, "m")
    assert active(s) == ["root"]


def test_a_rule_is_not_asked_when_all_exits() -> None:
    assert go(course("retry"), "exitAll") == ["ended"]


def test_a_rule_is_not_asked_of_what_is_suspended() -> None:
    s = course("retry")
    tell(s, session="suspended")
    assert go(s, "continue") == ["c"]


def test_the_first_rule_that_holds_is_followed() -> None:
    asking = (
        *rules("retry", unless("satisfied")),
        *rules("exitAll", when("satisfied")),
        *rules("previous", "always"),
    )
    s = begun(item("a", post=asking), "b", flow=True)
    tell(s, success="failed")
    assert go(s, "continue") == ["a"]
    tell(s, success="passed")
    assert go(s, "continue") == ["ended"]


def test_an_exit_of_the_parent_asks_the_parent_s_rules_in_turn() -> None:
    s = course("exitParent", "d", post=rules("retry", "always"))
    assert go(s, "continue") == ["a"]
    assert s.activities["m"]["attempts"] == 2


def test_exits_of_parents_may_lead_out_of_the_course() -> None:
    s = course("exitParent", "d", post=rules("exitParent", "always"))
    assert go(s, "exit") == ["ended"]


def test_out_of_the_course_nothing_is_asked() -> None:
    """An exitParent of the root itself leads nowhere."""
    s = begun(
        item("a", post=rules("exitParent", "always")),
        "b",
        flow=True,
        post=rules("exitParent", "always"),
    )
    assert go(s, "exit") == ["ended"]


def test_a_retry_of_the_root_begins_the_course_anew() -> None:
    """TB.2.3 3.3.1.3: so does a retryAll."""
    out = item("b", post=rules("exitParent", "always"))
    s = begun("a", out, flow=True, post=rules("retry", "always"))
    assert go(s, "continue", "continue") == ["b", "a"]
    assert s.activities["root"]["attempts"] == 2


def test_to_begin_anew_forgets_what_the_course_shares_with_itself_alone() -> None:
    writing = item(
        "a", primary=objective("p", writes={"g": "satisfied"}), post=rules("retryAll", "always")
    )
    for is_global, kept in ((False, {}), (True, {"g": {"satisfied": True}})):
        s = begun(writing, is_global=is_global, flow=True)
        assert go(s, "exit") == ["a"]
        assert s.shared == kept


def test_out_of_the_course_a_choice_is_followed_all_the_same() -> None:
    s = begun(item("a", post=rules("exitParent", "always")), "b", flow=True)
    assert go(s, "choice b") == ["b"]
    assert s.activities["root"]["attempts"] == 2


# --- suspend and abandon


def test_a_suspend_all_keeps_the_whole_way() -> None:
    s = begun(item("m", "a", flow=True), flow=True)
    assert go(s, "suspendAll") == ["ended"]
    assert active(s) == []
    assert s.suspended is at(s, "a")
    assert {name for name, held in s.activities.items() if held["suspended"]} == {"root", "m", "a"}


def test_a_suspend_all_after_an_exit_keeps_the_cluster() -> None:
    """TB.2.3 5.2: what is resumed is the parent, which is no leaf."""
    s = begun(item("m", "a", flow=True), flow=True)
    assert go(s, "exit", "suspendAll", "resumeAll") == ["left", "ended", "DB.1.1-1"]
    assert s.suspended is at(s, "m")


def test_where_all_has_ended_there_is_nothing_to_suspend() -> None:
    """TB.2.3-3."""
    s = session(tree("a", flow=True))
    s.current = s.tree.root
    assert go(s, "suspendAll") == ["TB.2.3-3"]


def test_abandoned_content_is_unknown_and_the_session_goes_on() -> None:
    s = begun("a", "b", flow=True)
    tell(s, success="passed", completion="completed", scaled="0.5")
    assert go(s, "abandon") == ["left"]
    assert statuses(s, "a") == {}
    assert active(s) == ["root"]
    assert go(s, "continue") == ["b"]


def test_to_abandon_all_ends_the_session_without_a_rollup() -> None:
    s = begun("a", "b", flow=True)
    assert go(s, "abandonAll") == ["ended"]
    assert active(s) == []
    assert statuses(s, "root") == {}


def test_without_a_current_activity_nothing_can_be_terminated() -> None:
    with pytest.raises(NotValidError, match=r"TB\.2\.3-1"):
        terminate(session(tree("a")), "exit")


@pytest.mark.parametrize("request_", ["exit", "abandon"])
def test_what_is_not_active_is_not_terminated(request_: str) -> None:
    s = session(tree("a"))
    s.current = at(s, "a")
    with pytest.raises(NotValidError, match=r"TB\.2\.3-2"):
        terminate(s, request_)  # type: ignore[arg-type]
