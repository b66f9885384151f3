"""Objectives (S&N 4e, SM.6, SM.7, TM.1.1): their seven values, own and shared."""

from typing import Any

import pytest

from scorm.course import Course
from scorm.sequencing import tracking
from scorm.sequencing.definition import VALUES, ObjectiveMap
from scorm.sequencing.session import Session
from tests.scorm.sequencing.made import (
    THIRD,
    at,
    begun,
    go,
    item,
    objective,
    organization,
    session,
    tell,
    tree,
)

#: What content says of the objective `o`, and what becomes of it.
SAID = {
    "success_status": "passed",
    "score.scaled": "0.5",
    "score.raw": "7",
    "score.min": "1",
    "score.max": "9",
    "completion_status": "incomplete",
    "progress_measure": "0.25",
}
KNOWN = {
    "satisfied": True,
    "measure": 0.5,
    "raw": 7.0,
    "min": 1.0,
    "max": 9.0,
    "completed": False,
    "progress": 0.25,
}


def known(s: Session, identifier: str, name: str = "o") -> dict[str, Any]:
    activity = at(s, identifier)
    found = activity.objective(name)
    assert found is not None
    return tracking.values(s, activity, found)


def test_a_map_reads_satisfaction_and_measure_unless_it_says_otherwise() -> None:
    assert ObjectiveMap("g") == ObjectiveMap("g", ("satisfied", "measure"), ())


@pytest.mark.parametrize("value", VALUES)
def test_each_value_is_written_and_read_by_itself(value: str) -> None:
    writing = item("a", objectives=(objective("o", writes={"g": value}),))
    reading = item("b", objectives=(objective("o", reads={"g": " ".join(VALUES)}),))
    s = begun(writing, reading, flow=True)
    tell(s, objectives={"o": SAID})
    assert known(s, "a") == KNOWN
    assert s.shared == {"g": {value: KNOWN[value]}}
    assert known(s, "b") == {value: KNOWN[value]}


@pytest.mark.parametrize("value", VALUES)
def test_only_what_a_map_reads_is_read(value: str) -> None:
    s = session(tree(item("a", objectives=(objective("o", reads={"g": value}),)), flow=True))
    s.shared["g"] = dict(KNOWN)
    assert known(s, "a") == {value: KNOWN[value]}


def test_a_primary_objective_is_shared_like_any_other() -> None:
    values = " ".join(VALUES)
    s = begun(
        item("a", primary=objective("p", writes={"g": values})),
        item("b", primary=objective("q", reads={"g": values})),
        flow=True,
    )
    tell(
        s,
        success="failed",
        scaled="0.5",
        completion="completed",
        progress="1",
        objectives={"p": {"score.raw": "7"}},
    )
    assert known(s, "b", "q") == {
        "satisfied": False,
        "measure": 0.5,
        "completed": True,
        "progress": 1.0,
        "raw": 7.0,
    }


def test_one_objective_may_write_to_many_and_read_from_the_first_that_it_says() -> None:
    o = objective(
        "o",
        reads={"g": "satisfied", "h": "satisfied measure"},
        writes={"g": "satisfied", "h": "satisfied"},
    )
    s = begun(item("a", objectives=(o,)), flow=True)
    tell(s, objectives={"o": {"success_status": "passed"}})
    assert s.shared == {"g": {"satisfied": True}, "h": {"satisfied": True}}
    s.shared.update(g={"satisfied": False}, h={"satisfied": True, "measure": 0.5})
    assert known(s, "a") == {"satisfied": False, "measure": 0.5}


def test_what_is_shared_and_unknown_is_unknown_but_for_completion() -> None:
    """A shared completion or progress that nobody knows leaves the own one in force."""
    o = objective("o", reads={"g": " ".join(VALUES)})
    s = begun(item("a", objectives=(o,)), flow=True)
    tell(s, objectives={"o": SAID})
    assert known(s, "a") == {"completed": False, "progress": 0.25}


def test_what_becomes_unknown_is_shared_as_unknown() -> None:
    o = objective("o", writes={"g": " ".join(VALUES)})
    s = begun(item("a", objectives=(o,)), flow=True)
    tell(s, objectives={"o": SAID})
    assert s.shared == {"g": KNOWN}
    tell(s, objectives={"o": {"success_status": "unknown", "completion_status": "unknown"}})
    assert s.shared == {"g": {}}


def test_an_objective_that_nobody_has_defined_changes_nothing() -> None:
    s = begun("a", flow=True)
    tell(s, objectives={"x": SAID})
    assert [*s.activities["a"]["objectives"]] == [""]
    a = at(s, "a")
    for found in (tracking.satisfied, tracking.measure, tracking.completed, tracking.progress):
        assert found(s, a, "x") is None


# --- by measure


def test_a_measure_satisfies_where_the_objective_goes_by_it() -> None:
    s = begun(item("a", primary=objective("p", measure=0.6)), flow=True)
    a = at(s, "a")
    tell(s, success="passed")
    assert tracking.satisfied(s, a) is None
    for scaled, satisfied in (("0.59", False), ("0.6", True), ("1", True)):
        tell(s, scaled=scaled, success="failed")
        assert tracking.satisfied(s, a) is satisfied


def test_another_objective_may_go_by_its_measure_too() -> None:
    o = objective("o", measure=0.6, writes={"g": "satisfied"})
    s = begun(item("a", objectives=(o,)), flow=True)
    tell(s, objectives={"o": {"score.scaled": "0.7", "success_status": "failed"}})
    assert known(s, "a")["satisfied"] is True
    assert s.shared["g"] == {"satisfied": True}


def test_a_shared_measure_satisfies_by_the_reader_s_own_minimum() -> None:
    s = begun(
        item("a", primary=objective("p", measure=0.9, writes={"g": "satisfied measure"})),
        item("b", primary=objective("q", measure=0.5, reads={"g": "satisfied measure"})),
        flow=True,
    )
    tell(s, scaled="0.7")
    assert s.shared["g"] == {"measure": 0.7, "satisfied": False}
    assert tracking.satisfied(s, at(s, "b")) is True


def test_a_measure_may_have_to_wait_for_the_end_of_the_attempt() -> None:
    """SM.12: measureSatisfactionIfActive."""
    p = objective("p", measure=0.6, writes={"g": "satisfied"})
    s = begun(item("a", primary=p, measure_satisfaction_if_active=False), "b", flow=True)
    tell(s, scaled="0.7")
    assert (tracking.satisfied(s, at(s, "a")), s.shared) == (None, {})
    go(s, "continue")
    assert (tracking.satisfied(s, at(s, "a")), s.shared) == (True, {"g": {"satisfied": True}})


# --- how far they are shared


def test_what_a_course_shares_is_the_learner_s_or_the_attempt_s_alone() -> None:
    o = objective("o", reads={"h": "raw"}, writes={"g": "satisfied"})
    course = item("a", objectives=(o,))
    assert Course.of(THIRD, organization(course)).shared_objectives == ["g", "h"]
    assert Course.of(THIRD, organization(course, is_global=False)).shared_objectives == []


# --- attempts before the present one


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ({}, (None, None)),
        ({"use_current_objective": False}, (True, None)),
        ({"use_current_progress": False}, (None, True)),
    ],
)
def test_a_cluster_looks_at_its_present_attempt_alone_unless_it_says_otherwise(
    says: dict[str, Any], expected: tuple[object, ...]
) -> None:
    """SM.1: useCurrentAttemptObjectiveInfo, useCurrentAttemptProgressInfo."""
    silent = item("a", rollup_satisfied=False, rollup_progress=False)
    s = begun(item("m", silent, "b", flow=True, **says), "c", flow=True)
    m = at(s, "m")
    go(s, "continue", "continue")
    assert (tracking.satisfied(s, m), tracking.completed(s, m)) == (True, True)
    go(s, "choice a", "exit")
    assert s.activities["m"]["attempts"] == 2
    assert (tracking.satisfied(s, m), tracking.completed(s, m)) == expected


def test_a_new_attempt_on_a_cluster_does_not_count_what_was_known_below() -> None:
    s = begun(item("m", item("n", "a", flow=True), "b", flow=True), "c", flow=True)
    assert go(s, *["continue"] * 2, "choice b") == ["b", "c", "b"]
    for name in ("n", "a"):
        assert s.activities[name]["past_objectives"]
        assert s.activities[name]["past_progress"]
    assert tracking.satisfied(s, at(s, "a")) is True
    assert tracking.satisfied(s, at(s, "a"), rollup=True) is None
    assert tracking.completed(s, at(s, "a"), rollup=True) is None


def test_a_cluster_that_looks_at_all_attempts_keeps_what_is_below_it() -> None:
    """How far down an attempt makes things past depends on each cluster on the way."""
    keeping = item("n", "a", flow=True, use_current_objective=False, use_current_progress=False)
    s = begun(item("m", keeping, "b", flow=True), "c", flow=True)
    go(s, *["continue"] * 2, "choice b")
    assert s.activities["n"]["past_objectives"]
    assert "past_objectives" not in s.activities["a"]
    assert "past_progress" not in s.activities["a"]


def test_what_is_shared_counts_in_every_attempt() -> None:
    reading = item("a", primary=objective("p", reads={"g": "satisfied"}))
    s = begun(item("m", reading, "b", flow=True), "c", flow=True)
    s.shared["g"] = {"satisfied": True}
    go(s, *["continue"] * 2, "choice b")
    assert tracking.satisfied(s, at(s, "a"), rollup=True) is True


def test_to_forget_results_keeps_the_count_of_attempts_and_what_was_drawn() -> None:
    drawn = {"selection_timing": "once", "select_count": 1, "randomization_timing": "once"}
    s = begun("a", "b", flow=True, **drawn)
    go(s, "exitAll")
    tracking.forget_results(s)
    assert s.activities == {
        "root": {"attempts": 1, "children": ["a"], "selected": True, "randomized": True},
        "a": {"attempts": 1},
    }
