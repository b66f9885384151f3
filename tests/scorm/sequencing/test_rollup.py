"""Rollup (S&N 4e, RB.1.1 to RB.1.5): what children come to together, by measures and by rules."""

from typing import Any

import pytest

from scorm.sequencing import rollup as process
from scorm.sequencing import tracking
from scorm.sequencing.definition import RollupRule
from scorm.sequencing.session import Session
from scorm.structure import CompletionThreshold, Item
from tests.scorm.sequencing.made import (
    SECOND,
    THIRD,
    at,
    begun,
    go,
    item,
    objective,
    rollup,
    rules,
    tell,
    unless,
)

Said = dict[str, Any]


def ended(*said: Said, **says: Any) -> Session:
    """Go through a course of leaves `a`, `b`, … that say something each; the last one goes on."""
    leaves = [item(name) for name, _ in zip("abcdef", said, strict=False)]
    return played(leaves, *said, **says)


def played(leaves: list[Item], *said: Said, **says: Any) -> Session:
    s = begun(*leaves, flow=True, **says)
    for one in said[:-1]:
        tell(s, **one)
        go(s, "continue")
    tell(s, **said[-1])
    process.overall(s, s.current or s.tree.root)
    return s


def satisfied(s: Session) -> bool | None:
    return tracking.satisfied(s, s.tree.root)


def completed(s: Session) -> bool | None:
    return tracking.completed(s, s.tree.root)


PASSED: Said = {"success": "passed", "completion": "completed"}
FAILED: Said = {"success": "failed", "completion": "incomplete"}
SILENT: Said = {"success": "unknown", "completion": "unknown"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((PASSED, PASSED), True),
        ((PASSED, FAILED), False),
        ((FAILED, FAILED), False),
        ((PASSED, SILENT), None),
        ((FAILED, SILENT), None),
    ],
)
def test_by_default_a_cluster_is_what_all_its_children_are_once_all_are_known(
    said: tuple[Said, ...], expected: bool | None
) -> None:
    """RB.1.2 b, RB.1.3 b."""
    s = ended(*said)
    assert (satisfied(s), completed(s)) == (expected, expected)


# --- measures


@pytest.mark.parametrize(
    ("weights", "expected"),
    [((1.0, 1.0), 0.5), ((1.0, 0.0), 0.2), ((0.25, 0.75), 0.65), ((0.0, 0.0), None)],
)
def test_the_measure_is_the_weighted_mean(
    weights: tuple[float, float], expected: float | None
) -> None:
    """RB.1.1 a."""
    leaves = [item(name, measure_weight=weight) for name, weight in zip("ab", weights, strict=True)]
    s = played(leaves, {"scaled": "0.2"}, {"scaled": "0.8"})
    assert tracking.measure(s, s.tree.root) == pytest.approx(expected)


def test_a_measure_that_nobody_knows_counts_as_nothing_of_its_weight() -> None:
    s = ended({"scaled": "0.8"}, {})
    assert tracking.measure(s, s.tree.root) == 0.4


def test_a_leaf_that_is_not_tracked_has_no_weight() -> None:
    s = played([item("a"), item("b", tracked=False)], {"scaled": "0.8"}, {})
    assert tracking.measure(s, s.tree.root) == 0.8
    assert (satisfied(s), completed(s)) == (True, True)


@pytest.mark.parametrize(("minimum", "expected"), [(0.5, True), (0.51, False)])
def test_a_cluster_may_be_satisfied_by_its_measure(minimum: float, expected: bool) -> None:
    """RB.1.2 a: rules are not asked then."""
    says = {"rollup_rules": (rollup("satisfied", "never"), rollup("notSatisfied", "always"))}
    s = ended({"scaled": "0.2"}, {"scaled": "0.8"}, primary=objective(measure=minimum), **says)
    assert satisfied(s) is expected


def test_progress_is_the_mean_weighted_by_progress_weights() -> None:
    """RB.1.1 b, RB.1.3 a: the 4th Edition completes by it."""
    leaves = [
        item("a", threshold=CompletionThreshold(by_measure=False, weight="0.25")),
        item("b", threshold=CompletionThreshold(by_measure=False, weight="0.75")),
        item("c", threshold=CompletionThreshold(by_measure=False, weight="0")),
    ]
    for minimum, expected in (("0.65", True), ("0.66", False)):
        threshold = CompletionThreshold(by_measure=True, minimum=minimum)
        s = played(
            leaves, {"progress": "0.2"}, {"progress": "0.8"}, {"progress": "1"}, threshold=threshold
        )
        assert tracking.progress(s, s.tree.root) == pytest.approx(0.65)
        assert completed(s) is expected


def test_without_any_progress_weight_progress_is_not_known() -> None:
    s = played(
        [item("a", threshold=CompletionThreshold(by_measure=False, weight="0"))], {"progress": "1"}
    )
    assert tracking.progress(s, s.tree.root) is None


@pytest.mark.parametrize("edition", [SECOND, THIRD])
def test_earlier_editions_complete_nothing_by_measure(edition: Any) -> None:
    threshold = CompletionThreshold(by_measure=True, minimum="0.5")
    s = ended(PASSED | {"progress": "0.1"}, edition=edition, threshold=threshold)
    assert completed(s) is True


# --- rules


def test_a_rule_of_the_manifest_takes_the_place_of_the_default() -> None:
    """RB.1.2 b 1: those of satisfaction and those of completion each by themselves."""
    s = ended(PASSED, FAILED, rollup_rules=(rollup("satisfied", "satisfied", of="any"),))
    assert (satisfied(s), completed(s)) == (True, False)
    s = ended(PASSED, FAILED, rollup_rules=(rollup("completed", "attempted"),))
    assert (satisfied(s), completed(s)) == (False, True)


def test_where_both_rules_hold_the_better_counts() -> None:
    actions = ("satisfied", "notSatisfied", "incomplete", "completed")
    both = tuple(rollup(action, "always") for action in actions)
    s = ended(SILENT, rollup_rules=both)
    assert (satisfied(s), completed(s)) == (True, True)


def test_where_no_rule_holds_what_was_known_stays() -> None:
    never = (rollup("satisfied", "never"), rollup("completed", "never"))
    s = ended(PASSED, rollup_rules=never)
    assert (satisfied(s), completed(s)) == (None, None)


def test_negative_rules_make_it_so() -> None:
    negative = (rollup("notSatisfied", "attempted"), rollup("incomplete", unless("never")))
    s = ended(PASSED, rollup_rules=negative)
    assert (satisfied(s), completed(s)) == (False, False)


Y, N, U = True, False, None


@pytest.mark.parametrize(
    ("child_set", "says", "found", "expected"),
    [
        ("all", {}, (Y, Y), True),
        ("all", {}, (Y, N), False),
        ("all", {}, (Y, U), False),
        ("all", {}, (), True),
        ("any", {}, (N, U, Y), True),
        ("any", {}, (N, U), False),
        ("any", {}, (), False),
        ("none", {}, (N, N), True),
        ("none", {}, (N, Y), False),
        ("none", {}, (N, U), False),
        ("none", {}, (), True),
        ("atLeastCount", {"minimum_count": 2}, (Y, Y, N), True),
        ("atLeastCount", {"minimum_count": 2}, (Y, U, N), False),
        ("atLeastCount", {"minimum_count": 0}, (N,), True),
        ("atLeastCount", {"minimum_count": 0}, (U,), False),
        ("atLeastPercent", {"minimum_percent": 0.5}, (Y, N), True),
        ("atLeastPercent", {"minimum_percent": 0.5}, (Y, N, N), False),
        ("atLeastPercent", {"minimum_percent": 0.3}, (Y, N, U), True),
        ("atLeastPercent", {"minimum_percent": 0.0}, (U, U), False),
    ],
)
def test_a_rule_asks_for_enough_children(
    child_set: str, says: dict[str, Any], found: tuple[bool | None, ...], expected: bool
) -> None:
    """RB.1.4: what is unknown is neither true nor false."""
    rule = RollupRule("satisfied", child_set=child_set, **says)
    assert process.check_child_set(rule, found) is expected


def test_conditions_of_a_rule_are_combined() -> None:
    for combination, expected in (("all", None), ("any", True)):
        rule = rollup("satisfied", "satisfied", "completed", combination=combination)
        said = {"success": "passed", "completion": "incomplete"}
        assert satisfied(ended(said, rollup_rules=(rule,))) is expected


# --- which children count


def test_a_child_may_contribute_to_neither_satisfaction_nor_completion() -> None:
    leaves = [item("a"), item("b", rollup_satisfied=False, rollup_progress=False)]
    s = played(leaves, PASSED, FAILED)
    assert (satisfied(s), completed(s)) == (True, True)


@pytest.mark.parametrize(
    ("consideration", "session", "expected"),
    [
        ("always", "open", False),
        ("ifAttempted", "open", False),
        ("ifNotSuspended", "open", False),
        ("ifNotSuspended", "suspended", True),
    ],
)
def test_a_child_counts_as_its_considerations_say(
    consideration: str, session: str, expected: bool
) -> None:
    """RB.1.4.2."""
    required: dict[str, Any] = {
        f"required_for_{action}": consideration
        for action in ("satisfied", "not_satisfied", "completed", "incomplete")
    }
    s = begun("a", item("b", **required), flow=True)
    tell(s, **PASSED)
    go(s, "continue")
    tell(s, session=session, **FAILED)
    process.overall(s, at(s, "b"))
    assert (satisfied(s), completed(s)) == (expected, expected)


def test_a_child_that_was_never_attempted_need_not_count() -> None:
    for consideration, expected in (("ifAttempted", True), ("ifNotSuspended", None)):
        required: dict[str, Any] = {
            "required_for_satisfied": consideration,
            "required_for_completed": consideration,
        }
        s = played([item("a"), item("b", **required)], PASSED)
        assert (satisfied(s), completed(s)) == (expected, expected)


def test_a_child_that_is_skipped_need_not_count() -> None:
    required: dict[str, Any] = {
        "required_for_satisfied": "ifNotSkipped",
        "required_for_completed": "ifNotSkipped",
    }
    for condition, expected in (("always", True), ("never", None)):
        s = played([item("a"), item("b", pre=rules("skip", condition), **required)], PASSED)
        assert (satisfied(s), completed(s)) == (expected, expected)


def test_a_child_that_was_not_selected_does_not_count() -> None:
    s = begun("a", "b", flow=True, selection_timing="once", select_count=1)
    tell(s, **PASSED)
    process.overall(s, at(s, "a"))
    assert (satisfied(s), completed(s)) == (True, True)


# --- how far it goes


def test_a_rollup_goes_up_to_the_root() -> None:
    """RB.1.5."""
    s = begun(item("m", item("n", "a", flow=True), flow=True), flow=True)
    tell(s, **PASSED, scaled="0.5")
    go(s, "exit")
    for name in ("n", "m", "root"):
        assert s.activities[name]["objectives"][""] == {
            "satisfied": True,
            "completed": True,
            "measure": 0.5,
            "progress": 0.0,
        }


def test_what_is_written_to_shared_objectives_is_rolled_up_where_it_is_read() -> None:
    writing = item("a", primary=objective("p", writes={"g": "satisfied measure"}))
    reading = item("b", primary=objective("q", reads={"g": "satisfied measure"}))
    s = begun(
        item("m", writing, flow=True),
        item("n", item("o", reading, flow=True), flow=True),
        flow=True,
    )
    tell(s, success="failed", scaled="0.5")
    go(s, "exit")
    for name in ("o", "n"):
        assert tracking.satisfied(s, at(s, name)) is False
        assert tracking.measure(s, at(s, name)) == 0.5


def test_what_was_not_selected_is_not_rolled_up_for_what_it_reads() -> None:
    writing = item("a", primary=objective("p", writes={"g": "satisfied"}))
    reading = item("c", primary=objective("q", reads={"g": "satisfied"}))
    n = item("n", "b", reading, flow=True, selection_timing="once", select_count=1)
    s = begun(writing, n, flow=True)
    go(s, "exit")
    assert tracking.satisfied(s, at(s, "n")) is None


def test_a_root_may_read_what_is_written_below_it() -> None:
    writing = item("a", primary=objective("p", writes={"g": "satisfied"}))
    s = begun(writing, flow=True, primary=objective("q", reads={"g": "satisfied"}))
    go(s, "exit")
    assert satisfied(s) is True
