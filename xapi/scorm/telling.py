"""What of an attempt on a SCORM course is still to be told: what stands, held against what was.

An attempt is looked at now and then. Its turns (an item was begun, or left) were noted when they
came, all else is read from how its items stand. `tell` makes statements of the difference and
returns what is told now, as a document:

`said`    how many statements were made
`open`    identifier of the item whose session has begun and was not told to have ended; "" for none
`begun`   when that session began
`items`   identifier → what was told of it (`_Item`)
`course`  `is_completed`, `status` and `score` of the whole
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from xapi.errors import Invalid
from xapi.scorm import statements
from xapi.scorm.seen import FRESH, RESUMED, Answer, Look, Outcome, Scene, Standing, Turn
from xapi.scorm.words import PROFILE, Verb
from xapi.speech import Speech, period
from xapi.values import moment, written

#: Of success, what is told as it comes.
_JUDGED: Final = {"passed": Verb.PASSED, "failed": Verb.FAILED}


@dataclass
class _Item:
    """What was told of an item."""

    #: Its sessions, and its attempts: those of them that did not go on with the one before.
    sessions: int = 0
    attempts: int = 0
    completion: str = ""
    success: str = ""
    score: list[float | None] | None = None
    #: Time that was told of in its sessions so far.
    seconds: float = 0.0
    #: Of each answer by its place what was told.
    answers: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, standing: Standing) -> _Item:
        """Return an item of which all that stands counts as told."""
        marks = [each.mark for each in standing.answers]
        item = cls(seconds=standing.outcome.seconds, answers=marks)
        item.take(standing.outcome)
        return item

    def take(self, outcome: Outcome) -> None:
        """Take what content has come to for told."""
        self.completion, self.success = outcome.completion, outcome.success
        self.score = outcome.score or self.score


def tell(
    scene: Scene, look: Look, told: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the statements that are new, in their order, and what is told with them.

    `told` is empty at first. An attempt that was begun before anything was told is taken as it
    stands: when that came about is not known.
    """
    telling = _Telling(scene, look, told)
    if not told and look.turns and look.turns[0].left:
        telling.take_up()
    for turn in look.turns:
        telling.turn(turn)
    telling.look_around()
    return telling.speech.in_order(), telling.document()


class _Telling:
    """One look at an attempt."""

    def __init__(self, scene: Scene, look: Look, told: Mapping[str, Any]) -> None:
        self.scene, self.look = scene, look
        self.speech = Speech(scene.registration, scene.actor, PROFILE, told.get("said", 0))
        self.open: str = told.get("open", "")
        self.begun = moment(told["begun"]) if self.open else look.at
        self.items = {name: _Item(**each) for name, each in told.get("items", {}).items()}
        self.course: Mapping[str, Any] = told.get(
            "course", {"is_completed": False, "status": "", "score": None}
        )

    def document(self) -> dict[str, Any]:
        """Return what is told now."""
        return {
            "said": self.speech.said,
            "open": self.open,
            "begun": written(self.begun) if self.open else "",
            "items": {name: asdict(each) for name, each in self.items.items()},
            "course": self.course,
        }

    def take_up(self) -> None:
        """Take all that stands for told."""
        self.items = {name: _Item.of(standing) for name, standing in self.look.items.items()}
        self.course = self._course()

    def turn(self, turn: Turn) -> None:
        """Tell of what was left, then of what was begun."""
        left = turn.left
        if left:
            stands = self.look.items[left.item].answers
            answers = stands if left.answers is None else left.answers
            self._facts(left.item, left.outcome, answers, left.at)
            if self.open:
                self._end(left.ending, left.outcome, left.at)
        if turn.item:
            self._begin(turn.item, turn.entry, turn.at)

    def look_around(self) -> None:
        """Tell of how all stands now."""
        at = max(self.look.at, self.begun)
        for name, standing in self.look.items.items():
            self._facts(name, standing.outcome, standing.answers, at)
        if self.open:
            standing = self.look.items[self.open]
            ending = standing.ending or self.look.ending
            if ending:
                self._end(ending, standing.outcome, at)
        self._whole(at)

    def _begin(self, name: str, entry: str, at: datetime) -> None:
        item = self.items.get(name, _Item())
        if entry == FRESH:
            item = _Item(item.sessions, item.attempts)
        item.sessions += 1
        item.attempts += entry != RESUMED or item.attempts == 0
        self.items[name], self.open, self.begun = item, name, at
        self._say(Verb.RESUMED if entry == RESUMED else Verb.INITIALIZED, name, at)

    def _end(self, ending: Verb, outcome: Outcome, at: datetime) -> None:
        item = self.items[self.open]
        spent = outcome.seconds - item.seconds
        self._say(ending, self.open, at, statements.result(outcome, spent))
        item.seconds = outcome.seconds
        self.open = ""

    def _facts(self, name: str, outcome: Outcome, answers: Sequence[Answer], at: datetime) -> None:
        """Tell what is new of an item, if it was begun since anything is told."""
        item = self.items.get(name)
        if item is None or not item.sessions:
            return
        item.answers += [""] * (len(answers) - len(item.answers))
        for place, answer in enumerate(answers):
            if answer.is_given and answer.mark != item.answers[place]:
                item.answers[place] = answer.mark
                self._respond(name, place, answer, at)
        score, done_at = statements.scored(outcome), self._done_at(name, at)
        if score and outcome.score != item.score:
            self._say(Verb.SCORED, name, at, score)
        if outcome.success != item.success and outcome.success in _JUDGED:
            success = {"success": outcome.success == "passed"}
            self._say(_JUDGED[outcome.success], name, done_at, success | score)
        if outcome.completion != item.completion and outcome.completion == "completed":
            self._say(Verb.COMPLETED, name, done_at, {"completion": True})
        item.take(outcome)

    def _done_at(self, name: str, at: datetime) -> datetime:
        """Return when an item was done: with the course, if that has been in its session."""
        completed_at = self._completed_at
        is_with = completed_at and name == self.open and self.begun <= completed_at <= at
        return completed_at if completed_at and is_with else at

    def _respond(self, name: str, place: int, answer: Answer, at: datetime) -> None:
        thing, is_2004 = self.scene.items[name], self.scene.is_2004
        self.speech.say(
            Verb.RESPONDED,
            statements.interaction(thing, place, answer, is_2004=is_2004),
            self._when(name, answer, at),
            result=statements.answered(answer, is_2004=is_2004),
            around={"parent": [statements.lesson(thing)], **self._grouping(name)},
        )

    def _when(self, name: str, answer: Answer, at: datetime) -> datetime:
        """Return when an answer was given, as far as the learner's clock can be believed."""
        try:
            said = moment(answer.at)
        except Invalid:  # nothing, or a time of day
            return at
        return said if name == self.open and self.begun <= said <= at else at

    def _say(
        self, verb: Verb, name: str, at: datetime, result: Mapping[str, Any] | None = None
    ) -> None:
        lesson = statements.lesson(self.scene.items[name])
        self.speech.say(verb, lesson, at, result=result, around=self._grouping(name))

    def _grouping(self, name: str) -> dict[str, Any]:
        thing, number = self.scene.items[name], self.items[name].attempts
        attempt = statements.sco_attempt(thing, self.scene.registration, number)
        return {"grouping": [statements.course(self.scene.course), attempt]}

    @property
    def _completed_at(self) -> datetime | None:
        """When the course was completed; None where that was told, or is not so."""
        return None if self.course["is_completed"] else self.look.whole.completed_at

    def _whole(self, at: datetime) -> None:
        """Tell what is new of the course (7, Course Status)."""
        whole, told, completed_at = self.look.whole, self.course, self._completed_at
        course = statements.course(self.scene.course)
        score = {} if whole.score is None else {"score": {"scaled": whole.score}}
        success = {"success": whole.status == "passed"} if whole.status in _JUDGED else {}
        if score and whole.score != told["score"]:
            self.speech.say(Verb.SCORED, course, at, result=score)
        if success and whole.status != told["status"]:
            when = completed_at or at
            self.speech.say(_JUDGED[whole.status], course, when, result=success | score)
        if completed_at:
            spent = {"duration": period(whole.seconds)} if whole.seconds > 0 else {}
            result = {"completion": True, **success, **score, **spent}
            self.speech.say(Verb.COMPLETED, course, completed_at, result=result)
        self.course = self._course()

    def _course(self) -> dict[str, Any]:
        whole = self.look.whole
        is_completed = whole.completed_at is not None
        return {"is_completed": is_completed, "status": whole.status, "score": whole.score}
