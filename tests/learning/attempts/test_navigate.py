"""A navigation is followed once: by flow, by choice, for the newest launch alone."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, NotFound, Refused
from app.learning.attempts import service
from scorm.sequencing.definition import Condition, Rule, Sequencing
from scorm.structure import Item
from tests.learning import made
from tests.learning.made import FLOW, Sitting, named

THREE = (made.sco("A"), made.sco("B"), made.sco("C"))
COMPLETED = ("cmi.completion_status", "completed")


@pytest.fixture
def sitting(session: Session, now: datetime) -> Sitting:
    """Somebody at a course of three SCOs of SCORM 1.2, launched once."""
    return made.launched(session, made.version(session, *THREE), now)


def at_2004(session: Session, now: datetime, *items: Item, flow: bool = True) -> Sitting:
    """Return somebody at a course of SCORM 2004, with flow or as the standard's default has it."""
    sequencing = FLOW if flow else None
    course = made.version(session, *(items or THREE), edition="2004-4", sequencing=sequencing)
    return made.launched(session, course, now)


@pytest.mark.parametrize("edition", ["1.2", "2004-4"])
def test_flow_leads_through_the_leaves_in_order(
    session: Session, now: datetime, edition: str
) -> None:
    course = made.version(session, *THREE, edition=edition, sequencing=FLOW)
    sitting = made.launched(session, course, now)
    requests = ["open", "continue", "continue", "previous", "continue"]
    assert [named(sitting.go(request)) for request in requests] == ["A", "B", "C", "B", "C"]


def test_beyond_the_last_leaf_of_1_2_there_is_nothing_and_the_course_goes_on(
    sitting: Sitting,
) -> None:
    sitting.go("{target=C}choice")
    beyond = sitting.go("continue")
    assert (named(beyond), beyond.is_left, beyond.is_ended) == (None, True, False)
    assert named(sitting.go("previous")) == "B"


def test_beyond_the_last_leaf_of_2004_the_course_has_ended(session: Session, now: datetime) -> None:
    sitting = at_2004(session, now)
    sitting.go()
    for _ in "AB":
        sitting.go("continue")
    beyond = sitting.go("continue")
    assert (named(beyond), beyond.is_ended) == (None, True)
    assert beyond.controls.as_document() == {
        "continue": False,
        "previous": False,
        "choices": [],
        "jumps": [],
        "hidden": [],
    }
    assert sitting.go("{target=A}choice").is_ended


def test_a_course_of_2004_without_sequencing_is_chosen_from_and_does_not_flow(
    session: Session, now: datetime
) -> None:
    sitting = at_2004(session, now, flow=False)
    first = sitting.go()
    assert named(first) == "A"
    assert (first.controls.can_continue, first.controls.can_go_back) == (False, False)
    assert set(first.controls.choices) == {"A", "B", "C"}
    assert named(sitting.go("{target=C}choice")) == "C"
    stayed = sitting.go("continue")
    assert (named(stayed), stayed.is_ended, stayed.reason) == (None, False, "NB.2.1-4")


def test_a_jump_of_the_4th_edition_leads_where_nothing_may_be_chosen_but_not_where_rules_forbid(
    session: Session, now: datetime
) -> None:
    disabled = Sequencing(pre=(Rule("disabled", (Condition("always"),)),))
    items = (made.sco("A"), made.sco("B"), made.sco("C", sequencing=disabled))
    led = Sequencing(flow=True, choice=False)
    course = made.version(session, *items, edition="2004-4", sequencing=led)
    sitting = made.launched(session, course, now)
    assert sitting.go().controls.jumps == ("A", "B")
    assert named(sitting.go("{target=B}choice")) is None
    assert named(sitting.go("{target=C}jump")) is None
    assert named(sitting.go("{target=B}jump")) == "B"


def test_what_content_has_reached_decides_where_the_flow_leads(
    session: Session, now: datetime
) -> None:
    once = Sequencing(pre=(Rule("skip", (Condition("completed"),)),))
    sitting = at_2004(session, now, made.sco("A", sequencing=once), made.sco("B"))
    sitting.go()
    sitting.set(COMPLETED, end=True)
    second = sitting.go("continue")
    assert (named(second), second.controls.can_go_back) == ("B", False)


def test_an_opening_leads_back_to_where_the_learner_stopped(
    session: Session, now: datetime
) -> None:
    sitting = at_2004(session, now)
    sitting.go()
    sitting.go("continue")
    sitting.set(("cmi.location", "3頁"), ("cmi.exit", "suspend"), item="B", end=True)
    assert not sitting.leave()
    sitting.attempt.lease += 1
    again = Sitting(session, sitting.attempt, now)
    resumed = again.go()
    assert (named(resumed), resumed.sequence) == ("B", 0)
    assert resumed.state is not None
    assert resumed.state["values"]["cmi.location"] == "3頁"
    assert resumed.state["values"]["cmi.entry"] == "resume"


@pytest.mark.parametrize("request_", ["choice:B", "nonsense", "", "{target=B}", "\ud800", "open "])
def test_what_is_no_request_is_refused_and_takes_no_step(sitting: Sitting, request_: str) -> None:
    sitting.go()
    with pytest.raises(Refused) as refused:
        sitting.go(request_)
    assert refused.value.code == "navigation_unknown"
    assert named(sitting.go("continue")) == "B"


@pytest.mark.parametrize("edition", ["1.2", "2004-4"])
@pytest.mark.parametrize("target", ["Z", "", "O"])
def test_a_target_that_cannot_be_delivered_delivers_nothing_and_the_course_goes_on(
    session: Session, now: datetime, edition: str, target: str
) -> None:
    sitting = made.launched(session, made.version(session, *THREE, edition=edition), now)
    sitting.go()
    stayed = sitting.go(f"{{target={target}}}choice")
    assert (named(stayed), stayed.is_ended) == (None, False)
    assert "B" in stayed.controls.choices
    assert named(sitting.go("{target=B}choice")) == "B"


def test_the_player_is_told_what_it_may_ask_for_next(sitting: Sitting) -> None:
    first = sitting.go()
    assert first.controls.as_document() == {
        "continue": True,
        "previous": False,
        "choices": ["A", "B", "C"],
        "jumps": [],
        "hidden": [],
    }
    assert first.statuses == {"A": "in_progress", "B": "not_started", "C": "not_started"}
    assert sitting.go("continue").controls.can_go_back


def test_what_rules_hide_is_told_and_may_not_be_chosen(session: Session, now: datetime) -> None:
    hidden = Sequencing(pre=(Rule("hiddenFromChoice", (Condition("always"),)),))
    found = at_2004(session, now, made.sco("A"), made.sco("B", sequencing=hidden)).go()
    assert (found.controls.choices, found.controls.hidden) == (("O", "A"), ("B",))


def test_the_content_is_told_who_learns_and_what_the_manifest_says(
    session: Session, now: datetime
) -> None:
    item = made.sco("A", mastery_score="80", launch_data="一章から")
    delivered = made.launched(session, made.version(session, item), now).go()
    assert delivered.state is not None
    values = delivered.state["values"]
    assert values["cmi.core.student_id"] == "00012"
    assert values["cmi.core.student_name"] == "架空 花子"
    assert values["cmi.student_data.mastery_score"] == "80"
    assert values["cmi.launch_data"] == "一章から"
    assert values["cmi.core.entry"] == "ab-initio"


@pytest.mark.parametrize("edition", ["1.2", "2004-4"])
def test_an_asset_is_complete_once_it_is_delivered(
    session: Session, now: datetime, edition: str
) -> None:
    asset = Item("A", "資料", href="a.pdf", resource_type="asset")
    sitting = made.launched(session, made.version(session, asset, edition=edition), now)
    sitting.go()
    assert sitting.attempt.status == "completed"


@pytest.mark.parametrize("edition", ["1.2", "2004-4"])
def test_a_cluster_without_a_page_is_passed_over(
    session: Session, now: datetime, edition: str
) -> None:
    cluster = Item("K", "第一章", children=(made.sco("A"),), sequencing=FLOW)
    course = made.version(session, cluster, made.sco("B"), edition=edition, sequencing=FLOW)
    sitting = made.launched(session, course, now)
    assert named(sitting.go()) == "A"
    assert named(sitting.go("continue")) == "B"


# Steps.


@pytest.mark.requirement("TRK-03")
def test_a_step_sent_again_is_answered_again_and_not_taken_twice(sitting: Sitting) -> None:
    sitting.go()
    first = sitting.go("continue")
    again = sitting.at_step(2, "continue")
    assert again == first
    assert sitting.attempt.step == 2
    assert named(sitting.go("continue")) == "C"


def test_a_step_sent_again_is_answered_with_what_was_set_since(sitting: Sitting) -> None:
    sitting.go()
    sitting.set(("cmi.core.lesson_location", "2頁"))
    again = sitting.at_step(1, "open")
    assert again.state is not None
    assert again.state["values"]["cmi.core.lesson_location"] == "2頁"
    assert again.sequence == 1


@pytest.mark.parametrize("step", [-1, 0, 1, 4, 10**30])
def test_any_other_step_than_the_next_one_is_refused_and_the_one_awaited_is_told(
    sitting: Sitting, step: int
) -> None:
    sitting.go()
    sitting.go("continue")
    with pytest.raises(Conflict) as refused:
        sitting.at_step(step, "continue")
    assert (refused.value.code, refused.value.data) == ("out_of_sequence", {"expected": 3})
    assert sitting.attempt.document["current"] == "B"


def test_a_first_step_comes_first(sitting: Sitting) -> None:
    for step in (0, 2):
        with pytest.raises(Conflict):
            sitting.at_step(step, "open")
    assert sitting.attempt.document == {}


def test_a_new_launch_counts_its_steps_and_its_messages_from_the_beginning(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    sitting.go()
    sitting.commit(made.message(1), made.message(2))
    assert sitting.go("continue").sequence == 2
    sitting.attempt.lease += 1
    again = Sitting(session, sitting.attempt, now)
    assert again.go().sequence == 0
    assert (sitting.attempt.step, sitting.attempt.answer) == (1, {})


def test_an_older_launch_may_navigate_until_the_newer_one_is_opened(
    session: Session, sitting: Sitting, now: datetime
) -> None:
    sitting.go()
    sitting.attempt.lease += 1
    assert named(sitting.go("continue")) == "B"
    Sitting(session, sitting.attempt, now).go()
    with pytest.raises(Conflict) as refused:
        sitting.go("continue")
    assert refused.value.code == "superseded"
    assert sitting.attempt.document["current"] == "B"


# Sessions that end without a word.


@pytest.mark.parametrize("edition", ["1.2", "2004-4"])
def test_what_a_window_closed_without_a_word_is_resumed(
    session: Session, now: datetime, edition: str
) -> None:
    is_2004 = edition != "1.2"
    core = "cmi" if is_2004 else "cmi.core"
    location = "cmi.location" if is_2004 else "cmi.core.lesson_location"
    time, total = ("PT10M", "PT10M") if is_2004 else ("0000:10:00", "0000:10:00.00")
    sitting = made.launched(session, made.version(session, *THREE, edition=edition), now)
    sitting.go()
    sitting.set((location, "3頁"), (f"{core}.session_time", time))
    for _ in range(2):
        sitting.attempt.lease += 1
        resumed = Sitting(session, sitting.attempt, now).go()
        assert resumed.state is not None
        assert resumed.state["values"][f"{core}.entry"] == "resume"
        assert resumed.state["values"][location] == "3頁"
        assert resumed.state["values"][f"{core}.total_time"] == total


@pytest.mark.parametrize(("suspends_silent", "entry"), [(True, "resume"), (False, "ab-initio")])
def test_content_that_was_left_in_silence_is_resumed_or_begins_afresh_as_the_material_has_it(
    session: Session, now: datetime, suspends_silent: bool, entry: str
) -> None:
    sitting = at_2004(session, now)
    sitting.go(suspends_silent=suspends_silent)
    sitting.set(("cmi.completion_status", "incomplete"))
    sitting.go("continue", suspends_silent=suspends_silent)
    back = sitting.go("previous", suspends_silent=suspends_silent)
    assert back.state is not None
    assert back.state["values"]["cmi.entry"] == entry


def test_what_content_asked_for_as_its_page_went_away_is_followed_by_the_next_launch(
    session: Session, now: datetime
) -> None:
    sitting = at_2004(session, now)
    sitting.go()
    sitting.set(COMPLETED, ("adl.nav.request", "{target=C}choice"), end=True)
    sitting.attempt.lease += 1
    assert named(Sitting(session, sitting.attempt, now).go()) == "C"


# Ends.


@pytest.mark.parametrize("edition", ["1.2", "2004-4"])
def test_a_course_that_is_over_but_not_done_goes_on_in_the_same_attempt(
    session: Session, now: datetime, edition: str
) -> None:
    course = made.version(session, *THREE, edition=edition, sequencing=FLOW)
    sitting = made.launched(session, course, now)
    sitting.go()
    over = sitting.go("exitAll")
    assert (named(over), over.is_ended) == (None, True)
    assert sitting.go("continue").is_ended
    assert not sitting.leave()
    assert sitting.attempt.ended_at is None
    sitting.attempt.lease += 1
    assert named(Sitting(session, sitting.attempt, now).go()) == "A"


def test_an_ended_attempt_delivers_nothing(sitting: Sitting) -> None:
    sitting.go()
    for name in "ABC":
        sitting.go(f"{{target={name}}}choice")
        sitting.set(item=name, end=True)
    assert sitting.leave()
    with pytest.raises(Refused) as refused:
        sitting.go()
    assert refused.value.code == "attempt_ended"


def test_an_attempt_that_is_not_there_is_not_found(session: Session, now: datetime) -> None:
    nowhere = uuid.uuid4()
    with pytest.raises(NotFound):
        service.navigate(
            session, nowhere, lease=1, step=1, request="open", learner=made.HANAKO, now=now
        )
    with pytest.raises(NotFound):
        service.commit(session, nowhere, lease=1, messages=[], now=now)
    with pytest.raises(NotFound):
        service.leave(session, nowhere, lease=1, now=now)
