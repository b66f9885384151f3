"""What of an attempt at a video is still to be told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.xapi.made import BUN
from xapi import statement, video_telling
from xapi.statement import Version
from xapi.video_telling import Look, Opening, Scene, Watched

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
FILM = "https://office.example.org/activities/film"
SCENE = Scene(uuid.UUID(int=5), BUN, FILM, "動画", length=120.0, threshold=1.0)
EXTENSIONS = "https://w3id.org/xapi/video/extensions/"
NOTHING = Watched()
SOME = Watched(30.0, ((0.0, 30.0),), 30.0)
ALL = Watched(119.9996, ((0.0, 119.95),), 150.0)


def at(minutes: float) -> datetime:
    """Return so many minutes after the start."""
    return START + timedelta(minutes=minutes)


def opened(minutes: float, left: Watched = NOTHING, left_at: float | None = None) -> Opening:
    """Return that a player was opened."""
    return Opening(at(minutes), at(minutes if left_at is None else left_at), left)


class Story:
    """An attempt that is looked at again and again."""

    def __init__(self, scene: Scene = SCENE) -> None:
        self.scene = scene
        self.told: Mapping[str, Any] = {}
        self.last: list[dict[str, Any]] = []

    def look(self, *openings: Opening, minutes: float, **more: Any) -> list[str]:
        """Return what a look tells: minute and verb."""
        look = Look(openings, more.pop("watched", NOTHING), at(minutes), **more)
        self.last, told = video_telling.tell(self.scene, look, self.told)
        self.told = json.loads(json.dumps(told))  # as it is kept
        again = video_telling.tell(self.scene, replace(look, openings=()), self.told)
        assert again == ([], told)  # twice says nothing
        for each in self.last:
            statement.check(each, Version.OLD)
            assert each["context"]["registration"] == str(self.scene.registration)
            assert each["object"]["id"] == FILM
        return [_short(each) for each in self.last]


def _short(said: Mapping[str, Any]) -> str:
    when = datetime.fromisoformat(said["timestamp"]) - START
    return f"{when.total_seconds() / 60:g} {said['verb']['display']['en']}"


def around(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the extensions of a statement's context by their short names."""
    found = said["context"]["extensions"]
    return {name.removeprefix(EXTENSIONS): value for name, value in found.items()}


def seen(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the extensions of a statement's result by their short names."""
    found = said["result"]["extensions"]
    return {name.removeprefix(EXTENSIONS): value for name, value in found.items()}


def test_nothing_is_told_of_what_nobody_has_opened() -> None:
    assert Story().look(minutes=1) == []


def test_a_session_is_opened_paused_and_over() -> None:
    story = Story()
    assert story.look(opened(0), minutes=0, is_playing=True) == ["0 initialized"]
    [first] = story.last
    assert first["object"]["definition"] == {
        "name": {"und": "動画"},
        "type": "https://w3id.org/xapi/video/activity-type/video",
    }
    assert "result" not in first
    assert around(first) == {"length": 120.0, "session-id": first["id"]}
    assert story.look(minutes=1, watched=SOME, is_playing=True) == []
    assert story.look(minutes=2, watched=SOME) == ["2 paused"]
    [paused] = story.last
    assert paused["verb"]["id"] == "https://w3id.org/xapi/video/verbs/paused"
    assert seen(paused) == {"time": 30.0, "progress": 0.25, "played-segments": "0[.]30"}
    assert around(paused) == around(first)
    [category] = paused["context"]["contextActivities"]["category"]
    assert category["id"] == "https://w3id.org/xapi/video"
    assert story.look(minutes=2, watched=SOME, is_over=True) == ["2 terminated"]
    assert seen(story.last[0]) == seen(paused)
    assert story.told["session"] == ""


def test_a_pause_comes_before_the_end_of_what_was_playing() -> None:
    story = Story()
    story.look(opened(0), minutes=0, is_playing=True)
    assert story.look(minutes=3, watched=SOME, is_playing=True, is_over=True) == [
        "3 paused",
        "3 terminated",
    ]


def test_what_is_opened_again_ends_the_session_before_as_it_was_left() -> None:
    story = Story()
    story.look(opened(0), minutes=0)
    again = opened(9, SOME, left_at=5)
    more = Watched(50.0, ((0.0, 30.0), (40.0, 50.0)), 40.0)
    assert story.look(again, minutes=10, watched=more) == [
        "5 paused",
        "5 terminated",
        "9 initialized",
        "10 paused",
    ]
    first, _, second, last = story.last
    assert seen(first)["played-segments"] == "0[.]30"
    assert seen(last)["played-segments"] == "0[.]30[,]40[.]50"
    assert around(first)["session-id"] != around(second)["session-id"] == second["id"]
    assert around(last)["session-id"] == second["id"]


def test_where_nothing_was_played_nothing_was_paused() -> None:
    story = Story()
    story.look(opened(0), minutes=1, watched=SOME)
    assert story.look(opened(3, SOME, 1), minutes=4, watched=SOME) == [
        "1 terminated",
        "3 initialized",
    ]
    assert story.look(minutes=4, watched=SOME, is_over=True) == ["4 terminated"]
    assert story.look(minutes=4, watched=SOME, is_over=True) == []


def test_what_is_played_a_second_time_is_paused_too() -> None:
    story = Story()
    story.look(opened(0), minutes=1, watched=SOME)
    twice = replace(SOME, seconds=45.0, position=15.0)
    assert story.look(minutes=2, watched=twice) == ["2 paused"]
    assert seen(story.last[0]) == {"time": 15.0, "progress": 0.25, "played-segments": "0[.]30"}


def test_a_video_is_completed_once_in_the_session_in_which_it_was() -> None:
    story = Story()
    story.look(opened(0), minutes=0)
    done = {"watched": ALL, "completed_at": at(2)}
    assert story.look(opened(5, ALL, left_at=3), minutes=5, **done) == [
        "2 completed",
        "3 paused",
        "3 terminated",
        "5 initialized",
    ]
    completed, paused, *_ = story.last
    assert completed["result"]["completion"] is True
    assert completed["result"]["duration"] == "PT150S"
    assert seen(completed) == {
        "time": 120.0,
        "progress": 0.999,  # what is not whole is not called so
        "played-segments": "0[.]119.95",
    }
    assert around(completed) == around(paused)
    assert "completion" not in paused["result"]
    again = replace(ALL, seconds=160.0)
    assert story.look(minutes=7, **{**done, "watched": again}) == ["7 paused"]


def test_what_is_completed_in_the_newest_session_is_told_as_of_that() -> None:
    story = Story()
    openings = opened(0), opened(5, SOME, left_at=3)
    assert story.look(*openings, minutes=6, watched=ALL, completed_at=at(6), is_playing=True) == [
        "0 initialized",
        "3 paused",
        "3 terminated",
        "5 initialized",
        "6 completed",
    ]
    assert around(story.last[-1])["session-id"] == story.last[-2]["id"]


def test_the_share_that_is_asked_for_is_told_where_it_is_not_the_whole() -> None:
    story = Story(replace(SCENE, threshold=0.8))
    story.look(opened(0), minutes=1, watched=ALL, completed_at=at(1))
    assert {around(each)["completion-threshold"] for each in story.last} == {0.8}


@pytest.mark.parametrize("threshold", [1.0, None])
def test_a_completion_by_something_else_does_not_speak_for_the_profile(
    threshold: float | None,
) -> None:
    story = Story(replace(SCENE, threshold=threshold))
    told = story.look(opened(0), minutes=1, watched=SOME, completed_at=at(1), is_playing=True)
    assert told == ["0 initialized", "1 completed"]
    first, second = story.last
    assert "completion-threshold" not in around(second)
    assert "category" in first["context"]["contextActivities"]
    related = second["context"].get("contextActivities", {})
    assert ("category" in related) is (threshold is not None)


def test_what_was_completed_before_anything_was_told_is_not_told() -> None:
    story = Story()
    done = {"watched": ALL, "completed_at": at(1)}
    assert story.look(opened(9, ALL, left_at=2), minutes=9, **done) == ["9 initialized"]
    assert story.told["is_completed"]
