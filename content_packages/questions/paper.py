"""A test's paper: its rules and its sections of questions, and what one sitting is asked of it.

A section asks all its questions or draws some of them; who sits gets what their seed draws, and
always the same. Pure: no clock, no chance of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from content_packages.questions import marking
from content_packages.questions.item import Question, arranged, draw, from_document, to_document


class Feedback(StrEnum):
    """When explanations and right answers are shown: しない, 受験のつど, 合格後, 終了後."""

    NEVER = "never"
    EACH = "each"
    PASSED = "passed"
    OVER = "over"


@dataclass(frozen=True)
class Rules:
    """How a test is sat."""

    #: Percent of the points at which it is passed; 0: whoever hands it in has passed.
    pass_mark: int = 60
    #: Minutes that a sitting takes; None: as long as the run lasts.
    minutes: int | None = None
    #: So many sittings at most; None: as many as somebody likes.
    attempts: int | None = None
    #: When explanations and right answers are shown.
    feedback: Feedback = Feedback.PASSED
    #: Whether sections' questions are asked in another order in each sitting.
    is_shuffled: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a paper: questions of its own, or drawn from a bank."""

    id: str
    title: str = ""
    #: What is to be read before its questions.
    text: str = ""
    questions: tuple[Question, ...] = ()
    #: So many of its questions are drawn; None: all are asked.
    count: int | None = None
    #: The key of the bank that its questions come from, anew at each publication; None: its own.
    bank_id: str | None = None


@dataclass(frozen=True)
class Paper:
    """What a version of a test holds in its document."""

    rules: Rules = field(default_factory=Rules)
    sections: tuple[Section, ...] = ()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Paper:
        """Return the paper of a document; an empty one is an empty paper."""
        said = dict(document.get("rules", {}))
        if "feedback" in said:
            said["feedback"] = Feedback(said["feedback"])
        sections = tuple(_section(each) for each in document.get("sections", ()))
        return cls(Rules(**said), sections)

    def document(self) -> dict[str, Any]:
        """Return it as a version's document holds it."""
        return {
            "rules": {**asdict(self.rules), "feedback": self.rules.feedback.value},
            "sections": [
                {
                    "id": each.id,
                    "title": each.title,
                    "text": each.text,
                    "questions": [to_document(question) for question in each.questions],
                    "count": each.count,
                    "bank_id": each.bank_id,
                }
                for each in self.sections
            ],
        }

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by their names, drawn or not."""
        return {question.id: question for each in self.sections for question in each.questions}


@dataclass(frozen=True)
class Asked:
    """A section as one sitting is asked it: its questions drawn, their options arranged."""

    section: Section
    questions: tuple[Question, ...]


def drawn(paper: Paper, seed: str) -> list[str]:
    """Return the names of the questions that a seed asks, in their order."""
    names = []
    for section in paper.sections:
        own = [question.id for question in section.questions]
        count = len(own) if section.count is None else section.count
        lot = draw(own, count, f"{seed}\n{section.id}")
        names += lot if paper.rules.is_shuffled else [name for name in own if name in set(lot)]
    return names


def asked(paper: Paper, names: list[str], seed: str) -> list[Asked]:
    """Return what a sitting is asked, section by section; sections of nothing are left out."""
    found = []
    for section in paper.sections:
        own = {question.id: question for question in section.questions}
        chosen = tuple(arranged(own[name], seed) for name in names if name in own)
        if chosen:
            found.append(Asked(section, chosen))
    return found


def marks(paper: Paper, names: list[str], answers: Mapping[str, object]) -> dict[str, float | None]:
    """Return the points that each question earned; None where a person must say it."""
    known = paper.questions
    return {name: marking.points(known[name], answers.get(name)) for name in names}


def score(paper: Paper, names: list[str], given: Mapping[str, float | None]) -> float | None:
    """Return the score from 0 to 100; None until all is marked."""
    known = paper.questions
    most = sum(known[name].points for name in names)
    points = [given.get(name) for name in names]
    if not most or any(each is None for each in points):
        return None
    return 100 * min(1.0, sum(each or 0.0 for each in points) / most)


def is_passed(rules: Rules, reached: float) -> bool:
    """Whether a score reaches the pass mark; what only a computer tells apart counts as reached."""
    return reached + 1e-9 >= rules.pass_mark


def _section(document: Mapping[str, Any]) -> Section:
    questions = tuple(from_document(each) for each in document["questions"])
    return Section(**{**document, "questions": questions})
