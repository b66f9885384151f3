"""A survey's sheet: its rules and its questions, what is taken as an answer, and the counting.

Pure: no clock, no chance of its own. A question's id stays while its answers can be compared: who
makes it another kind, or its scale another length, gives it another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from content_packages.questions.findings import Datum, Finding
from content_packages.questions.shape import names_for, tidy

LONGEST_TEXT: Final = 2_000
LONGEST_ANSWER: Final = 5_000
MOST_OPTIONS: Final = 50
MOST_QUESTIONS: Final = 100
SIZES: Final = range(3, 11)

#: An answer to one question: the step of a scale, an option's id, several of them, or words.
Answer = int | str | list[str]
Answers = Mapping[str, Answer]


class SheetKind(StrEnum):
    """How a question of a survey is answered: 尺度, 1つ選択, 複数選択, 記述."""

    SCALE = "scale"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"


@dataclass(frozen=True)
class Choice:
    """One thing to choose; the same words have the same id in every version."""

    id: str
    text: str


@dataclass(frozen=True)
class SheetQuestion:
    """One question; what its kind does not use stays as it is by default."""

    id: str
    kind: SheetKind
    text: str
    is_required: bool = True
    options: tuple[Choice, ...] = ()
    #: What the lowest and the highest step of a scale mean.
    low: str = ""
    high: str = ""
    #: How many steps a scale has.
    size: int = 5
    #: So many characters of text at most.
    most: int = 1_000
    #: Whether it is asked in every training: one of 全研修共通設問.
    is_common: bool = False


@dataclass(frozen=True)
class Sheet:
    """What a version of a survey holds in its document."""

    #: 無記名: no row leads from an answer to who gave it.
    is_anonymous: bool = True
    #: Whether heads see what it adds up to; single answers they never see.
    is_shown_to_heads: bool = False
    #: What is to be read before the questions.
    text: str = ""
    questions: tuple[SheetQuestion, ...] = ()
    #: Whether it is the set of questions that every survey asks.
    is_common_set: bool = False

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Sheet:
        """Return the sheet of a document; an empty one is an empty sheet."""
        questions = tuple(_question(each) for each in document.get("questions", ()))
        return cls(**{**document, "questions": questions})

    def document(self) -> dict[str, Any]:
        """Return it as a version's document holds it."""
        said = asdict(self)
        said["questions"] = [
            {**each, "kind": each["kind"].value, "options": list(each["options"])}
            for each in said["questions"]
        ]
        return said

    @property
    def own(self) -> tuple[SheetQuestion, ...]:
        """The questions that are its own."""
        return tuple(each for each in self.questions if not each.is_common)

    @property
    def common(self) -> tuple[SheetQuestion, ...]:
        """The questions that every training asks."""
        return tuple(each for each in self.questions if each.is_common)

    def with_common(self, questions: Iterable[SheetQuestion]) -> Sheet:
        """Return it with these common questions after its own, in the place of those it had."""
        common = (replace(each, is_common=True) for each in questions)
        return replace(self, questions=(*self.own, *common))


def options_of(texts: Iterable[str]) -> tuple[Choice, ...]:
    """Return the options of some lines of text; empty lines are none."""
    kept = [text for text in map(tidy, texts) if text]
    return tuple(map(Choice, names_for(kept), kept))


def check(sheet: Sheet) -> list[Finding]:
    """Return what keeps a sheet from being published, each with the number of its question."""
    found = [] if sheet.questions else [Finding("questions_missing")]
    if len(sheet.questions) > MOST_QUESTIONS:
        found.append(Finding("questions_too_many", {"limit": MOST_QUESTIONS}))
    for number, question in enumerate(sheet.questions, 1):
        found += [
            replace(each, data={"number": number, **each.data}) for each in check_question(question)
        ]
    return found


def check_question(question: SheetQuestion) -> Iterator[Finding]:
    """Yield what is wrong with one question."""
    if not question.text:
        yield Finding("text_missing")
    if max(map(len, (question.text, question.low, question.high))) > LONGEST_TEXT:
        yield Finding("text_too_long", {"limit": LONGEST_TEXT})
    if question.kind in (SheetKind.SINGLE, SheetKind.MULTIPLE):
        yield from _of_options([option.text for option in question.options])
    if question.kind is SheetKind.SCALE and question.size not in SIZES:
        yield Finding("size_wrong", {"least": SIZES[0], "limit": SIZES[-1]})
    if question.kind is SheetKind.TEXT and not 0 < question.most <= LONGEST_ANSWER:
        yield Finding("most_wrong", {"limit": LONGEST_ANSWER})


def _of_options(texts: Sequence[str]) -> Iterator[Finding]:
    if len(texts) < 2:
        yield Finding("options_too_few")
    if len(texts) > MOST_OPTIONS:
        yield Finding("options_too_many", {"limit": MOST_OPTIONS})
    if any(len(text) > LONGEST_TEXT for text in texts):
        yield Finding("text_too_long", {"limit": LONGEST_TEXT})
    for text, times in Counter(texts).items():
        if times > 1:
            yield Finding("option_twice", {"text": text})


def taken(sheet: Sheet, raw: Mapping[str, object]) -> tuple[dict[str, Answer], list[Finding]]:
    """Return what holds of what came in, and what is wrong with the rest, each by its `question`.

    Whatever came: what is no answer is none. Codes: answer_missing, answer_unknown,
    answer_too_long (limit). A draft may miss what is required: `answer_missing` is for the last
    word alone.
    """
    answers: dict[str, Answer] = {}
    findings = []
    for question in sheet.questions:
        given = raw.get(question.id)
        answer = _given(question, given)
        if answer is not None:
            answers[question.id] = answer
            if isinstance(answer, str) and len(answer) > question.most:
                data: dict[str, Datum] = {"question": question.id, "limit": question.most}
                findings.append(Finding("answer_too_long", data))
        elif given not in (None, "", [], ()) and not (isinstance(given, str) and not given.strip()):
            findings.append(Finding("answer_unknown", {"question": question.id}))
        elif question.is_required:
            findings.append(Finding("answer_missing", {"question": question.id}))
    return answers, findings


def _given(question: SheetQuestion, given: object) -> Answer | None:
    """Return an answer as it is kept; None for what is none."""
    if question.kind is SheetKind.SCALE:
        return _step(question, given)
    if question.kind is SheetKind.TEXT:
        return (tidy(given) or None) if isinstance(given, str) else None
    known = [option.id for option in question.options]
    if question.kind is SheetKind.SINGLE:
        return given if isinstance(given, str) and given in known else None
    several = [given] if isinstance(given, str) else given
    if not isinstance(several, list | tuple) or any(each not in known for each in several):
        return None
    return [name for name in known if name in several] or None


def _step(question: SheetQuestion, given: object) -> int | None:
    if isinstance(given, str) and given.isascii() and given.isdecimal() and len(given) <= 2:
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        return None
    return given if 1 <= given <= question.size else None


@dataclass(frozen=True)
class Summary:
    """What the answers to one question add up to."""

    question: SheetQuestion
    #: How many have answered it.
    answered: int
    #: How often each option or step was chosen, in their order.
    counts: tuple[int, ...] = ()
    #: The mean of a scale; None where nobody has answered.
    mean: float | None = None
    #: What was written, in the order of its characters: in which it came is nobody's business.
    texts: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """What the counts are of: the words of the options, or the steps."""
        if self.question.kind is SheetKind.SCALE:
            return tuple(map(str, range(1, self.question.size + 1)))
        return tuple(option.text for option in self.question.options)

    @property
    def percents(self) -> tuple[float, ...]:
        """The counts as percents of those who have answered."""
        return tuple(100 * count / self.answered if self.answered else 0.0 for count in self.counts)


def merged(sheets: Iterable[Sheet]) -> tuple[SheetQuestion, ...]:
    """Return the questions of several versions as one, as the first one words them.

    What only a later one of them asks stands at the end, and so do options that only it has.
    """
    found: dict[str, SheetQuestion] = {}
    for sheet in sheets:
        for question in sheet.questions:
            kept = found.setdefault(question.id, question)
            more = [option for option in question.options if option not in kept.options]
            found[question.id] = replace(kept, options=(*kept.options, *more))
    return tuple(found.values())


def summary(questions: Iterable[SheetQuestion], answers: Iterable[Answers]) -> list[Summary]:
    """Return what the answers add up to, question by question."""
    rows = list(answers)
    return [_summed(question, [row.get(question.id) for row in rows]) for question in questions]


def _summed(question: SheetQuestion, given: Iterable[object]) -> Summary:
    kept = [answer for each in given if (answer := _given(question, each)) is not None]
    if question.kind is SheetKind.TEXT:
        return Summary(question, len(kept), texts=tuple(sorted(map(str, kept))))
    if question.kind is SheetKind.SCALE:
        steps = [each for each in kept if isinstance(each, int)]
        counted = Counter(steps)
        mean = sum(steps) / len(steps) if steps else None
        counts = tuple(counted[step] for step in range(1, question.size + 1))
        return Summary(question, len(kept), counts, mean)
    chosen = Counter(name for each in kept for name in (each if isinstance(each, list) else [each]))
    return Summary(question, len(kept), tuple(chosen[option.id] for option in question.options))


def _question(document: Mapping[str, Any]) -> SheetQuestion:
    options = tuple(Choice(**each) for each in document.get("options", ()))
    return SheetQuestion(**{**document, "kind": SheetKind(document["kind"]), "options": options})
