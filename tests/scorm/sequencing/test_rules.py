"""Conditions and limits (S&N 4e, UP.1, UP.2, UP.2.1, UP.5): true, false, or not known."""

import pytest

from scorm.sequencing import rules as rules_of
from scorm.sequencing import tracking
from scorm.sequencing.definition import Condition
from scorm.sequencing.session import Session
from tests.scorm.sequencing.made import (
    at,
    begun,
    go,
    item,
    objective,
    rules,
    tell,
    unless,
    when,
)


def told(s: Session, *conditions: Condition, combination: str = "all") -> bool | None:
    assert s.current is not None
    return rules_of.evaluate(s, s.current, conditions, combination)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("satisfied", None, True),
        ("objectiveStatusKnown", False, True),
        ("objectiveMeasureKnown", False, True),
        ("objectiveMeasureGreaterThan", None, True),
        ("objectiveMeasureLessThan", None, False),
        ("completed", None, False),
        ("activityProgressKnown", False, True),
        ("attempted", True, True),
        ("attemptLimitExceeded", None, None),
        ("always", True, True),
        ("never", False, False),
        ("timeLimitExceeded", None, None),
        ("outsideAvailableTimeRange", None, None),
    ],
)
def test_a_condition_is_told_from_what_is_known(kind: str, before: object, after: object) -> None:
    s = begun("a", flow=True)
    condition = when(kind, threshold=0.4)
    assert told(s, condition) is before
    tell(s, success="passed", completion="incomplete", scaled="0.5")
    assert told(s, condition) is after
    opposite = None if after is None else not after
    assert told(s, unless(kind, threshold=0.4)) is opposite


def test_a_measure_at_the_threshold_is_neither_greater_nor_less() -> None:
    s = begun("a", flow=True)
    tell(s, scaled="0.5")
    for kind in ("objectiveMeasureGreaterThan", "objectiveMeasureLessThan"):
        assert told(s, when(kind, threshold=0.5)) is False


def test_a_condition_may_ask_for_another_objective() -> None:
    s = begun(item("a", objectives=(objective("o"),)), flow=True)
    tell(s, success="failed", objectives={"o": {"success_status": "passed", "score.scaled": "1"}})
    assert told(s, when("satisfied", "o")) is True
    assert told(s, when("satisfied")) is False
    assert told(s, when("objectiveMeasureGreaterThan", "o", 0.9)) is True
    for kind in ("satisfied", "completed", "objectiveMeasureGreaterThan"):
        assert told(s, when(kind, "no such objective")) is None


YES, NO, UNKNOWN = when("always"), when("never"), when("satisfied")


@pytest.mark.parametrize(
    ("conditions", "of_all", "of_any"),
    [
        ((), None, None),
        ((YES, YES), True, True),
        ((YES, NO), False, True),
        ((NO, NO), False, False),
        ((YES, UNKNOWN), None, True),
        ((NO, UNKNOWN), False, None),
        ((UNKNOWN, UNKNOWN), None, None),
    ],
)
def test_conditions_are_combined_with_what_is_not_known(
    conditions: tuple[Condition, ...], of_all: object, of_any: object
) -> None:
    s = begun("a", flow=True)
    assert told(s, *conditions) is of_all
    assert told(s, *conditions, combination="any") is of_any


def test_a_rule_holds_only_where_it_is_known_to() -> None:
    s = begun("a", flow=True)
    assert rules_of.check(s, at(s, "a"), rules("skip", UNKNOWN)) is None
    assert rules_of.check(s, at(s, "a"), (*rules("skip", NO), *rules("exit", YES))) == "exit"


def test_an_attempt_limit_closes_what_has_had_so_many_attempts() -> None:
    """UP.1, UP.5."""
    s = begun(item("a", attempt_limit=2), "b", flow=True)
    assert go(s, "continue", "previous", "continue", "previous") == ["b", "a", "b", "NB.2.1-5"]


def test_an_attempt_that_goes_on_is_not_limited() -> None:
    s = begun(item("m", "a", "b", attempt_limit=1, flow=True), "c", flow=True)
    assert go(s, "continue") == ["b"]
    assert told(s, when("attemptLimitExceeded")) is None
    assert rules_of.evaluate(s, at(s, "m"), [when("attemptLimitExceeded")], "all") is True
    tell(s, session="suspended")
    assert go(s, "continue", "choice b") == ["c", "b"]


def test_a_limit_of_what_is_not_tracked_limits_nothing() -> None:
    s = begun("a", item("b", attempt_limit=0, tracked=False), flow=True)
    assert go(s, "continue") == ["b"]


def test_a_limit_of_none_lets_nothing_in() -> None:
    s = begun("a", item("b", attempt_limit=0), flow=True)
    assert go(s, "jump b") == ["left"]


def test_what_is_not_tracked_is_not_known() -> None:
    s = begun(item("a", tracked=False), flow=True)
    tell(s, success="passed", completion="completed", scaled="1", progress="1")
    a = at(s, "a")
    known = (
        tracking.satisfied(s, a),
        tracking.measure(s, a),
        tracking.completed(s, a),
        tracking.progress(s, a),
    )
    assert known == (None, None, None, None)
    assert told(s, when("attempted")) is False
