"""Delivery (S&N 4e, DB.1.1, DB.2): whether an attempt begins or goes on, and on what."""

from scorm.sequencing import delivery
from scorm.sequencing.overall import overall_sequencing
from tests.scorm.sequencing.made import active, at, begun, go, item, rules, session, tell, tree


def test_only_a_leaf_is_delivered() -> None:
    s = session(tree("a", item("m", "b")))
    assert delivery.refusal(s, at(s, "m")) == "DB.1.1-1"
    assert delivery.refusal(s, at(s, "b")) is None


def test_nothing_is_delivered_below_what_is_disabled() -> None:
    s = session(tree("a", item("m", "b", pre=rules("disabled", "always"))))
    assert delivery.refusal(s, at(s, "b")) == "DB.1.1-3"
    assert go(s, "choice b") == ["DB.1.1-3"]
    assert s.current is None


def test_a_new_attempt_begins_on_all_the_way() -> None:
    s = session(tree(item("m", "a", flow=True), flow=True))
    result = overall_sequencing(s, "start")
    assert result.is_new_attempt
    assert active(s) == ["root", "m", "a"]
    assert [s.activities[name]["attempts"] for name in ("root", "m", "a")] == [1, 1, 1]


def test_a_suspended_attempt_goes_on() -> None:
    s = begun("a", "b", flow=True)
    tell(s, session="suspended")
    go(s, "continue")
    result = overall_sequencing(s, "previous")
    assert (result.activity, result.is_new_attempt) == (at(s, "a"), False)
    assert s.activities["a"]["attempts"] == 1
    assert s.activities["a"].get("suspended") is None


def test_what_has_ended_begins_anew_and_forgets_what_was_known() -> None:
    s = begun("a", "b", flow=True)
    tell(s, scaled="0.5", session="finished")
    go(s, "continue")
    result = overall_sequencing(s, "previous")
    assert result.is_new_attempt
    assert s.activities["a"] == {"attempts": 2, "active": True}


def test_no_attempts_are_counted_where_nothing_is_tracked() -> None:
    s = session(tree(item("a", tracked=False), flow=True))
    result = overall_sequencing(s, "start")
    assert not result.is_new_attempt
    assert s.activities["a"] == {"active": True}
    assert s.activities["root"]["attempts"] == 1
