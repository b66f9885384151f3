"""What an answer is worth: pure, and never at a loss, whatever a browser sends."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Final

from content_packages.questions import answers
from content_packages.questions.answers import is_answered, said
from content_packages.questions.shape import Blank, Kind, Number, Question

__all__ = ["fraction", "is_answered", "points", "said"]

_NUMBER: Final = re.compile(
    r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?"
)
#: What keyboards write for minus, beside the wide sign that folding makes narrow.
_MINUS: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def fraction(question: Question, answer: object) -> float | None:
    """Return how much of the answer is right, 0.0 to 1.0; None where a person must say it.

    That is an essay with a text. No answer, and whatever is no answer to this question (another
    type, unknown or repeated names, too many, too long), is 0.0.
    """
    return _FRACTION[question.kind](question, answer) if is_answered(question, answer) else 0.0


def points(question: Question, answer: object) -> float | None:
    """Return the points the answer earns; None where a person must say it."""
    earned = fraction(question, answer)
    return None if earned is None else earned * question.points


def _of_choice(question: Question, answer: object) -> float:
    """All or nothing; a partial multiple gains for each right choice what a wrong one loses."""
    chosen = answers.chosen(question, answer)
    right = {option.id for option in question.options if option.is_right}
    if question.kind is Kind.MULTIPLE and question.is_partial and right:
        hits = len(right.intersection(chosen))
        return max(0.0, (2 * hits - len(chosen)) / len(right))
    return float(right == set(chosen))


def _of_true_false(question: Question, answer: object) -> float:
    return float(answer == question.answer)


def _of_fill_in(question: Question, answer: object) -> float:
    """All or nothing; the share of blanks that are right, if the question is partial."""
    return _share(question, list(map(_fits, question.blanks, answers.filled(question, answer))))


def _of_ordering(question: Question, answer: object) -> float:
    """All or nothing; partial, the share of neighbours that follow each other in the answer too."""
    kept = set(pairwise(answers.order(question, answer)))
    neighbours = pairwise(option.id for option in question.options)
    return _share(question, [pair in kept for pair in neighbours])


def _of_matching(question: Question, answer: object) -> float:
    """All or nothing; the share of pairs that are right, if the question is partial."""
    made = answers.matched(question, answer)
    return _share(question, [made.get(pair.id) == pair.right for pair in question.pairs])


def _of_essay(_question: Question, _answer: object) -> None:
    """Leave it to a person."""


_FRACTION: Final[Mapping[Kind, Callable[[Question, object], float | None]]] = {
    Kind.SINGLE: _of_choice,
    Kind.MULTIPLE: _of_choice,
    Kind.TRUE_FALSE: _of_true_false,
    Kind.FILL_IN: _of_fill_in,
    Kind.ORDERING: _of_ordering,
    Kind.MATCHING: _of_matching,
    Kind.ESSAY: _of_essay,
}


def _share(question: Question, marks: list[bool]) -> float:
    if not question.is_partial or not marks:
        return float(all(marks))
    return sum(marks) / len(marks)


def _fits(blank: Blank, text: str) -> bool:
    if not text.strip():
        return False
    if blank.number is not None and _is_near(blank.number, text):
        return True
    given = _folded(text, is_case_sensitive=blank.is_case_sensitive)
    return any(
        given == _folded(accepted, is_case_sensitive=blank.is_case_sensitive)
        for accepted in blank.accepted
    )


def _folded(text: str, *, is_case_sensitive: bool) -> str:
    """Return what two texts share that differ in width, in space, and in case if that is free."""
    wide = unicodedata.normalize("NFKC", text)
    cased = wide if is_case_sensitive else unicodedata.normalize("NFKC", wide.casefold())
    return " ".join(cased.split())


def _is_near(number: Number, text: str) -> bool:
    """Compare as people write numbers, in tens: 0.1 + 0.2 is 0.3 here."""
    given = unicodedata.normalize("NFKC", text).translate(_MINUS).strip().lower()
    if not _NUMBER.fullmatch(given):
        return False
    off = abs(Decimal(given.replace(",", "")) - Decimal(str(number.value)))
    return off <= Decimal(str(number.tolerance))
