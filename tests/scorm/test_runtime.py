"""Sessions on one SCO, and what they make of its state."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm import element, runtime
from scorm.edition import Edition
from scorm.errors import Error12, Error2004
from scorm.runtime import Launch, Rejection, begin, finish, get_value, set_value
from scorm.structure import CompletionThreshold, DataMap, Item

V12, V4 = Edition.SCORM_12, Edition.SCORM_2004_4
LAUNCH = Launch(learner_id="k-17", learner_name="研修 花子")


def after(edition: Edition, launch: Launch, *changes: tuple[str, str]) -> dict[str, Any]:
    """Return the state of a session that has set some elements."""
    state = begin(edition, launch, None)
    assert runtime.apply(edition, state, changes) == []
    return state


def text(edition: Edition, state: dict[str, Any], name: str) -> str:
    value, error = get_value(edition, state, name)
    assert error == 0
    return value


def test_a_launch_takes_what_the_manifest_says_of_the_item() -> None:
    item = Item(
        identifier="a",
        title="A",
        resource_type="sco",
        launch_data="page=3",
        mastery_score="80",
        scaled_passing_score="0.8",
        max_time_allowed="PT1H",
        time_limit_action="exit,message",
        completion_threshold=CompletionThreshold(by_measure=True, minimum="0.5"),
        shared_data=(DataMap("notes"),),
    )
    launch = Launch.of(item, learner_id="k", learner_name="n", language="ja", mode="review")
    assert launch == Launch(
        learner_id="k",
        learner_name="n",
        language="ja",
        mode="review",
        launch_data="page=3",
        mastery_score="80",
        scaled_passing_score="0.8",
        completion_threshold="0.5",
        max_time_allowed="PT1H",
        time_limit_action="exit,message",
        shared_data=(DataMap("notes"),),
    )


@pytest.mark.parametrize("threshold", [None, CompletionThreshold(by_measure=False)])
def test_a_threshold_counts_only_by_measure(threshold: CompletionThreshold | None) -> None:
    item = Item(identifier="a", title="A", completion_threshold=threshold)
    launch = Launch.of(item, learner_id="k", learner_name="n", language="ja", mode="normal")
    assert launch.completion_threshold is None


@pytest.mark.parametrize("edition", Edition)
def test_a_state_is_json_from_beginning_to_end(edition: Edition) -> None:
    state = begin(edition, LAUNCH, None)
    ended = finish(edition, state)
    again = begin(edition, LAUNCH, ended)
    assert [json.loads(json.dumps(one)) for one in (state, ended, again)] == [state, ended, again]


@pytest.mark.parametrize("edition", Edition)
def test_begin_and_finish_leave_the_state_they_are_given_alone(edition: Edition) -> None:
    name = "cmi.location" if edition.is_2004 else "cmi.core.lesson_location"
    state = after(edition, LAUNCH, (name, "3"))
    kept = copy.deepcopy(state)
    finish(edition, state)["values"][name] = "4"
    begin(edition, LAUNCH, state)["values"][name] = "5"
    assert state == kept


@pytest.mark.parametrize("edition", Edition)
def test_a_session_is_open_until_it_is_finished_or_suspended(edition: Edition) -> None:
    name = "cmi.exit" if edition.is_2004 else "cmi.core.exit"
    state = begin(edition, LAUNCH, None)
    ended = finish(edition, state)
    suspended = finish(edition, after(edition, LAUNCH, (name, "suspend")))
    assert [runtime.is_open(one) for one in (state, ended, suspended)] == [True, False, False]
    assert [runtime.is_suspended(one) for one in (state, ended, suspended)] == [False, False, True]


def test_to_finish_twice_counts_the_time_once() -> None:
    state = after(V4, LAUNCH, ("cmi.session_time", "PT5M"))
    once = finish(V4, state)
    assert finish(V4, once) == once
    assert text(V4, once, "cmi.total_time") == "PT5M"


def test_time_that_is_told_after_the_end_is_counted_too() -> None:
    state = finish(V12, after(V12, LAUNCH, ("cmi.core.session_time", "00:05:00")))
    assert set_value(V12, state, "cmi.core.session_time", "00:01:00") == 0
    assert text(V12, begin(V12, LAUNCH, state), "cmi.core.total_time") == "0000:06:00.00"


def test_a_new_launch_tells_the_name_and_the_mode_of_today() -> None:
    state = after(V12, LAUNCH, ("cmi.core.lesson_location", "3"))
    renamed = Launch(learner_id="k-17", learner_name="研修 太郎", mode="review")
    resumed = begin(V12, renamed, state)
    assert text(V12, resumed, "cmi.core.student_name") == "研修 太郎"
    assert text(V12, resumed, "cmi.core.lesson_mode") == "review"
    assert text(V12, resumed, "cmi.core.lesson_location") == "3"


@pytest.mark.parametrize("edition", [V12, V4])
def test_content_starts_in_the_learner_s_language_and_may_choose_another(edition: Edition) -> None:
    name = f"cmi.{'learner' if edition.is_2004 else 'student'}_preference.language"
    launch = Launch("k", "n", language="ja")
    state = begin(edition, launch, None)
    assert text(edition, state, name) == "ja"
    assert set_value(edition, state, name, "en") == 0
    assert text(edition, begin(edition, launch, state), name) == "en"


def test_what_a_manifest_says_that_is_no_value_is_left_out() -> None:
    launch = Launch("k", "n", mastery_score="high", max_time_allowed="1 hour")
    state = begin(V12, launch, None)
    assert text(V12, state, "cmi.student_data.mastery_score") == ""
    launch = Launch("k", "n", scaled_passing_score="80", completion_threshold="")
    state = begin(V4, launch, None)
    assert get_value(V4, state, "cmi.scaled_passing_score") == ("", Error2004.NOT_SET)
    assert get_value(V4, state, "cmi.completion_threshold") == ("", Error2004.NOT_SET)


@pytest.mark.parametrize("edition", [V12, V4])
def test_an_asset_is_done_by_being_delivered(edition: Edition) -> None:
    name = "cmi.completion_status" if edition.is_2004 else "cmi.core.lesson_status"
    launch = Launch("k", "n", is_asset=True)
    state = begin(edition, launch, None)
    assert text(edition, state, name) == "completed"
    assert not runtime.is_open(state)
    again = begin(edition, launch, state)
    assert text(edition, again, name) == "completed"
    assert "earlier" not in again


def test_strict_would_refuse_what_courses_write_of_suspend_data() -> None:
    state = begin(V12, LAUNCH, None)
    assert set_value(V12, state, "cmi.suspend_data", "x" * 64_000) == 0
    assert set_value(V12, state, "cmi.suspend_data", "x" * 64_001) == Error12.TYPE
    assert len(text(V12, state, "cmi.suspend_data")) == 64_000


def test_scorm_2004_keeps_more_than_it_must() -> None:
    state = begin(V4, LAUNCH, None)
    assert set_value(V4, state, "cmi.suspend_data", "x" * 100_000) == 0
    assert len(text(V4, state, "cmi.suspend_data")) == 100_000


SHARED = Launch(
    "k",
    "n",
    shared_data=(
        DataMap("both"),
        DataMap("read", writable=False),
        DataMap("write", readable=False),
        DataMap("none", readable=False, writable=False),
    ),
)


def test_a_bucket_is_read_and_written_as_the_manifest_allows() -> None:
    state = begin(V4, SHARED, None)
    names = [f"adl.data.{at}.store" for at in range(4)]
    assert text(V4, state, "adl.data._count") == "4"
    assert text(V4, state, "adl.data.1.id") == "read"
    assert [set_value(V4, state, name, "x") for name in names] == [
        0,
        Error2004.READ_ONLY,
        0,
        Error2004.READ_ONLY,
    ]
    assert [get_value(V4, state, name) for name in names] == [
        ("x", 0),
        ("", Error2004.NOT_SET),
        ("", Error2004.WRITE_ONLY),
        ("", Error2004.WRITE_ONLY),
    ]


def test_an_emptied_bucket_has_no_value() -> None:
    state = begin(V4, Launch("k", "n", shared_data=(DataMap("both"),)), None)
    assert "access" not in state
    assert set_value(V4, state, "adl.data.0.store", "") == 0
    assert get_value(V4, state, "adl.data.0.store") == ("", Error2004.NOT_SET)


def test_content_adds_no_bucket() -> None:
    state = begin(V4, SHARED, None)
    assert set_value(V4, state, "adl.data.4.store", "x") == Error2004.SET
    assert set_value(V4, state, "adl.data.4.id", "x") == Error2004.READ_ONLY


def test_an_edition_without_shared_data_gets_none() -> None:
    assert begin(Edition.SCORM_2004_3, SHARED, None)["counts"] == {}


def test_whether_a_request_is_valid_is_answered_from_what_the_server_sent() -> None:
    state = begin(V4, LAUNCH, None)
    requests = {"continue": "true", "choice": "a b.1"}
    valid = "adl.nav.request_valid."
    asked = ("continue", "previous", "choice.{target=b.1}", "choice.{target=c}", "jump.{target=a}")
    answers = [get_value(V4, state, valid + name, requests) for name in asked]
    assert answers == [("true", 0), ("unknown", 0), ("true", 0), ("false", 0), ("unknown", 0)]


def test_apply_tells_what_it_refused_and_sets_the_rest() -> None:
    state = begin(V4, LAUNCH, None)
    changes = [("cmi.location", "3"), ("cmi.score.scaled", "80"), ("cmi.entry", "resume")]
    assert runtime.apply(V4, state, changes) == [
        Rejection("cmi.score.scaled", "80", Error2004.RANGE),
        Rejection("cmi.entry", "resume", Error2004.READ_ONLY),
    ]
    assert text(V4, state, "cmi.location") == "3"


def test_a_refused_value_changes_nothing() -> None:
    state = begin(V4, LAUNCH, None)
    kept = copy.deepcopy(state)
    for name in ("cmi", "", "cmi.objectives.0.success_status", "cmi.objectives.1.id", "cmi.exit"):
        assert set_value(V4, state, name, "x") > 0
    assert state == kept


NAMES = st.sampled_from(
    [row.name.replace(".n", f".{at}") for row in element.rows(V4).values() for at in (0, 1, 2)]
)
VALUES = st.sampled_from(
    ["", "a", "b", "c", "1", "0.5", "true", "choice", "completed", "passed", "PT1M", "a[,]b"]
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=30))
def test_the_same_changes_again_leave_the_same_values(changes: list[tuple[str, str]]) -> None:
    state = begin(V4, LAUNCH, None)
    accepted = [one for one in changes if set_value(V4, state, *one) == 0]
    last = dict(accepted)
    assert all(state["values"][name] == value for name, value in last.items())
    again = copy.deepcopy(state)
    runtime.apply(V4, again, list(last.items()))
    assert again == state


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=20)), max_size=10))
def test_no_name_and_no_value_breaks_the_data_model(changes: list[tuple[str, str]]) -> None:
    for edition in (V12, V4):
        state = begin(edition, LAUNCH, None)
        runtime.apply(edition, state, changes)
        assert json.loads(json.dumps(state)) == state
