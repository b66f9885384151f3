"""What a browser says, made sure of: an answer in the shape of its kind, or none.

single "id" · multiple ["id", …] · true_false true · fill_in ["text", …] · ordering ["id", …] ·
matching {"pair's id": "choice's id"} · essay "text"; None is no answer.
"""

from collections.abc import Callable, Mapping
from typing import Final

from content_packages.questions.arranging import choices
from content_packages.questions.shape import Kind, Question, tidy

LONGEST_BLANK: Final = 1_000
LONGEST_ESSAY: Final = 100_000


def chosen(question: Question, answer: object) -> list[str]:
    """Return the options that a single or multiple names, none twice; else nothing."""
    said = [answer] if question.kind is Kind.SINGLE else answer
    names = _names(said)
    known = {option.id for option in question.options}
    return names if len(set(names)) == len(names) and known.issuperset(names) else []


def order(question: Question, answer: object) -> list[str]:
    """Return the order said, where it names every option once; else nothing."""
    names = _names(answer)
    return names if sorted(names) == sorted(option.id for option in question.options) else []


def filled(question: Question, answer: object) -> list[str]:
    """Return a text for each blank, "" where none was said; nothing where all are empty.

    An answer with more texts than blanks, or with anything but texts, is none.
    """
    if not isinstance(answer, list) or len(answer) > len(question.blanks):
        return []
    texts = ["" if each is None else each for each in answer]
    if not all(isinstance(each, str) and len(each) <= LONGEST_BLANK for each in texts):
        return []
    texts += [""] * (len(question.blanks) - len(texts))
    return texts if any(text.strip() for text in texts) else []


def matched(question: Question, answer: object) -> dict[str, str]:
    """Return the text that was put to each pair, left out where none was; else nothing."""
    if not isinstance(answer, dict):
        return {}
    texts = {option.id: option.text for option in choices(question)}
    made = {pair: choice for pair, choice in answer.items() if choice not in (None, "")}
    pairs = {pair.id for pair in question.pairs}
    if not all(isinstance(choice, str) and choice in texts for choice in made.values()):
        return {}
    return {pair: texts[choice] for pair, choice in made.items()} if made.keys() <= pairs else {}


def written(answer: object) -> str:
    """Return the text of an essay, tidied; "" where it is none, or beyond all measure."""
    return tidy(answer) if isinstance(answer, str) and len(answer) <= LONGEST_ESSAY else ""


def is_answered(question: Question, answer: object) -> bool:
    """Say whether there is an answer to mark; one that is no answer to this question is none."""
    return _IS_ANSWERED[question.kind](question, answer)


def said(question: Question, answer: object) -> str:
    """Return the answer as people read it, for lists and files; "" where there is none."""
    return _SAID[question.kind](question, answer) if is_answered(question, answer) else ""


def right(question: Question) -> str:
    """Return the right answer as people read it; "" for an essay, whose model is no answer."""
    return _RIGHT[question.kind](question)


def _right_choice(question: Question) -> str:
    return " / ".join(option.text for option in question.options if option.is_right)


def _right_blanks(question: Question) -> str:
    return " / ".join(
        str(each.accepted[0] if each.accepted else f"{each.number.value:g}" if each.number else "")
        for each in question.blanks
    )


def _right_pairs(question: Question) -> str:
    return " / ".join(f"{pair.left} = {pair.right}" for pair in question.pairs)


_RIGHT: Final[Mapping[Kind, Callable[[Question], str]]] = {
    Kind.SINGLE: _right_choice,
    Kind.MULTIPLE: _right_choice,
    Kind.TRUE_FALSE: lambda question: "○" if question.answer else "×",
    Kind.FILL_IN: _right_blanks,
    Kind.ORDERING: lambda question: " → ".join(option.text for option in question.options),
    Kind.MATCHING: _right_pairs,
    Kind.ESSAY: lambda _: "",
}


def _said_of_choice(question: Question, answer: object) -> str:
    names = chosen(question, answer)
    return " / ".join(option.text for option in question.options if option.id in names)


def _said_of_true_false(_: Question, answer: object) -> str:
    return "○" if answer else "×"


def _said_of_fill_in(question: Question, answer: object) -> str:
    return " / ".join(text.strip() for text in filled(question, answer))


def _said_of_ordering(question: Question, answer: object) -> str:
    texts = {option.id: option.text for option in question.options}
    return " → ".join(texts[name] for name in order(question, answer))


def _said_of_matching(question: Question, answer: object) -> str:
    made = matched(question, answer)
    return " / ".join(f"{pair.left} = {made.get(pair.id, '')}" for pair in question.pairs)


def _said_of_essay(_: Question, answer: object) -> str:
    return written(answer)


_IS_ANSWERED: Final[Mapping[Kind, Callable[[Question, object], bool]]] = {
    Kind.SINGLE: lambda question, answer: bool(chosen(question, answer)),
    Kind.MULTIPLE: lambda question, answer: bool(chosen(question, answer)),
    Kind.TRUE_FALSE: lambda _, answer: isinstance(answer, bool),
    Kind.FILL_IN: lambda question, answer: bool(filled(question, answer)),
    Kind.ORDERING: lambda question, answer: bool(order(question, answer)),
    Kind.MATCHING: lambda question, answer: bool(matched(question, answer)),
    Kind.ESSAY: lambda _, answer: bool(written(answer)),
}
_SAID: Final[Mapping[Kind, Callable[[Question, object], str]]] = {
    Kind.SINGLE: _said_of_choice,
    Kind.MULTIPLE: _said_of_choice,
    Kind.TRUE_FALSE: _said_of_true_false,
    Kind.FILL_IN: _said_of_fill_in,
    Kind.ORDERING: _said_of_ordering,
    Kind.MATCHING: _said_of_matching,
    Kind.ESSAY: _said_of_essay,
}


def _names(answer: object) -> list[str]:
    is_names = isinstance(answer, list) and all(isinstance(each, str) for each in answer)
    return list(answer) if is_names and isinstance(answer, list) else []
