"""What a player tells of a video is applied once, and only as far as it can have been played."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy.orm import Session

from app.content.videos.models import Completion, WatchingRule
from app.kernel import outbox
from app.kernel.errors import Conflict
from app.kernel.outbox import Outgoing
from app.learning.attempts.service import Message
from app.learning.launches import service as launches
from app.learning.owners.models import Owner
from app.learning.player.access import Visit
from app.learning.records.models import Attempt
from app.learning.records.states import RecordStatus
from app.learning.watching import forms
from app.learning.watching.models import Watched
from tests.learning.watching.conftest import Launch

WHOLE = WatchingRule(Completion.WHOLE)
BOUND = WatchingRule(Completion.WHOLE, is_bound=True)
QUESTION = {"id": "q1", "at": 35.0, "text": "出口は？", "choices": ["東", "西"], "right": [1]}


def watched(attempt: Attempt) -> Watched:
    return Watched.of(attempt.document)


@pytest.mark.requirement("VID-06")
def test_the_union_of_what_was_played_is_kept_and_playing_apart_from_being_there(
    launch: Launch,
) -> None:
    viewer = launch(WHOLE).viewer
    viewer.open()
    viewer.play(0, 20)
    viewer.play(10, 30)
    viewer.now += timedelta(seconds=60)
    answer = viewer.say(("spent.9", "0,60,45"), ("position", "30"))
    found = watched(viewer.attempt)
    assert found.played == ((0.0, 30.0),)
    assert (found.played_seconds, found.present_seconds, found.hidden_seconds) == (40, 100, 45)
    assert answer["played"] == [[0.0, 30.0]]
    assert answer["progress"] == viewer.attempt.progress == 0.25
    assert viewer.attempt.seconds == viewer.record.seconds == 100
    assert viewer.record.status == RecordStatus.IN_PROGRESS


@pytest.mark.requirement("VID-06")
def test_a_second_launch_goes_on_where_the_first_stopped(launch: Launch) -> None:
    first = launch(WHOLE)
    first.viewer.open()
    first.viewer.play(0, 42.5)
    second = launch.again(first)  # type: ignore[attr-defined]
    assert second.viewer.attempt_id == first.viewer.attempt_id
    assert watched(second.viewer.attempt).position == 42.5
    second.viewer.open()
    second.viewer.play(42.5, 120)
    assert second.viewer.record.status == RecordStatus.COMPLETED


@pytest.mark.parametrize(
    ("rule", "seconds", "more", "is_done"),
    [
        (WatchingRule(Completion.OPENED), 0, (), True),
        (WatchingRule(Completion.END), 60, (), False),
        (WatchingRule(Completion.END), 120, (("ended", "1"),), True),
        (WHOLE, 118, (), False),
        (WHOLE, 119.5, (), True),
        (WatchingRule(Completion.PERCENT, 50), 59, (), False),
        (WatchingRule(Completion.PERCENT, 50), 60, (), True),
        (WatchingRule(Completion.CODE), 120, (), False),
        (WatchingRule(Completion.CODE), 0, (("code", "あ 12"),), False),
        (WatchingRule(Completion.CODE), 0, (("code", "ｈｉｎａｎ ９"),), True),
        (WatchingRule(Completion.QUESTIONS), 120, (), False),
        (WatchingRule(Completion.QUESTIONS), 120, (("answer.1", "q1:0"),), False),
        (WatchingRule(Completion.QUESTIONS), 0, (("answer.1", "q1:1"),), True),
    ],
)
@pytest.mark.requirement("VID-03")
def test_it_counts_as_watched_by_its_rule(
    launch: Launch,
    rule: WatchingRule,
    seconds: float,
    more: tuple[tuple[str, str], ...],
    is_done: bool,
) -> None:
    viewer = launch(rule, questions=[QUESTION], code="HINAN9").viewer
    answer = viewer.open()
    if seconds or more:
        answer = viewer.play(0, seconds, *more) if seconds else viewer.say(*more)
    assert answer["done"] is is_done
    assert (viewer.record.status == RecordStatus.COMPLETED) is is_done
    assert (viewer.record.completed_at is not None) is is_done
    if is_done:
        assert viewer.record.progress == 1.0


def test_the_end_counts_whatever_was_skipped_but_not_by_word_alone(launch: Launch) -> None:
    viewer = launch(WatchingRule(Completion.END)).viewer
    viewer.open()
    assert viewer.say(("ended", "1"))["done"] is False
    assert viewer.play(100, 120, ("ended", "1"))["done"] is True


def test_what_is_done_stays_done_whatever_rule_comes(launch: Launch, session: Session) -> None:
    first = launch(WatchingRule(Completion.OPENED))
    first.viewer.open()
    before = first.viewer.record.completed_at
    first.viewer.now += timedelta(days=1)
    first.assigned = type(first.assigned)(
        first.assigned.material_id, first.assigned.assignment_id, watching=BOUND
    )
    second = launch.again(first)  # type: ignore[attr-defined]
    assert second.viewer.open()["done"] is True
    assert second.viewer.record.completed_at == before
    assert session.scalars(sa.select(Outgoing.kind)).all() == [outbox.Kind.PROGRESSED]


@pytest.mark.requirement("VID-04")
def test_who_is_bound_skips_nothing_the_first_time_and_anything_the_next(launch: Launch) -> None:
    viewer = launch(BOUND).viewer
    viewer.open()
    viewer.play(0, 30)
    viewer.play(90, 120)
    found = watched(viewer.attempt)
    assert (found.played, found.doubted_seconds) == (((0.0, 30.0),), 30)
    viewer.play(10, 20)
    viewer.play(30, 120)
    assert viewer.record.status == RecordStatus.COMPLETED
    viewer.play(100, 110)
    assert watched(viewer.attempt).doubted_seconds == 30


@pytest.mark.parametrize(
    ("rule", "believed"), [(BOUND, 30 + 10), (WatchingRule(Completion.WHOLE), 60 + 10)]
)
@pytest.mark.requirement("VID-04")
def test_more_than_the_clock_allows_is_not_believed(
    launch: Launch, rule: WatchingRule, believed: float
) -> None:
    viewer = launch(rule).viewer
    viewer.open()
    viewer.now += timedelta(seconds=30)
    viewer.say(("played.1", "0,120"), ("spent.1", "120,120,0"))
    found = watched(viewer.attempt)
    assert found.played == ((0.0, believed),)
    assert found.doubted_seconds == 120 - believed
    assert found.played_seconds == 40
    assert viewer.record.status == RecordStatus.IN_PROGRESS


def test_the_message_that_opens_a_launch_brings_no_stretch_from_nowhere(launch: Launch) -> None:
    viewer = launch(WHOLE).viewer
    viewer.now += timedelta(hours=3)
    viewer.say(("played.1", "0,120"))
    assert watched(viewer.attempt).played == ((0.0, 10.0),)


@pytest.mark.requirement("VID-05")
def test_another_video_of_the_same_person_at_the_same_time_is_told_and_counted(
    launch: Launch, session: Session
) -> None:
    first = launch(WHOLE)
    second = launch(WHOLE, actor=first.actor)
    for each in (first, second):
        each.viewer.open()
    assert first.viewer.play(0, 20)["elsewhere"] is False
    assert second.viewer.play(0, 20)["elsewhere"] is True
    assert watched(second.viewer.attempt).elsewhere_times == 1
    # Who has stopped, left, or has not said a word for a while, does not watch.
    first.viewer.say(("spent.8", "0,5,0"))
    assert second.viewer.play(20, 40)["elsewhere"] is False
    first.viewer.play(20, 40)
    second.viewer.now += timedelta(minutes=2)
    assert second.viewer.play(40, 60)["elsewhere"] is False


@pytest.mark.requirement("VID-05")
def test_a_hidden_page_is_noted(launch: Launch) -> None:
    viewer = launch(WHOLE).viewer
    viewer.open()
    viewer.say(("hidden.1", "1"), ("hidden.2", "1"))
    assert watched(viewer.attempt).hidden_times == 2


@pytest.mark.requirement("TRK-03")
def test_a_message_is_applied_once_however_often_it_comes(launch: Launch) -> None:
    viewer = launch(WHOLE).viewer
    viewer.open()
    viewer.now += timedelta(seconds=60)
    message = Message(2, "video", [("spent.1", "10,10,0"), ("played.1", "0,10")], finished=False)
    first = viewer.send(message)
    assert viewer.send(message) == first
    assert watched(viewer.attempt).played_seconds == 10
    with pytest.raises(Conflict, match="out_of_sequence"):
        viewer.send(Message(4, "video", [], finished=False))


@pytest.mark.requirement("VID-05")
def test_a_newer_window_takes_over_once_it_is_open(launch: Launch) -> None:
    first = launch(WHOLE)
    first.viewer.open()
    second = launch.again(first)  # type: ignore[attr-defined]
    first.viewer.play(0, 10)
    second.viewer.open()
    with pytest.raises(Conflict, match="superseded"):
        first.viewer.play(10, 20)
    assert watched(second.viewer.attempt).played == ((0.0, 10.0),)


def test_a_reset_begins_anew_and_keeps_what_was(launch: Launch, session: Session) -> None:
    first = launch(WatchingRule(Completion.PERCENT, 10))
    first.viewer.open()
    first.viewer.play(0, 30)
    record = first.viewer.record
    launches.reset(session, record.id, by=first.actor, now=first.viewer.now)
    second = launch.again(first)  # type: ignore[attr-defined]
    assert second.viewer.attempt_id != first.viewer.attempt_id
    assert watched(second.viewer.attempt).played == ()
    assert second.viewer.record.status == RecordStatus.COMPLETED


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ("played.1", "10"), ("played.1", "a,b"), ("played.1", "-1,5"), ("played.1", "0,1,2"),
        ("played.1", "nan,inf"), ("spent.1", "1,2"), ("position", "later"), ("ended", "yes"),
        ("hidden.1", ""), ("answer.1", "q1"), ("answer.1", "q1:x"), ("answer.1", ":1"),
        ("answer.1", "q1:" + ",".join("1" * 30)), ("cmi.score.raw", "100"), ("", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_and_the_rest_is_taken(
    launch: Launch, element: str, value: str
) -> None:
    viewer = launch(WHOLE, questions=[QUESTION]).viewer
    viewer.open()
    viewer.now += timedelta(seconds=30)
    answer = viewer.say((element, value), ("played.2", "0,5"))
    assert answer["rejected"] == [[element, "value_unusable"]]
    assert answer["played"] == [[0.0, 5.0]]


def test_an_answer_to_no_question_and_a_code_where_none_is_asked_change_nothing(
    launch: Launch,
) -> None:
    viewer = launch(WatchingRule(Completion.QUESTIONS)).viewer
    viewer.open()
    answer = viewer.say(("answer.1", "q9:0"), ("code", ""))
    assert (answer["answers"], answer["code_given"], answer["done"]) == ({}, False, False)


@pytest.mark.requirement("VID-03")
def test_the_last_answer_counts_and_tries_are_counted(launch: Launch) -> None:
    viewer = launch(WatchingRule(Completion.QUESTIONS), questions=[QUESTION]).viewer
    viewer.open()
    assert viewer.say(("answer.1", "q1:0"))["answers"] == {"q1": False}
    assert viewer.say(("answer.2", "q1:1"))["answers"] == {"q1": True}
    assert watched(viewer.attempt).answers["q1"].tries == 2


def test_a_preview_leaves_no_record(
    launch: Launch, session: Session, settings: Any, now: datetime
) -> None:
    from app.content.materials.queries import published_version  # noqa: PLC0415
    from app.learning.watching import service  # noqa: PLC0415

    found = launch(WHOLE)
    version = published_version(session, found.assigned.material_id)
    service.preview(
        session, version, Visit(Owner(found.actor.known_id), "ja", "/"), now=now, settings=settings
    )
    attempt = session.scalars(sa.select(Attempt).where(Attempt.record_id.is_(None))).one()
    viewer = type(found.viewer)(session, attempt.id, now)
    viewer.open()
    assert viewer.play(0, 120)["done"] is True


_TEXTS = strategies.text(max_size=30)
_ELEMENTS = strategies.sampled_from(
    ["played.1", "spent.1", "position", "ended", "hidden.1", "answer.1", "code", "x"]
)


@given(strategies.lists(strategies.tuples(_ELEMENTS, _TEXTS), max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_sent_is_read_or_rejected(changes: list[tuple[str, str]]) -> None:
    found = forms.told([Message(1, "video", changes, finished=False)])
    assert len(found.rejected) <= len(changes)
    assert all(stop >= 0 for _, stop in found.stretches)


def test_an_attempt_that_is_not_there_takes_nothing(launch: Launch) -> None:
    viewer = launch(WHOLE).viewer
    viewer.attempt_id = uuid.uuid4()
    with pytest.raises(Exception, match="not_found"):
        viewer.open()
