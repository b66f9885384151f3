"""What of an attempt on a SCORM course is still to be told."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.xapi.made import BUN
from tests.xapi.test_scorm_statements import answer
from xapi import statement
from xapi.scorm import telling
from xapi.scorm.seen import Left, Look, Outcome, Scene, Standing, Thing, Turn, Whole
from xapi.scorm.words import Verb
from xapi.statement import Version

START = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOME = "https://office.example.org/activities/"
SCENE = Scene(
    registration=uuid.UUID(int=5),
    actor=BUN,
    course=Thing(f"{HOME}course", "講座"),
    items={name: Thing(f"{HOME}{name}", f"項目 {name}") for name in "AB"},
    is_2004=True,
)
OPEN = Standing(Outcome())
DONE = Outcome("completed", "passed", scaled=0.9, raw=90.0, seconds=70.0)


def at(minutes: float) -> datetime:
    """Return so many minutes after the start."""
    return START + timedelta(minutes=minutes)


def begun(item: str, minutes: float, entry: str = "ab-initio", left: Left | None = None) -> Turn:
    """Return the turn to an item."""
    return Turn(at(minutes), item, entry, left)


def left(item: str, minutes: float, outcome: Outcome = DONE, **more: Any) -> Left:
    """Return an item as it was left."""
    return Left(item, at(minutes), **{"ending": Verb.TERMINATED, "outcome": outcome, **more})


class Story:
    """An attempt that is looked at again and again."""

    def __init__(self, scene: Scene = SCENE) -> None:
        self.scene = scene
        self.told: Mapping[str, Any] = {}
        self.ids: list[str] = []
        self.last: list[dict[str, Any]] = []

    def look(self, *turns: Turn, minutes: float, **more: Any) -> list[str]:
        """Return what a look tells: minute, verb, and the last part of what it is about."""
        items, whole = more.pop("items", {"A": OPEN}), more.pop("whole", Whole())
        look = Look(turns, items, whole, at(minutes), **more)
        self.last, told = telling.tell(self.scene, look, self.told)
        self.told = json.loads(json.dumps(told))  # as it is kept
        again, same = telling.tell(self.scene, replace(look, turns=()), self.told)
        assert (again, same) == ([], told)  # twice says nothing
        for each in self.last:
            statement.check(each, Version.OLD)
            assert each["context"]["registration"] == str(self.scene.registration)
            assert each["actor"] == BUN
        self.ids += [each["id"] for each in self.last]
        assert len(set(self.ids)) == len(self.ids)
        return [_short(each) for each in self.last]

    def said(self, verb: str) -> dict[str, Any]:
        """Return the one statement of the last look with this verb."""
        [found] = [each for each in self.last if each["verb"]["display"]["en"] == verb]
        return found


def _short(said: Mapping[str, Any]) -> str:
    when = datetime.fromisoformat(said["timestamp"]) - START
    thing = said["object"]["id"].removeprefix(HOME)
    return f"{when.total_seconds() / 60:g} {said['verb']['display']['en']} {thing}"


def groups(said: Mapping[str, Any]) -> list[str]:
    """Return the activities that a statement is grouped by."""
    grouping = said["context"]["contextActivities"]["grouping"]
    return [each["id"].removeprefix(HOME) for each in grouping]


def test_nothing_is_told_of_what_has_not_begun() -> None:
    assert Story().look(minutes=1, items={}) == []


def test_a_session_begins_comes_to_something_and_ends() -> None:
    story = Story()
    assert story.look(begun("A", 0), minutes=0) == ["0 initialized A"]
    [first] = story.last
    assert first["object"]["definition"]["name"] == {"und": "項目 A"}
    assert "result" not in first
    assert groups(first) == ["course", f"A/attempts/{SCENE.registration}/1"]
    assert first["context"]["contextActivities"]["category"][0]["id"] == (
        "https://w3id.org/xapi/scorm"
    )
    ended = {"A": Standing(DONE, ending=Verb.TERMINATED)}
    whole = Whole("passed", 0.9, at(2), 70.0)
    assert story.look(minutes=3, items=ended, whole=whole) == [
        "2 passed A",
        "2 completed A",
        "2 passed course",
        "2 completed course",
        "3 scored A",
        "3 terminated A",
        "3 scored course",
    ]
    score = {"scaled": 0.9, "raw": 90.0}
    assert story.said("terminated")["result"] == {
        "success": True,
        "completion": True,
        "score": score,
        "duration": "PT70S",
    }
    results = {_short(each)[2:]: each["result"] for each in story.last}
    assert results["passed A"] == {"success": True, "score": score}
    assert results["completed A"] == {"completion": True}
    assert results["scored A"] == {"score": score}
    assert results["completed course"] == {
        "completion": True,
        "success": True,
        "score": {"scaled": 0.9},
        "duration": "PT70S",
    }
    assert story.told["open"] == story.told["begun"] == ""


def test_what_is_suspended_is_resumed_within_the_same_attempt() -> None:
    story = Story()
    half = Outcome("incomplete", seconds=30.0)
    story.look(begun("A", 0), minutes=0)
    paused = {"A": Standing(half, ending=Verb.SUSPENDED)}
    assert story.look(minutes=2, items=paused) == ["2 suspended A"]
    assert story.said("suspended")["result"] == {"completion": False, "duration": "PT30S"}
    goes_on = begun("A", 5, "resume", left("A", 2, half, ending=Verb.SUSPENDED))
    assert story.look(goes_on, minutes=6, items={"A": Standing(half)}) == ["5 resumed A"]
    assert groups(story.said("resumed"))[1].endswith("/1")
    more = replace(half, seconds=45.5)
    assert story.look(minutes=7, items={"A": Standing(more, ending=Verb.TERMINATED)}) == [
        "7 terminated A"
    ]
    assert story.said("terminated")["result"]["duration"] == "PT15.5S"


def test_a_session_that_nobody_looked_at_is_told_of_all_the_same() -> None:
    story = Story()
    turns = (
        begun("A", 0),
        begun("A", 2, "resume", left("A", 1, Outcome("incomplete"), ending=Verb.SUSPENDED)),
        begun("B", 4, left=left("A", 3, DONE)),
        begun("A", 6, "", left("B", 5, Outcome(), ending=Verb.SUSPENDED)),
    )
    assert story.look(*turns, minutes=6, items={"A": Standing(DONE), "B": OPEN}) == [
        "0 initialized A",
        "1 suspended A",
        "2 resumed A",
        "3 scored A",
        "3 passed A",
        "3 completed A",
        "3 terminated A",
        "4 initialized B",
        "5 suspended B",
        "6 initialized A",
    ]
    assert groups(story.last[-1])[1].endswith("/2")  # its data is kept, and told no second time


def test_an_attempt_with_fresh_data_is_told_from_its_beginning() -> None:
    story = Story()
    given = answer(id="q", response="a", result="correct")
    failed = Outcome("completed", "failed", scaled=0.1, seconds=20.0)
    retried = begun(
        "A", 3, left=left("A", 2, failed, answers=(given, answer(id="r"), answer(result="x")))
    )
    standing = Standing(DONE, (given,))
    assert story.look(begun("A", 0), retried, minutes=4, items={"A": standing}) == [
        "0 initialized A",
        "2 responded A/interactions/q",
        "2 responded A/interactions/2",
        "2 scored A",
        "2 failed A",
        "2 completed A",
        "2 terminated A",
        "3 initialized A",
        "4 responded A/interactions/q",
        "4 scored A",
        "4 passed A",
        "4 completed A",
    ]
    numbers = [groups(each)[1][-1] for each in story.last]
    assert numbers == ["1"] * 7 + ["2"] * 5


def test_an_answer_is_told_once_and_again_when_it_is_another() -> None:
    story = Story()
    story.look(begun("A", 0), minutes=0)
    first = answer(id="q", kind="choice", response="a", result="incorrect", latency_seconds=3.5)

    def seen(*answers: Any, minutes: float) -> list[str]:
        return story.look(minutes=minutes, items={"A": Standing(Outcome(), answers)})

    assert seen(first, answer(id="r", kind="numeric"), minutes=1) == [
        "1 responded A/interactions/q"
    ]
    [said] = story.last
    assert said["result"] == {"response": "a", "success": False, "duration": "PT3.5S"}
    parents = said["context"]["contextActivities"]["parent"]
    assert [each["id"] for each in parents] == [f"{HOME}A"]
    given = answer(id="r", kind="numeric", response="7", result="1.5")
    again = replace(first, response="b", result="correct")
    assert seen(first, given, minutes=2) == ["2 responded A/interactions/r"]
    assert story.last[0]["result"] == {"response": "7", "score": {"raw": 1.5}}
    assert seen(again, given, minutes=3) == ["3 responded A/interactions/q"]
    assert seen(first, given, minutes=4) == ["4 responded A/interactions/q"]
    assert seen(answer(id="q"), given, minutes=5) == []


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("2026-11-23T13:02:00+09:00", 2),
        ("2026-11-23T03:59:00Z", 5),  # before its session
        ("2026-11-23T04:06:00Z", 5),  # after it was seen
        ("13:02:00", 5),
        (None, 5),
    ],
)
def test_a_learners_clock_is_believed_as_far_as_it_can_be_right(
    written: str | None, minutes: int
) -> None:
    story = Story()
    given = answer(id="q", response="a", at=written)
    items = {"A": Standing(Outcome(), (given,))}
    assert story.look(begun("A", 1), minutes=5, items=items)[1:] == [
        f"{minutes} responded A/interactions/q"
    ]


def test_scores_and_judgements_are_told_as_they_change() -> None:
    story = Story()
    story.look(begun("A", 0), minutes=0)

    def seen(minutes: float, outcome: Outcome, whole: Whole) -> list[str]:
        return story.look(minutes=minutes, items={"A": Standing(outcome)}, whole=whole)

    failed = Outcome("completed", "failed", scaled=0.2)
    assert seen(1, failed, Whole("failed", 0.2)) == [
        "1 scored A",
        "1 failed A",
        "1 completed A",
        "1 scored course",
        "1 failed course",
    ]
    assert story.last[-1]["result"] == {"success": False, "score": {"scaled": 0.2}}
    revoked = Outcome("incomplete", "unknown", scaled=0.2)
    assert seen(2, revoked, Whole("in_progress", 0.2)) == []
    assert seen(3, Outcome("incomplete"), Whole("in_progress")) == []
    whole = Whole("completed", None, at(4))
    assert seen(5, Outcome("completed"), whole) == ["4 completed A", "4 completed course"]
    assert story.last[-1]["result"] == {"completion": True}
    assert seen(6, Outcome("completed"), Whole("in_progress")) == []
    assert seen(8, Outcome("completed"), Whole("completed", None, at(7))) == ["7 completed course"]


def test_an_item_was_done_when_the_course_was_if_that_was_in_its_session() -> None:
    done = Outcome("completed")
    turns = begun("A", 0), begun("B", 4, left=left("A", 3, done))
    items = {"A": Standing(done), "B": Standing(done)}
    story = Story()
    assert story.look(*turns, minutes=6, items=items, whole=Whole("completed", None, at(2))) == [
        "0 initialized A",
        "2 completed A",
        "2 completed course",
        "3 terminated A",
        "4 initialized B",
        "6 completed B",
    ]


def test_what_changes_of_an_item_that_is_not_open_is_told_too() -> None:
    story = Story()
    story.look(begun("A", 0), begun("B", 1, left=left("A", 1, Outcome())), minutes=1,
               items={"A": OPEN, "B": OPEN})  # fmt: skip
    late = {"A": Standing(Outcome("completed")), "B": OPEN}
    assert story.look(minutes=3, items=late, whole=Whole("completed", None, at(2))) == [
        "2 completed course",
        "3 completed A",
    ]


def test_a_turn_that_leads_nowhere_ends_what_was_open() -> None:
    story = Story()
    story.look(begun("A", 0), minutes=0)
    away = Turn(at(2), left=left("A", 2, Outcome("incomplete"), ending=Verb.SUSPENDED))
    assert story.look(away, minutes=2, items={"A": OPEN}) == ["2 suspended A"]
    # And once more: there is nothing left to end.
    assert story.look(away, minutes=2, items={"A": OPEN}) == []


def test_an_open_session_that_nothing_can_come_of_any_more_has_ended() -> None:
    story = Story()
    story.look(begun("A", 0), minutes=0)
    assert story.look(minutes=1, items={"A": OPEN}) == []
    assert story.look(minutes=1, items={"A": OPEN}, ending=Verb.SUSPENDED) == ["1 suspended A"]
    assert "result" not in story.last[0]


def test_an_asset_is_done_at_the_moment_it_is_shown() -> None:
    story = Story()
    shown = {"A": Standing(Outcome("completed"), ending=Verb.TERMINATED)}
    # Something was committed before, by another item.
    assert story.look(begun("A", 2), minutes=1, items=shown) == [
        "2 initialized A",
        "2 completed A",
        "2 terminated A",
    ]


def test_what_was_there_before_anything_was_told_is_taken_as_it_stands() -> None:
    story = Story()
    given = answer(id="q", response="a")
    items = {"A": Standing(DONE, (given, answer(id="r"))), "B": Standing(DONE)}
    turn = begun("A", 9, "resume", left("A", 3, DONE, ending=Verb.SUSPENDED))
    whole = Whole("passed", 0.9, at(2))
    assert story.look(turn, minutes=9, items=items, whole=whole) == ["9 resumed A"]
    assert groups(story.last[0])[1].endswith("/1")
    more = Standing(replace(DONE, seconds=80.0), (given, answer(id="r", response="b")))
    items = {"A": replace(more, ending=Verb.TERMINATED), "B": Standing(replace(DONE, scaled=1.0))}
    assert story.look(minutes=10, items=items, whole=whole) == [
        "10 responded A/interactions/r",
        "10 terminated A",
    ]
    assert story.said("terminated")["result"]["duration"] == "PT10S"


def test_what_was_left_behind_before_anything_was_told_is_not_told() -> None:
    story = Story()
    items = {"A": Standing(DONE), "B": OPEN}
    assert story.look(begun("B", 9, left=left("A", 3)), minutes=9, items=items) == [
        "9 initialized B"
    ]
