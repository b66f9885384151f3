"""What an attempt comes to for its learner's record, and where that differs from the book."""

import json
from typing import Any

import pytest

from scorm import result
from scorm.attempt import Attempt
from scorm.edition import Edition
from scorm.outcome import Outcome
from scorm.sequencing import tracking
from scorm.structure import CompletionThreshold, Item
from tests.scorm.sequencing.made import item, objective, rollup
from tests.scorm.test_attempt import V12, attempt, go, say

PASSED = (("cmi.completion_status", "completed"), ("cmi.success_status", "passed"))
FAILED = (("cmi.completion_status", "completed"), ("cmi.success_status", "failed"))
INCOMPLETE = (("cmi.completion_status", "incomplete"),)

Said = tuple[tuple[str, str], ...]


def played(*children: Item | str, said: tuple[Said, ...], **says: Any) -> Attempt:
    """Go through a course that flows; what each leaf says ends it."""
    a = attempt(*children, flow=True, **says)
    for at, changes in enumerate(said):
        go(a, "continue" if at else "open")
        say(a, *changes, finished=True)
    return a


def whole(a: Attempt) -> Outcome:
    return result.whole(a, result.outcomes(a.course, a.document))


def by_the_book(a: Attempt) -> tuple[bool | None, bool | None, float | None]:
    """Return the root's completion, satisfaction and measure once the content has ended."""
    go(a, "exit")
    assert a.course.tree is not None
    s, root = a._session(a.course.tree), a.course.tree.root
    return tracking.completed(s, root), tracking.satisfied(s, root), tracking.measure(s, root)


def test_each_leaf_comes_to_what_its_state_does() -> None:
    a = played("a", "b", said=(PASSED,))
    found = result.outcomes(a.course, a.document)
    assert found == {"a": Outcome("completed", "passed"), "b": Outcome()}
    assert result.outcomes(a.course, {}) == {"a": Outcome(), "b": Outcome()}


@pytest.mark.parametrize(
    ("said", "completion", "success"),
    [
        ((), "not attempted", "unknown"),
        ((PASSED,), "incomplete", "unknown"),
        ((PASSED, PASSED), "completed", "passed"),
        ((PASSED, FAILED), "completed", "failed"),
        ((PASSED, INCOMPLETE), "incomplete", "unknown"),
    ],
)
def test_the_sequencer_s_rollup_decides(
    said: tuple[Said, ...], completion: str, success: str
) -> None:
    found = whole(played("a", "b", said=said))
    assert (found.completion, found.success) == (completion, success)


def test_what_the_present_content_has_said_counts_at_once() -> None:
    a = attempt("a", flow=True)
    go(a, "open")
    say(a, *PASSED)
    assert (whole(a).completion, whole(a).success) == ("completed", "passed")


def test_to_look_at_the_result_changes_nothing() -> None:
    a = attempt(item("a", primary=objective("p", writes={"g": "satisfied"})), flow=True)
    go(a, "open")
    say(a, *PASSED)
    before = json.dumps([a.document, a.shared.objectives])
    whole(a)
    assert json.dumps([a.document, a.shared.objectives]) == before


def test_the_one_leaf_of_a_course_is_the_course() -> None:
    a = played("a", said=((*PASSED, ("cmi.score.raw", "7"), ("cmi.score.max", "10")),))
    found = whole(a)
    assert (found.raw, found.max, found.scaled) == (7.0, 10.0, None)
    assert (found.completion, found.success) == ("completed", "passed")


def test_a_cluster_of_one_leaf_has_a_score_of_its_own() -> None:
    a = played(item("m", "a", flow=True), said=((*PASSED, ("cmi.score.raw", "7")),))
    assert (whole(a).raw, whole(a).scaled) == (None, 0.07)


# --- where it differs from the book


def test_success_that_nobody_has_spoken_of_is_not_claimed() -> None:
    a = played("a", "b", said=((), ()))
    assert (whole(a).completion, whole(a).success) == ("completed", "unknown")
    assert by_the_book(a)[:2] == (True, True)


def test_a_score_that_nobody_has_told_is_left_out() -> None:
    a = played("a", "b", said=((("cmi.score.scaled", "0.8"),), ()))
    assert whole(a).scaled == 0.8
    assert by_the_book(a)[2] == 0.4


def test_what_was_once_completed_counts_though_the_course_has_begun_anew() -> None:
    a = played("a", "b", said=(PASSED, PASSED))
    go(a, "exitAll", "open")
    assert whole(a).completion == "completed"
    assert by_the_book(a)[0] is None


@pytest.mark.parametrize(
    "says",
    [
        {"rollup_rules": (rollup("completed", "completed"),)},
        {"threshold": CompletionThreshold(by_measure=True)},
    ],
)
def test_a_manifest_with_a_rollup_of_its_own_is_believed(says: dict[str, Any]) -> None:
    a = played("a", "b", said=(PASSED, PASSED), **says)
    go(a, "exitAll", "open")
    assert whole(a).completion == "incomplete"


def test_a_leaf_that_does_not_count_makes_no_rollup_of_the_manifest_s_own_complete() -> None:
    a = played("a", item("b", rollup_progress=False), said=(PASSED,))
    assert whole(a).completion == "completed"


# --- scores and weights


def test_scores_are_weighted_as_measures_are() -> None:
    a = played(
        item("m", item("a", measure_weight=0.25), item("b", measure_weight=0.75), flow=True),
        item("c", tracked=False),
        item("d", measure_weight=0.0),
        said=(
            (("cmi.score.scaled", "0.2"),),
            (("cmi.score.scaled", "0.8"),),
            (("cmi.score.scaled", "1"),),
            (("cmi.score.scaled", "1"),),
        ),
    )
    assert whole(a).scaled == pytest.approx(0.65)


def test_without_scores_there_is_none() -> None:
    assert whole(played("a", "b", said=(PASSED,))).scaled is None


def test_what_was_not_selected_does_not_count() -> None:
    a = played("a", "b", said=(PASSED,), selection_timing="once", select_count=1)
    assert a.document["current"] in ("a", "b")
    assert whole(a).completion == "completed"


def test_where_nothing_is_tracked_nothing_is_missing_once_it_has_begun() -> None:
    a = attempt(item("a", tracked=False), flow=True)
    assert whole(a).completion == "unknown"
    go(a, "open")
    assert (whole(a).completion, whole(a).scaled) == ("completed", None)


def test_scorm_1_2_is_the_sum_of_its_leaves() -> None:
    a = attempt("a", "b", edition=V12)
    for request in ("open", "continue"):
        go(a, request)
        say(a, ("cmi.core.lesson_status", "passed"), ("cmi.core.score.raw", "80"), finished=True)
    assert whole(a) == Outcome("completed", "passed", scaled=0.8, progress_measure=1.0)
    assert a.course.edition is Edition.SCORM_12
