"""What a page of questions sends, read to the answers that `marking` knows.

The names of its fields are the questions' own: `a:<question>`, and `a:<question>:<part>` where an
answer has parts (the number of a blank, an option that is put in order, a pair).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from werkzeug.datastructures import MultiDict

from content_packages.questions.item import MARKER, Kind, Question

Values = MultiDict[str, str]


def field(question: Question, part: object = "") -> str:
    """Return the name of a question's field, or of a part of its answer."""
    return f"a:{question.id}:{part}" if part != "" else f"a:{question.id}"


def pieces(text: str) -> list[str | int]:
    """Return the text of a fill_in between its blanks, and the number of each, from 1."""
    parts = MARKER.split(text)
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def answers_of(values: Values, questions: Iterable[Question]) -> dict[str, object]:
    """Return the answer to each question by its name; None where nothing was answered."""
    return {question.id: _READ[question.kind](values, question) for question in questions}


def place_of(answer: object, option_id: str) -> int | None:
    """Return at which place, from 1, an answer puts an option of an ordering."""
    order = answer if isinstance(answer, list) else []
    return order.index(option_id) + 1 if option_id in order else None


def _one(values: Values, question: Question) -> object:
    return values.get(field(question)) or None


def _several(values: Values, question: Question) -> object:
    return values.getlist(field(question)) or None


def _truth(values: Values, question: Question) -> object:
    return {"true": True, "false": False}.get(values.get(field(question), ""))


def _texts(values: Values, question: Question) -> object:
    numbers = range(1, len(question.blanks) + 1)
    texts = [values.get(field(question, number), "") for number in numbers]
    return texts if any(texts) else None


def _order(values: Values, question: Question) -> object:
    """Read a place for each option; no answer where two share one, or one has none."""
    places = {option.id: values.get(field(question, option.id), "") for option in question.options}
    if sorted(places.values()) != sorted(str(n) for n in range(1, len(places) + 1)):
        return None
    return sorted(places, key=lambda name: int(places[name]))


def _pairs(values: Values, question: Question) -> object:
    made = {pair.id: values.get(field(question, pair.id), "") for pair in question.pairs}
    return {pair: choice for pair, choice in made.items() if choice} or None


_READ: Final[Mapping[Kind, Callable[[Values, Question], object]]] = {
    Kind.SINGLE: _one,
    Kind.MULTIPLE: _several,
    Kind.TRUE_FALSE: _truth,
    Kind.FILL_IN: _texts,
    Kind.ORDERING: _order,
    Kind.MATCHING: _pairs,
    Kind.ESSAY: _one,
}
