"""What no player would send: more than the clock allows, in small coin, by the thousand."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.content.videos.models import Completion, WatchingRule
from app.learning.records.states import RecordStatus
from app.learning.watching import forms, service
from app.learning.watching.models import NEAR, SLACK, Watched
from tests.learning.watching.conftest import Launch, Viewer
from xapi import video

WHOLE = WatchingRule(Completion.WHOLE)
BOUND = WatchingRule(Completion.WHOLE, is_bound=True)
QUESTION = {"id": "q1", "at": 35.0, "text": "出口は？", "choices": ["東", "西"], "right": [2, 0]}


def watched(viewer: Viewer) -> Watched:
    return Watched.of(viewer.attempt.document)


@pytest.mark.requirement("VID-04")
def test_slack_is_given_once_and_comes_back_with_time(launch: Launch) -> None:
    viewer = launch(BOUND).viewer
    viewer.open()
    for start in range(0, 120, 10):
        viewer.say((f"played.{start}", f"{start},{start + 10}"), (f"spent.{start}", "10,10,10"))
    found = watched(viewer)
    assert found.played == ((0.0, SLACK),)
    assert found.doubted_seconds == 120 - SLACK
    assert found.played_seconds == found.present_seconds == found.hidden_seconds == SLACK
    viewer.now += timedelta(seconds=4)
    viewer.say()
    viewer.say(("played.1", "10,20"))
    assert watched(viewer).played == ((0.0, SLACK + 4),)


@pytest.mark.requirement("VID-04")
def test_launching_again_and_again_gives_no_more_than_time_does(launch: Launch) -> None:
    found = launch(WHOLE)
    for _ in range(5):
        found.viewer.say(("played.1", "0,120"))
        found = launch.again(found)  # type: ignore[attr-defined]
    assert watched(found.viewer).played == ((0.0, SLACK),)
    found.viewer.now += timedelta(hours=1)
    found.viewer.say(("played.1", "10,120"))
    assert watched(found.viewer).played == ((0.0, 2 * SLACK),)


@pytest.mark.requirement("VID-04")
def test_small_stretches_with_gaps_that_close_cost_what_they_come_to(launch: Launch) -> None:
    viewer = launch(WHOLE).viewer
    viewer.open()
    small = [(place * 0.5, place * 0.5 + 0.05) for place in range(240)]
    viewer.say(*((f"played.{n}", f"{a:.2f},{b:.2f}") for n, (a, b) in enumerate(small)))
    assert watched(viewer).progress <= SLACK / 120
    assert viewer.record.status == RecordStatus.IN_PROGRESS


@pytest.mark.requirement("VID-04")
def test_who_is_bound_may_begin_a_frame_beyond_and_no_further(launch: Launch) -> None:
    viewer = launch(BOUND).viewer
    viewer.open()
    viewer.play(0, 10)
    viewer.play(10 + NEAR - 0.1, 20)
    assert watched(viewer).played == ((0.0, 10.0), (10.9, 20.0))
    viewer.play(20 + NEAR, 30)
    assert watched(viewer).doubted_seconds == 9


def test_a_film_torn_into_more_parts_than_a_hand_can_make_grows_no_more(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_PARTS", 3)
    viewer = launch(WHOLE).viewer
    viewer.open()
    viewer.now += timedelta(seconds=60)
    viewer.say(*((f"played.{n}", f"{n * 10},{n * 10 + 1}") for n in range(5)))
    assert len(watched(viewer).played) == 3
    assert watched(viewer).doubted_seconds == 2
    viewer.play(0, 30)  # what closes gaps is taken even then
    assert watched(viewer).played == ((0.0, 30.0),)


def test_more_of_a_kind_than_one_message_may_hold_is_rejected(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MOST_STRETCHES", 2)
    viewer = launch(WHOLE, code="HINAN9").viewer
    viewer.open()
    answer = viewer.say(
        *((f"played.{n}", f"{n},{n + 1}") for n in range(3)),
        *(("code", f"guess {n}") for n in range(forms.MOST_CODES)),
        ("code", "HINAN9"),
        ("code", "x" * 200),
        ("position", "3"),
    )
    assert answer["rejected"] == [
        ["played.2", "value_unusable"], ["code", "value_unusable"], ["code", "value_unusable"],
    ]  # fmt: skip
    assert answer["played"] == [[0.0, 2.0]]
    assert answer["code_given"] is False
    assert watched(viewer).position == 3


def test_the_answer_names_some_of_what_it_rejects_and_says_that_there_is_more(
    launch: Launch,
) -> None:
    viewer = launch(WHOLE).viewer
    answer = viewer.say(*(("x" * 500, "") for _ in range(5_000)), ("position", "7"))
    assert len(answer["rejected"]) == forms.MOST_REJECTED + 1
    assert answer["rejected"][0] == ["x" * 100, "value_unusable"]
    assert answer["rejected"][-1] == ["", "more_unusable"]
    assert watched(viewer).position == 7


def test_a_code_typed_wrongly_after_the_right_one_takes_nothing_back(launch: Launch) -> None:
    viewer = launch(WatchingRule(Completion.CODE), code="HINAN9").viewer
    viewer.open()
    assert viewer.say(("code", "hinan9"), ("code", "hinan8"))["done"] is True


def test_right_choices_are_right_in_any_order(launch: Launch) -> None:
    viewer = launch(WatchingRule(Completion.QUESTIONS), questions=[QUESTION]).viewer
    viewer.open()
    assert viewer.say(("answer.1", "q1:2,0"))["answers"] == {"q1": True}


@pytest.mark.parametrize("percent", [99, 100])
def test_all_of_a_film_is_all_but_its_last_second(launch: Launch, percent: int) -> None:
    viewer = launch(WatchingRule(Completion.PERCENT, percent)).viewer
    viewer.open()
    assert viewer.play(0, 118.7)["done"] is False
    assert viewer.play(118.7, 119.1)["done"] is True


def test_a_film_of_a_moment_is_not_watched_by_opening_it(launch: Launch) -> None:
    viewer = launch(WHOLE, duration=0.8).viewer
    assert viewer.open()["done"] is False
    assert viewer.play(0, 0.8)["done"] is True


def test_the_end_is_not_reached_by_a_word_about_what_is_not_believed(launch: Launch) -> None:
    viewer = launch(WatchingRule(Completion.END)).viewer
    viewer.open()
    assert viewer.say(("played.1", "60,120"), ("ended", "1"))["done"] is False


def test_gaps_that_close_are_no_way_to_more_than_the_clock_allows(launch: Launch) -> None:
    viewer = launch(WHOLE).viewer
    viewer.open()
    begun = viewer.now
    for place in range(120):
        viewer.now += timedelta(seconds=0.1)
        # A moment, so near before the next one that the gap between them closes.
        start = 100 - place * 0.49
        viewer.say(("played.1", f"{start:.2f},{start + 0.01:.2f}"))
    clock = (viewer.now - begun).total_seconds()
    assert video.length(watched(viewer).played) <= clock * service.FASTEST + SLACK


def test_what_is_cut_short_near_the_next_part_counts_but_for_a_moment(launch: Launch) -> None:
    viewer = launch(WHOLE).viewer
    viewer.open()
    viewer.now += timedelta(seconds=20)
    viewer.say(("played.1", "60,80"))
    viewer.now += timedelta(seconds=14.8)
    viewer.say(("played.1", "20,60"))
    found = watched(viewer)
    assert found.played == ((20.0, pytest.approx(59.1)), (60.0, 80.0))
    assert found.doubted_seconds == pytest.approx(0.9)


_TENTHS = st.integers(0, 1500).map(lambda tenth: tenth / 10)
_STRETCHES = st.lists(st.tuples(_TENTHS, _TENTHS), max_size=5)
_COMMITS = st.lists(st.tuples(st.integers(0, 40), _STRETCHES), max_size=6)


@given(_COMMITS, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@pytest.mark.requirement("VID-04")
def test_no_more_is_believed_than_the_clock_allows_whatever_is_sent(
    launch: Launch, commits: list[tuple[int, list[tuple[float, float]]]], is_bound: bool
) -> None:
    viewer = launch(BOUND if is_bound else WHOLE).viewer
    viewer.open()
    begun, before = viewer.now, watched(viewer)
    for passed, stretches in commits:
        viewer.now += timedelta(seconds=passed)
        changes: list[Any] = [(f"played.{n}", f"{a},{b}") for n, (a, b) in enumerate(stretches)]
        viewer.say(*changes, ("spent.1", "50,90,70"))
        found = watched(viewer)
        clock = (viewer.now - begun).total_seconds()
        speed = 1.0 if is_bound else service.FASTEST
        assert video.length(found.played) <= clock * speed + SLACK + 0.01
        assert found.present_seconds <= clock + SLACK
        assert found.progress >= before.progress
        assert found.doubted_seconds >= before.doubted_seconds
        assert all(a[1] + video.GAP <= b[0] + 0.001 for a, b in pairwise(found.played))
        if is_bound:
            assert all(b[0] - a[1] <= NEAR for a, b in pairwise(found.played))
        before = found
