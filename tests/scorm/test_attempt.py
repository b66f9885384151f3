"""An attempt on a course as one document: deliveries, commits, leaving, and coming back."""

import json
from typing import Any

import pytest

from scorm.attempt import Attempt, Delivery
from scorm.course import Controls, Course, Shared
from scorm.edition import Edition
from scorm.launch import Launch
from scorm.sequencing.session import Decision
from scorm.structure import DataMap, Item
from tests.scorm.sequencing.made import (
    FOURTH,
    SECOND,
    THIRD,
    item,
    objective,
    organization,
    rules,
)

V12 = Edition.SCORM_12


def launch(leaf: Item) -> Launch:
    return Launch.of(leaf, learner_id="k-17", learner_name="研修 花子", language="", mode="normal")


def attempt(
    *children: Item | str,
    edition: Edition = FOURTH,
    document: dict[str, Any] | None = None,
    shared: Shared | None = None,
    suspends_silent: bool = True,
    **says: Any,
) -> Attempt:
    """Return an attempt on a course of these items."""
    course = Course.of(edition, organization(*children, **says))
    document = {} if document is None else document
    return Attempt(course, document, shared or Shared(), suspends_silent=suspends_silent, log=[])


def go(a: Attempt, *requests: str) -> list[str]:
    """Follow requests, such as `open` or `choice b`; return what each came to."""
    found = []
    for request in requests:
        word, _, target = request.partition(" ")
        found.append(told(a.navigate(word, target or None, launch)))
    return found


def told(delivery: Delivery) -> str:
    if delivery.item is not None:
        assert delivery.state is not None
        return delivery.item.identifier
    if delivery.is_ended:
        return "ended"
    return "left" if delivery.is_left else delivery.reason


def say(
    a: Attempt, *changes: tuple[str, str], finished: bool = False, leaving: bool = False
) -> None:
    """Let the present content set something, and end its session if it is to."""
    refused = a.commit(a.document["current"], changes, finished=finished, leaving=leaving)
    assert refused == []


def value(a: Attempt, name: str) -> str | None:
    """Return an element of the present content."""
    found: str | None = a.states[a.document["current"]]["values"].get(name)
    return found


def test_an_attempt_is_one_document_that_json_holds() -> None:
    a = attempt("a", "b", flow=True)
    assert go(a, "open") == ["a"]
    assert a.document["current"] == "a"
    assert [*a.states] == ["a"]
    assert json.loads(json.dumps(a.document)) == a.document


def test_an_attempt_goes_on_from_its_document() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    again = attempt("a", "b", flow=True, document=json.loads(json.dumps(a.document)))
    assert go(again, "continue", "continue") == ["b", "ended"]


def test_decisions_can_be_written_down() -> None:
    a = attempt("a", flow=True)
    go(a, "open")
    assert a.log is not None
    assert Decision("DB.2", "a", "new attempt") in a.log


def test_a_draw_is_random_where_none_is_given() -> None:
    a = attempt("a", "b", flow=True, randomization_timing="once", reorder=True)
    assert go(a, "open")[0] in "ab"
    assert sorted(a.document["sequencing"]["activities"]["root"]["children"]) == ["a", "b"]


# --- coming back


def test_a_window_that_was_closed_without_a_word_is_resumed() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open", "continue")
    say(a, ("cmi.location", "3"))
    assert go(a, "open") == ["b"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("resume", "3")


def test_content_that_has_said_to_be_done_begins_anew_where_the_learner_comes_back_to_it() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, ("cmi.completion_status", "completed"), ("cmi.location", "3"), finished=True)
    assert go(a, "choice b", "choice a") == ["b", "a"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("ab-initio", None)
    assert a.states["a"]["earlier"]["outcome"]["completion"] == "completed"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [("continue", "b"), ("{target=c}choice", "c"), ("{target=c}jump", "c")],
)
def test_what_content_has_asked_for_and_nobody_followed_is_followed_on_return(
    request_: str, expected: str
) -> None:
    a = attempt("a", "b", "c", flow=True)
    go(a, "open")
    say(a, ("adl.nav.request", request_), finished=True)
    assert go(a, "open") == [expected]


def test_what_content_has_asked_for_in_vain_is_left_alone() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, ("adl.nav.request", "previous"), finished=True)
    assert go(a, "open") == ["a"]


def test_a_learner_whom_rules_have_led_out_of_a_cluster_begins_where_the_course_does() -> None:
    leading_out = item("b", post=rules("exitParent", "always"))
    a = attempt("a", item("m", leading_out, "c", flow=True), flow=True)
    assert go(a, "open", "continue", "exit") == ["a", "b", "left"]
    assert a.document["sequencing"]["current"] == "m"
    assert go(a, "open") == ["a"]


def test_after_content_has_ended_all_the_course_begins_anew() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open", "continue")
    say(a, ("adl.nav.request", "exitAll"), finished=True)
    assert go(a, "open") == ["a"]
    assert a.document["sequencing"]["activities"]["root"]["attempts"] == 2


def test_without_flow_the_first_item_that_may_be_chosen_is_opened() -> None:
    hidden = item("a", pre=rules("hiddenFromChoice", "always"))
    assert go(attempt(hidden, item("m", "b", flow=True)), "open") == ["b"]


def test_a_course_that_lets_nothing_in_opens_nothing() -> None:
    a = attempt("a", choice=False)
    assert go(a, "open") == ["SB.2.2-1"]
    assert a.states == {}
    assert go(attempt(item("h", href=None)), "open") == [""]


def test_an_attempt_after_one_that_is_done_forgets_what_would_close_it() -> None:
    """Rules may skip all that is satisfied: a new attempt begins with nothing known."""
    course = [item(name, pre=rules("skip", "satisfied")) for name in "ab"]
    a = attempt(*course, flow=True)
    go(a, "open", "continue", "continue")
    again = attempt(*course, flow=True, document={"sequencing": a.document["sequencing"]})
    assert go(again, "open") == ["a"]
    assert again.document["sequencing"]["activities"]["a"]["attempts"] == 2


# --- going on


def test_content_that_calls_itself_incomplete_is_kept_where_the_learner_goes_on() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, ("cmi.completion_status", "incomplete"), ("cmi.location", "3"))
    assert go(a, "continue", "previous") == ["b", "a"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("resume", "3")


def test_other_content_has_simply_ended() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, ("cmi.location", "3"))
    assert go(a, "continue", "previous") == ["b", "a"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("ab-initio", None)


def test_a_course_may_say_that_silent_content_has_ended_even_so() -> None:
    a = attempt("a", "b", flow=True, suspends_silent=False)
    go(a, "open")
    say(a, ("cmi.completion_status", "incomplete"), ("cmi.location", "3"))
    assert go(a, "continue", "previous") == ["b", "a"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("ab-initio", None)


def test_there_a_window_that_was_closed_has_its_content_begin_afresh() -> None:
    a = attempt("a", "b", flow=True, suspends_silent=False)
    assert go(a, "open", "continue") == ["a", "b"]
    say(a, ("cmi.location", "3"))
    assert go(a, "open") == ["b"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("ab-initio", None)
    say(a, ("cmi.location", "4"), ("cmi.exit", "suspend"))
    assert go(a, "open") == ["b"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("resume", "4")


def test_content_that_suspends_itself_is_resumed() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, ("cmi.exit", "suspend"), ("cmi.suspend_data", "x"), finished=True)
    assert go(a, "continue", "previous") == ["b", "a"]
    assert (value(a, "cmi.entry"), value(a, "cmi.suspend_data")) == ("resume", "x")


@pytest.mark.parametrize("said", ["incomplete", "completed"])
def test_a_learner_s_suspend_all_keeps_whatever_content_says(said: str) -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, ("cmi.completion_status", said), ("cmi.location", "3"), ("cmi.exit", "normal"))
    assert go(a, "suspendAll") == ["ended"]
    assert "ended" not in a.document
    assert go(a, "open") == ["a"]
    assert (value(a, "cmi.entry"), value(a, "cmi.location")) == ("resume", "3")


def test_a_suspend_all_after_content_has_ended_keeps_its_data_as_well() -> None:
    a = attempt("a", flow=True)
    go(a, "open")
    say(a, ("cmi.location", "3"), finished=True)
    assert go(a, "suspendAll", "open") == ["ended", "a"]
    assert value(a, "cmi.location") == "3"


def test_a_suspend_all_of_what_was_left_suspends_no_data() -> None:
    a = attempt("a", flow=True)
    go(a, "open", "exit")
    assert a.states["a"]["session"] == "finished"
    assert go(a, "suspendAll") == ["ended"]
    assert a.states["a"]["session"] == "finished"


def test_what_is_over_stays_so_until_it_is_opened_again() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    assert go(a, "exitAll", "continue", "choice b") == ["ended", "ended", "ended"]
    assert a.controls() == Controls()
    assert go(a, "open") == ["a"]
    assert "ended" not in a.document


def test_what_leads_nowhere_delivers_nothing() -> None:
    a = attempt("a", flow=True)
    go(a, "open")
    assert go(a, "previous", "exit") == ["NB.2.1-5", "left"]


def test_the_controls_are_the_sequencer_s() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    assert a.controls() == Controls(can_continue=True, choices=("root", "a", "b"), jumps=("a", "b"))


# --- what is shared


G: dict[str, Any] = {"reads": {"g": "satisfied"}, "writes": {"g": "satisfied"}}


def test_objectives_are_the_learner_s_in_all_courses() -> None:
    shared = Shared()
    a = attempt(item("a", primary=objective("p", **G)), flow=True, shared=shared)
    go(a, "open")
    say(a, ("cmi.success_status", "passed"))
    assert shared.objectives == {"g": {"satisfied": True}}
    other = attempt(item("x", objectives=(objective("o", **G),)), flow=True, shared=shared)
    go(other, "open")
    assert value(other, "cmi.objectives.0.id") == "o"
    assert value(other, "cmi.objectives.0.success_status") == "passed"


def test_objectives_of_one_attempt_end_with_it() -> None:
    a = attempt(item("a", primary=objective("p", **G)), "b", flow=True, is_global=False)
    go(a, "open")
    say(a, ("cmi.success_status", "passed"))
    assert a.document["own"]["objectives"] == {"g": {"satisfied": True}}
    assert a.shared == Shared()
    go(a, "suspendAll")
    assert a.objectives() == {"g": {"satisfied": True}}
    go(a, "open", "exitAll")
    assert "own" not in a.document


def sharing(identifier: str, *buckets: DataMap) -> Item:
    return Item(identifier, identifier, href="x.html", resource_type="sco", shared_data=buckets)


@pytest.mark.parametrize("is_global", [True, False])
def test_buckets_are_filled_by_one_and_read_by_another(is_global: bool) -> None:
    a = attempt(
        sharing("a", DataMap("g"), DataMap("h", writable=False)),
        sharing("b", DataMap("h"), DataMap("g")),
        flow=True,
        is_global=is_global,
    )
    go(a, "open")
    assert value(a, "adl.data.0.store") is None
    say(a, ("adl.data.0.store", "x"))
    assert a.shared.data == ({"g": "x"} if is_global else {})
    assert go(a, "continue") == ["b"]
    assert (value(a, "adl.data.1.store"), value(a, "adl.data.0.store")) == ("x", None)


def test_a_bucket_that_may_not_be_written_is_not_taken_over() -> None:
    shared = Shared(data={"g": "x"})
    a = attempt(sharing("a", DataMap("g", writable=False)), flow=True, shared=shared)
    go(a, "open")
    assert value(a, "adl.data.0.store") == "x"
    shared.data["g"] = "y"
    say(a, ("cmi.location", "3"))
    assert shared.data == {"g": "y"}


def test_a_bucket_is_laid_out_as_it_is_now() -> None:
    shared = Shared()
    a = attempt(sharing("a", DataMap("g")), "b", flow=True, shared=shared)
    go(a, "open")
    say(a, ("adl.data.0.store", "x"), ("cmi.exit", "suspend"), finished=True)
    del shared.data["g"]
    assert go(a, "continue", "previous") == ["b", "a"]
    assert value(a, "adl.data.0.store") is None


# --- committing


def test_what_is_refused_is_told_and_the_rest_is_tracked() -> None:
    a = attempt("a", flow=True)
    go(a, "open")
    changes = [("cmi.score.scaled", "2"), ("cmi.success_status", "passed")]
    refused = a.commit("a", changes, finished=False)
    assert [(one.element, one.value, int(one.error)) for one in refused] == [
        ("cmi.score.scaled", "2", 407)
    ]
    assert a.document["sequencing"]["activities"]["a"]["objectives"][""]["satisfied"] is True


def test_what_comes_late_changes_the_data_but_not_what_is_tracked() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open", "continue")
    tracked = json.dumps(a.document["sequencing"])
    a.commit("a", [("cmi.success_status", "failed")], finished=True)
    assert a.states["a"]["values"]["cmi.success_status"] == "failed"
    assert json.dumps(a.document["sequencing"]) == tracked


def test_what_is_no_longer_in_the_course_is_kept_as_data() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    again = attempt("b", flow=True, document=a.document)
    assert again.commit("a", [("cmi.location", "3")], finished=False) == []
    assert again.states["a"]["values"]["cmi.location"] == "3"
    assert go(again, "open") == ["b"]


@pytest.mark.parametrize("edition", [SECOND, THIRD, FOURTH])
def test_an_asset_is_complete_by_being_delivered(edition: Edition) -> None:
    asset = Item("a", "A", href="a.html", resource_type="asset")
    a = attempt(asset, "b", flow=True, edition=edition)
    go(a, "open")
    assert a.document["sequencing"]["activities"]["a"]["objectives"][""]["completed"] is True
    assert go(a, "continue", "previous") == ["b", "a"]
    assert value(a, "cmi.completion_status") == "completed"


# --- leaving


def test_a_course_left_in_the_middle_is_suspended() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open", "continue")
    say(a, ("cmi.location", "3"), ("cmi.completion_status", "completed"))
    a.leave(is_done=False)
    assert a.states["b"]["session"] == "suspended"
    assert "ended" not in a.document
    assert go(a, "open") == ["b"]
    assert value(a, "cmi.location") == "3"


def test_a_course_that_is_done_and_has_nothing_open_is_over() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, finished=True)
    a.leave(is_done=True)
    assert a.document["ended"]
    assert a.document["sequencing"]["current"] is None


def test_a_course_that_is_done_is_kept_where_content_is_to_be_resumed() -> None:
    a = attempt("a", "b", flow=True)
    go(a, "open")
    say(a, ("cmi.exit", "suspend"), finished=True)
    a.leave(is_done=True)
    assert "ended" not in a.document
    assert go(a, "open") == ["a"]


def test_a_session_that_has_ended_may_be_left_again() -> None:
    a = attempt("a", flow=True)
    go(a, "open", "exitAll")
    for is_done in (False, True):
        a.leave(is_done=is_done)
        assert a.document["ended"]


def test_a_course_that_was_never_entered_is_left_as_it_was() -> None:
    a = attempt("a", flow=True)
    a.leave(is_done=False)
    assert go(a, "open") == ["a"]


# --- SCORM 1.2


def test_scorm_1_2_goes_through_the_leaves() -> None:
    a = attempt("a", item("m", "b"), "c", edition=V12)
    assert go(a, "open", "continue", "choice c", "continue", "previous") == [
        "a",
        "b",
        "c",
        "left",
        "b",
    ]
    assert a.controls().choices == ("a", "b", "c")
    assert "sequencing" not in a.document


def test_scorm_1_2_keeps_the_data_of_what_has_ended() -> None:
    a = attempt("a", "b", edition=V12)
    go(a, "open")
    say(a, ("cmi.core.lesson_location", "3"), finished=True)
    assert go(a, "open") == ["a"]
    assert (value(a, "cmi.core.entry"), value(a, "cmi.core.lesson_location")) == ("", "3")


@pytest.mark.parametrize("request_", ["exitAll", "abandonAll"])
def test_scorm_1_2_may_be_ended(request_: str) -> None:
    a = attempt("a", edition=V12)
    assert go(a, "open", request_, "continue", "open") == ["a", "ended", "ended", "a"]


def test_scorm_1_2_is_over_when_it_is_left_and_done() -> None:
    a = attempt("a", edition=V12)
    go(a, "open")
    a.leave(is_done=True)
    assert "ended" not in a.document
    say(a, finished=True)
    a.leave(is_done=False)
    assert "ended" not in a.document
    a.leave(is_done=True)
    assert a.document["ended"]


def test_an_asset_of_1_2_is_complete_by_being_delivered() -> None:
    a = attempt(Item("a", "A", href="a.html", resource_type="asset"), edition=V12)
    assert go(a, "open") == ["a"]
    assert value(a, "cmi.core.lesson_status") == "completed"


@pytest.mark.parametrize(("suspends_silent", "entry"), [(True, "resume"), (False, "")])
def test_silent_content_of_1_2_is_resumed_or_has_ended(suspends_silent: bool, entry: str) -> None:
    a = attempt("a", "b", edition=V12, suspends_silent=suspends_silent)
    go(a, "open")
    say(a, ("cmi.core.lesson_location", "3"))
    go(a, "open")
    assert (value(a, "cmi.core.entry"), value(a, "cmi.core.lesson_location")) == (entry, "3")
