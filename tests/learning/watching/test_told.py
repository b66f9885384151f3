"""What is watched of a video is told to the record store, in the words of the Video Profile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.content.videos.models import Completion, WatchingRule
from app.kernel.settings import Settings
from app.learning.statements.models import XapiStatement
from app.learning.turns.models import AttemptTold
from tests.learning.telling.conftest import Teller
from tests.learning.watching.conftest import Launch, Watching
from tests.training import counting

WHOLE = WatchingRule(Completion.WHOLE)
MINUTE = timedelta(minutes=1)
EXTENSIONS = "https://w3id.org/xapi/video/extensions/"


@pytest.fixture
def watching(launch: Launch) -> Watching:
    """Somebody at a video of two minutes, all of which is to be watched."""
    return launch(WHOLE)


@pytest.fixture
def teller(watching: Watching, session: Session, settings: Settings) -> Teller:
    """Who tells of it."""
    return Teller(session, settings, watching.viewer.attempt)


def verbs(told: list[str]) -> list[str]:
    """Return the verbs alone: all of it is about the one video."""
    assert all(each.endswith(" course") for each in told)
    return [each.removesuffix(" course") for each in told]


def seen(said: dict[str, Any]) -> list[Any]:
    """Return time, progress and segments of a statement."""
    extensions = said["result"]["extensions"]
    return [extensions[EXTENSIONS + name] for name in ("time", "progress", "played-segments")]


def test_a_video_that_is_watched_in_parts(
    launch: Launch, watching: Watching, teller: Teller
) -> None:
    viewer = watching.viewer
    opened = viewer.now
    viewer.open()
    viewer.play(0, 30)
    assert verbs(teller.at(opened + MINUTE)) == ["initialized"]
    session_id = teller.last[0]["id"]
    assert teller.last[0]["object"]["definition"]["name"] == {"und": "火災のときの動き方"}
    viewer.say(("spent.9", "0,5,0"), leaving=True)
    left = viewer.now
    assert verbs(teller.at(left + 3 * MINUTE)) == ["paused"]
    assert seen(teller.last[0]) == [30, 0.25, "0[.]30"]
    later = launch.again(watching)  # type: ignore[attr-defined] # see the fixture
    viewer = later.viewer
    viewer.now += timedelta(hours=1)
    again = viewer.now
    viewer.open()
    viewer.play(60, 120)
    viewer.play(30, 60, ("ended", "1"))
    assert viewer.attempt.status == "completed"
    told = teller.at(viewer.now + MINUTE)
    assert verbs(told) == ["terminated", "initialized", "completed"]
    assert teller.times() == [left, again, viewer.now]
    terminated, initialized, completed = teller.last
    sessions = [each["context"]["extensions"][f"{EXTENSIONS}session-id"] for each in teller.last]
    assert sessions == [session_id, initialized["id"], initialized["id"]]
    assert seen(terminated) == [30, 0.25, "0[.]30"]
    assert seen(completed) == [60, 1.0, "0[.]120"]
    assert completed["result"]["duration"] == "PT120S"
    assert completed["context"]["contextActivities"]["category"][0]["id"] == (
        "https://w3id.org/xapi/video"
    )
    told = teller.at(viewer.now + timedelta(hours=13))
    assert verbs(told) == ["paused", "terminated"]
    assert teller.row.next_at is None
    assert teller.row.told["session"] == ""


def test_a_window_that_is_gone_is_told_of_when_its_launch_is_over(
    watching: Watching, teller: Teller
) -> None:
    viewer = watching.viewer
    viewer.open()
    viewer.play(0, 30)  # and the line is cut
    teller.at(viewer.now + MINUTE)
    due = teller.row.next_at
    while due is not None:
        told = teller.at(due)
        due = teller.row.next_at
    assert verbs(told) == ["paused", "terminated"]
    assert teller.times() == [viewer.now] * 2


def test_what_a_share_completes_says_which_and_what_else_does_is_not_the_profiles(
    launch: Launch, session: Session, settings: Settings
) -> None:
    for rule, share in (
        (WatchingRule(Completion.PERCENT, 10), 0.1),
        (WatchingRule(Completion.OPENED), None),
    ):
        viewer = launch(rule).viewer
        teller = Teller(session, settings, viewer.attempt)
        viewer.open()
        viewer.play(0, 20)
        teller.read = counting.rows(session, XapiStatement)
        assert verbs(teller.at(viewer.now + MINUTE)) == ["initialized", "completed"]
        completed = teller.last[-1]["context"]
        assert completed["extensions"].get(f"{EXTENSIONS}completion-threshold") == share
        assert ("contextActivities" in completed) is (share is not None)


def test_a_preview_is_not_told_of(watching: Watching, session: Session) -> None:
    attempt = watching.viewer.attempt
    record, attempt.record_id = attempt.record_id, None
    session.flush()
    watching.viewer.open()
    assert record is not None
    assert counting.rows(session, AttemptTold) == 0


def test_a_commit_notes_nothing_but_the_first_of_a_launch(
    watching: Watching, teller: Teller
) -> None:
    viewer = watching.viewer
    viewer.open()
    noted = teller.row.turns
    viewer.play(0, 20)
    assert (len(noted), teller.row.turns) == (1, noted)
