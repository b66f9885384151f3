"""What stands between the braces of a GIFT, read into a question of the kind that it means."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from content_packages.questions.findings import QuestionError
from content_packages.questions.gift_text import Notes, piece_of, text_of
from content_packages.questions.shape import (
    Blank,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    names_for,
)

_TRUTH: Final = re.compile(r"(T|TRUE|F|FALSE)\s*(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_WEIGHT: Final = re.compile(r"\s*%([+-]?[0-9]{1,4}(?:\.[0-9]{0,9})?)%")
_AMOUNT: Final = r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,3})?"
_NUMBER: Final = re.compile(rf"({_AMOUNT})(?::({_AMOUNT})|\.\.({_AMOUNT}))?")
#: How far weights may be off an even share: Moodle writes them with five decimals.
_EVEN: Final = 0.01


class _Answer(NamedTuple):
    """One answer as it stands in the file; weights in per cent."""

    sign: str
    weight: float | None
    text: str
    feedback: str


def read(draft: Question, body: str, format_: str, notes: Notes) -> Question:
    """Return the draft with its kind and its answers.

    Raises QuestionError: answers_unreadable, number_unreadable.
    """
    answers, mark, general = body.partition("####")
    answers = answers.strip()
    draft = replace(draft, feedback=piece_of(general, format_, notes) if mark else "")
    if not answers:
        return draft
    if answers.startswith("#"):
        return _numeric(draft, answers[1:], format_, notes)
    if truth := _TRUTH.fullmatch(answers):
        return _true_false(draft, truth[1], truth[2] or "", format_, notes)
    found = _split(answers)
    if any(each.sign == "~" for each in found):
        return _choice(draft, found, format_, notes)
    is_matching = any("->" in each.text for each in found)
    return (_matching if is_matching else _short)(draft, found, format_, notes)


def _split(answers: str) -> list[_Answer]:
    before, *pieces = re.split(r"(?=[~=])", answers)
    if before.strip() or not pieces:
        raise QuestionError("answers_unreadable")
    return [_answer(piece) for piece in pieces]


def _answer(piece: str) -> _Answer:
    sign, rest = piece[0], piece[1:]
    weight = None
    if found := _WEIGHT.match(rest):
        weight, rest = float(found[1]), rest[found.end() :]
    text, _, feedback = rest.partition("#")
    return _Answer(sign, weight, text, feedback)


def _one_feedback(general: str, others: Iterable[str], notes: Notes) -> str:
    """Return the one text that is said to everybody; an answer's own has no place here."""
    found = list(dict.fromkeys(text for text in (general, *others) if text))
    if len(found) > 1:
        notes.warn("feedback_left_out")
    elif found and not general:
        notes.warn("feedback_moved")
    return found[0] if found else ""


def _true_false(draft: Question, truth: str, feedback: str, format_: str, notes: Notes) -> Question:
    said = [piece_of(each, format_, notes) for each in feedback.split("#")]
    feedback = _one_feedback(draft.feedback, said, notes)
    is_true = truth.upper().startswith("T")
    return replace(draft, kind=Kind.TRUE_FALSE, answer=is_true, feedback=feedback)


def _choice(draft: Question, found: list[_Answer], format_: str, notes: Notes) -> Question:
    is_single = any(each.sign == "=" for each in found)
    texts = [piece_of(each.text, format_, notes) for each in found]
    rights = [_is_right(each, is_single=is_single) for each in found]
    if not _is_even(found, rights, is_single=is_single):
        notes.warn("weights_changed")
    options = tuple(
        Option(name, text, is_right, piece_of(each.feedback, format_, notes))
        for name, text, is_right, each in zip(names_for(texts), texts, rights, found, strict=True)
    )
    kind = Kind.SINGLE if is_single else Kind.MULTIPLE
    return replace(draft, kind=kind, options=options, is_partial=not is_single)


def _is_right(answer: _Answer, *, is_single: bool) -> bool:
    return answer.sign == "=" if is_single else (answer.weight or 0) > 0


def _is_even(found: list[_Answer], rights: list[bool], *, is_single: bool) -> bool:
    """Say whether marking gives what the weights say: all for one, or even gains and losses."""
    share = 100 / max(1, sum(rights))
    gain, loss = (100.0, 0.0) if is_single else (share, -share)
    for answer, is_right in zip(found, rights, strict=True):
        default = 100.0 if answer.sign == "=" else 0.0
        weight = default if answer.weight is None else answer.weight
        if abs(weight - (gain if is_right else loss)) > _EVEN:
            return False
    return True


def _matching(draft: Question, found: list[_Answer], format_: str, notes: Notes) -> Question:
    sides = [each.text.partition("->") for each in found]
    if not all(arrow for _, arrow, _ in sides):
        raise QuestionError("answers_unreadable")
    said = [piece_of(each.feedback, format_, notes) for each in found]
    draft = replace(draft, feedback=_one_feedback(draft.feedback, said, notes))
    texts = [(piece_of(left, format_, notes), text_of(right)) for left, _, right in sides]
    pairs = [(left, right) for left, right in texts if left]
    lone = [right for left, right in texts if not left]
    return replace(
        draft,
        kind=Kind.MATCHING,
        pairs=tuple(
            Pair(name, left, right)
            for name, (left, right) in zip(names_for(each for each, _ in pairs), pairs, strict=True)
        ),
        distractors=tuple(map(Option, names_for(lone), lone)),
        is_partial=True,
    )


def _short(draft: Question, found: list[_Answer], format_: str, notes: Notes) -> Question:
    right = [each for each in found if _is_whole(each)]
    _tell_of_parts(len(found) - len(right), notes)
    said = [piece_of(each.feedback, format_, notes) for each in found]
    accepted = (text_of(each.text) for each in right)
    return replace(
        draft,
        kind=Kind.FILL_IN,
        feedback=_one_feedback(draft.feedback, said, notes),
        blanks=(Blank(tuple(dict.fromkeys(text for text in accepted if text))),),
    )


def _numeric(draft: Question, body: str, format_: str, notes: Notes) -> Question:
    """Read numbers; the first is kept with its tolerance, others if they are exact."""
    found = _split(body if body.lstrip().startswith(("=", "~")) else f"={body}")
    said = [piece_of(each.feedback, format_, notes) for each in found]
    asked = [each for each in found if each.sign == "="]
    numbers = []
    for each in asked:
        number = _number(each.text.strip())
        if number is None:
            raise QuestionError("number_unreadable", text=each.text.strip()[:50])
        if _is_whole(each):
            numbers.append((number, each.text.strip()))
    if not numbers:
        raise QuestionError("answers_unreadable")
    (first, _), *others = numbers
    exact = tuple(text.partition(":")[0] for number, text in others if number.tolerance == 0)
    _tell_of_parts(len(asked) - 1 - len(exact), notes)
    feedback = _one_feedback(draft.feedback, said, notes)
    blank = Blank(exact, number=first)
    return replace(draft, kind=Kind.FILL_IN, feedback=feedback, blanks=(blank,))


def _number(text: str) -> Number | None:
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    first, tolerance, last = (Decimal(part or "0") for part in found.groups())
    if found[3]:
        first, tolerance = (first + last) / 2, abs(last - first) / 2
    is_usable = max(abs(first), tolerance) < 10**15
    return Number(float(first), float(tolerance)) if is_usable else None


def _is_whole(answer: _Answer) -> bool:
    return answer.weight is None or answer.weight >= 100


def _tell_of_parts(count: int, notes: Notes) -> None:
    if count:
        notes.warn("answers_left_out", count=count)
