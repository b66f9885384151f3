"""What states come to, alone and together."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm import outcome, runtime
from scorm.edition import Edition
from scorm.outcome import InteractionRecord, Outcome, roll_up
from scorm.runtime import Launch, begin, finish

V12, V4 = Edition.SCORM_12, Edition.SCORM_2004_4
LAUNCH = Launch(learner_id="k-17", learner_name="研修 花子")


def after(edition: Edition, *changes: tuple[str, str]) -> dict[str, Any]:
    state = begin(edition, LAUNCH, None)
    assert runtime.apply(edition, state, changes) == []
    return state


@pytest.mark.parametrize("edition", Edition)
def test_what_was_never_delivered_is_not_attempted(edition: Edition) -> None:
    assert outcome.of(edition, None) == Outcome()


@pytest.mark.parametrize(
    ("status", "completion", "success"),
    [
        ("passed", "completed", "passed"),
        ("failed", "completed", "failed"),
        ("completed", "completed", "unknown"),
        ("incomplete", "incomplete", "unknown"),
        ("browsed", "incomplete", "unknown"),
    ],
)
def test_one_status_of_1_2_says_completion_and_success(
    status: str, completion: str, success: str
) -> None:
    result = outcome.of(V12, after(V12, ("cmi.core.lesson_status", status)))
    assert (result.completion, result.success) == (completion, success)


def test_an_open_session_of_1_2_without_a_status_is_not_attempted() -> None:
    assert outcome.of(V12, after(V12)).completion == "not attempted"


def test_the_score_of_1_2_is_raw_and_a_blank_is_none() -> None:
    state = after(V12, ("cmi.core.score.raw", "85.5"), ("cmi.core.score.max", ""))
    result = outcome.of(V12, state)
    assert (result.scaled, result.raw, result.min, result.max) == (None, 85.5, None, None)


def test_time_is_that_of_all_sessions_and_of_the_open_one() -> None:
    state = finish(V12, after(V12, ("cmi.core.session_time", "00:01:00")))
    state = begin(V12, LAUNCH, state)
    runtime.set_value(V12, state, "cmi.core.session_time", "00:00:30.5")
    assert outcome.of(V12, state).seconds == 90.5


def test_scorm_2004_tells_everything_apart() -> None:
    state = after(
        V4,
        ("cmi.completion_status", "incomplete"),
        ("cmi.success_status", "passed"),
        ("cmi.score.scaled", "0.85"),
        ("cmi.score.raw", "17"),
        ("cmi.score.min", "0"),
        ("cmi.score.max", "20"),
        ("cmi.progress_measure", "0.5"),
        ("cmi.session_time", "PT1M"),
    )
    assert outcome.of(V4, state) == Outcome("incomplete", "passed", 0.85, 17, 0, 20, 0.5, 60)


def test_content_of_2004_that_ends_without_a_word_is_complete() -> None:
    state = after(V4)
    assert outcome.of(V4, state).completion == "unknown"
    assert outcome.of(V4, finish(V4, state)).completion == "completed"


def test_content_of_2004_that_is_suspended_without_a_word_is_not() -> None:
    state = finish(V4, after(V4, ("cmi.exit", "suspend")))
    assert outcome.of(V4, state).completion == "unknown"


def test_a_second_look_takes_nothing_away_and_adds_its_time() -> None:
    state = after(
        V4,
        ("cmi.completion_status", "completed"),
        ("cmi.success_status", "passed"),
        ("cmi.score.scaled", "0.9"),
        ("cmi.progress_measure", "1"),
        ("cmi.session_time", "PT10M"),
    )
    again = begin(V4, LAUNCH, finish(V4, state))
    runtime.apply(
        V4,
        again,
        [
            ("cmi.completion_status", "incomplete"),
            ("cmi.success_status", "failed"),
            ("cmi.score.scaled", "0.1"),
            ("cmi.session_time", "PT1M"),
        ],
    )
    expected = Outcome("completed", "passed", scaled=0.9, progress_measure=1.0, seconds=660)
    assert outcome.of(V4, again) == expected
    third = begin(V4, LAUNCH, finish(V4, again))
    assert outcome.of(V4, third) == expected


def test_a_second_try_may_do_better() -> None:
    state = after(V4, ("cmi.success_status", "failed"), ("cmi.score.scaled", "0.2"))
    again = begin(V4, LAUNCH, finish(V4, state))
    assert outcome.of(V4, again).success == "failed"
    runtime.apply(V4, again, [("cmi.success_status", "passed"), ("cmi.score.scaled", "0.8")])
    result = outcome.of(V4, again)
    assert (result.success, result.scaled) == ("passed", 0.8)


@pytest.mark.parametrize(
    ("result", "scaled"),
    [
        (Outcome(), None),
        (Outcome(scaled=-0.5, raw=10), -0.5),
        (Outcome(raw=80), 0.8),
        (Outcome(raw=5, min=0, max=10), 0.5),
        (Outcome(raw=30, min=10, max=20), 1.0),
        (Outcome(raw=70, min=100, max=0), 0.7),
    ],
)
def test_a_raw_score_is_brought_within_its_bounds(result: Outcome, scaled: float | None) -> None:
    assert outcome.scaled_of(result) == scaled


def test_one_leaf_is_the_course() -> None:
    only = Outcome("completed", "passed", raw=8, min=0, max=10)
    assert roll_up([only]) == replace(only, progress_measure=1.0)
    assert roll_up([Outcome()]) == Outcome(progress_measure=0.0)


def test_nothing_comes_to_nothing() -> None:
    assert roll_up([]) == Outcome(completion="unknown")


DONE, PASSED = Outcome("completed"), Outcome("completed", "passed", scaled=0.8)


@pytest.mark.parametrize(
    ("leaves", "completion"),
    [
        ([DONE, PASSED], "completed"),
        ([DONE, Outcome()], "incomplete"),
        ([Outcome("incomplete"), Outcome("unknown")], "incomplete"),
        ([Outcome(), Outcome("unknown")], "unknown"),
        ([Outcome(), Outcome()], "not attempted"),
    ],
)
def test_a_course_is_completed_when_all_its_leaves_are(
    leaves: list[Outcome], completion: str
) -> None:
    assert roll_up(leaves).completion == completion


@pytest.mark.parametrize(
    ("leaves", "success"),
    [
        ([PASSED, PASSED], "passed"),
        ([DONE, PASSED], "passed"),
        ([Outcome("incomplete"), PASSED], "unknown"),
        ([DONE, DONE], "unknown"),
        ([PASSED, Outcome("completed", "failed")], "failed"),
    ],
)
def test_a_course_is_passed_when_what_is_tested_is_passed_and_the_rest_is_done(
    leaves: list[Outcome], success: str
) -> None:
    assert roll_up(leaves).success == success


def test_score_and_progress_are_means_and_time_is_the_sum() -> None:
    leaves = [
        Outcome("completed", scaled=1.0, seconds=10),
        Outcome("incomplete", raw=50, progress_measure=0.5, seconds=20),
        Outcome(),
    ]
    result = roll_up(leaves)
    assert (result.scaled, result.progress_measure, result.seconds) == (0.75, 0.5, 30)


@given(
    st.lists(
        st.builds(
            Outcome,
            st.sampled_from(["unknown", "not attempted", "incomplete", "completed"]),
            st.sampled_from(["unknown", "passed", "failed"]),
            st.none() | st.floats(-1, 1),
        ),
        min_size=1,
    )
)
def test_the_order_of_the_leaves_does_not_matter(leaves: list[Outcome]) -> None:
    one, other = roll_up(leaves), roll_up(leaves[::-1])
    assert (one.completion, one.success) == (other.completion, other.success)
    assert one.scaled == pytest.approx(other.scaled)


def test_interactions_of_both_versions_have_one_shape() -> None:
    above = "cmi.interactions.0."
    told = [
        ("id", "q1"),
        ("type", "choice"),
        ("correct_responses.0.pattern", "a"),
        ("weighting", "2"),
    ]
    common = [(above + name, value) for name, value in told]
    old = after(
        V12,
        *common,
        (above + "student_response", "b"),
        (above + "result", "wrong"),
        (above + "latency", "00:00:12.5"),
        (above + "time", "09:30:00"),
    )
    new = after(
        V4,
        *common,
        (above + "learner_response", "b"),
        (above + "result", "incorrect"),
        (above + "latency", "PT12.5S"),
        (above + "timestamp", "2026-11-23T09:30:00"),
        (above + "description", "{lang=ja}どれですか"),
    )
    assert outcome.interactions(V12, old) == [
        InteractionRecord("q1", "choice", "", "b", ("a",), "incorrect", 12.5, "09:30:00", 2.0)
    ]
    assert outcome.interactions(V4, new) == [
        InteractionRecord(
            "q1", "choice", "どれですか", "b", ("a",), "incorrect", 12.5, "2026-11-23T09:30:00", 2.0
        )
    ]


def test_answers_stay_until_a_later_attempt_tells_others() -> None:
    above = "cmi.interactions.0."
    state = finish(V4, after(V4, (above + "id", "q1"), (above + "type", "choice")))
    again = begin(V4, LAUNCH, state)
    assert outcome.interactions(V4, again) == outcome.interactions(V4, state)
    runtime.set_value(V4, again, above + "id", "q2")
    assert [record.id for record in outcome.interactions(V4, again)] == ["q2"]


def test_an_interaction_may_say_next_to_nothing() -> None:
    state = after(V12, ("cmi.interactions.0.type", "numeric"))
    assert outcome.interactions(V12, state) == [
        InteractionRecord("", "numeric", "", "", (), "", None, None, None)
    ]
