"""Answers as they come: from the page's form, and from its script; read strictly.

A question's controls are named by its place: q3; of several, each has its own behind it: q3-2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import flask
from werkzeug.datastructures import MultiDict

from app.kernel.errors import Refused
from content_packages.questions.answers import LONGEST_ESSAY
from content_packages.questions.item import Kind, Question, choices, tidy

#: More parts than any question has.
MOST_PARTS: Final = 200
LONGEST_NAME: Final = 200
#: More savings than anybody makes, and within what a column holds.
LAST_NUMBER: Final = 2**31 - 1
#: More text than a whole test holds.
LARGEST: Final = 8 * 1024**2

Sent = MultiDict[str, str]


@dataclass(frozen=True)
class Saving:
    """One message of the page's script: its number, and answers by their questions' names."""

    sequence: int
    answers: dict[str, object]


def saving(request: flask.Request) -> Saving:
    """Return the message of a request; raises Refused("answers_malformed")."""
    if (request.content_length or 0) > LARGEST:
        raise Refused("answers_malformed")
    try:
        document = request.get_json(force=True, silent=True)
    except RecursionError as error:  # brackets within brackets, by the thousand
        raise Refused("answers_malformed") from error
    sequence, answers = (
        (document.get("sequence"), document.get("answers"))
        if isinstance(document, dict)
        else (None, None)
    )
    is_number = isinstance(sequence, int) and not isinstance(sequence, bool)
    if not is_number or not 0 < sequence <= LAST_NUMBER or not isinstance(answers, dict):
        raise Refused("answers_malformed")
    return Saving(sequence, {name: _storable(said) for name, said in answers.items()})


def _storable(said: object) -> object:
    """Return an answer as a column holds it: texts and yes or no, one by one or in a row."""
    if said is None or isinstance(said, bool):
        return said
    if isinstance(said, str):
        return _text(said) or None
    if isinstance(said, list) and len(said) <= MOST_PARTS:
        return [_text(part) for part in said]
    if isinstance(said, dict) and len(said) <= MOST_PARTS:
        return {_text(name)[:LONGEST_NAME]: _text(part) for name, part in said.items()}
    raise Refused("answers_malformed")


def _text(said: object) -> str:
    if said is None:
        return ""
    if not isinstance(said, str) or len(said) > LONGEST_ESSAY:
        raise Refused("answers_malformed")
    return tidy(said)


def answers_of(questions: list[Question], sent: Sent) -> dict[str, object]:
    """Return the answers of a form to questions in their order, None where there is none."""
    return {
        question.id: _storable(_READ[question.kind](question, f"q{place}", sent))
        for place, question in enumerate(questions, 1)
    }


def _single(_: Question, name: str, sent: Sent) -> object:
    return sent.get(name) or None


def _multiple(_: Question, name: str, sent: Sent) -> object:
    return sent.getlist(name)[:MOST_PARTS] or None


def _true_false(_: Question, name: str, sent: Sent) -> object:
    return {"true": True, "false": False}.get(sent.get(name, ""))


def _fill_in(question: Question, name: str, sent: Sent) -> object:
    said = [sent.get(f"{name}-{place}", "") for place in range(1, len(question.blanks) + 1)]
    return said if any(said) else None


def _ordering(question: Question, name: str, sent: Sent) -> object:
    """Return the options in the order said; what is said so far, until each has a place."""
    places = {option.id: sent.get(f"{name}-{option.id}", "") for option in question.options}
    said = {option: place for option, place in places.items() if place}
    if set(said.values()) == {str(place) for place in range(1, len(places) + 1)}:
        return sorted(said, key=lambda option: int(said[option]))
    return said or None


def _matching(question: Question, name: str, sent: Sent) -> object:
    known = {choice.id for choice in choices(question)}
    pairs = {pair.id: sent.get(f"{name}-{pair.id}", "") for pair in question.pairs}
    return {pair: choice for pair, choice in pairs.items() if choice in known} or None


_READ: Final[Mapping[Kind, Callable[[Question, str, Sent], object]]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.FILL_IN: _fill_in,
    Kind.ORDERING: _ordering,
    Kind.MATCHING: _matching,
    Kind.ESSAY: _single,
}
