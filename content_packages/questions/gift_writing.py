"""Questions written as Moodle's GIFT, and what of them GIFT cannot hold.

A question's identifier stands where Moodle looks for its "ID number": // [id:…].
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from content_packages.questions.checking import check
from content_packages.questions.findings import Finding, warning
from content_packages.questions.gift_text import escape
from content_packages.questions.shape import Kind, Option, Question


def write(questions: Iterable[Question], category: str = "") -> str:
    """Return the file; what is unsound or cannot be written is left out, as `losses` tells."""
    head = f"$CATEGORY: {' '.join(category.split())}\n\n" if category else ""
    return head + "\n".join(_written(each) for each in questions if _can_be_written(each))


def losses(question: Question) -> list[Finding]:
    """Return what is lost of the question in a GIFT; an error is the question as a whole."""
    found = [*check(question), *_of_question(question), *_LOST[question.kind](question)]
    return [Finding(each.code, {"id": question.id, **each.data}, each.severity) for each in found]


def _can_be_written(question: Question) -> bool:
    return all(found.severity == "warning" for found in losses(question))


def _of_question(question: Question) -> Iterator[Finding]:
    if question.points != 1:
        yield warning("points_left_out")
    if not question.is_shuffled and question.kind in {Kind.SINGLE, Kind.MULTIPLE}:
        yield warning("order_left_out")


def _none_lost(_: Question) -> Iterator[Finding]:
    return iter(())


def _of_multiple(question: Question) -> Iterator[Finding]:
    if not question.is_partial:
        yield warning("partial_changed")


def _of_fill_in(question: Question) -> Iterator[Finding]:
    if len(question.blanks) != 1:
        yield Finding("kind_left_out", {"kind": question.kind.value})
    for blank in question.blanks:
        if blank.is_case_sensitive:
            yield warning("case_left_out")
        if blank.number and blank.accepted:
            yield warning("accepted_left_out")
        if any("->" in text for text in blank.accepted):
            yield Finding("arrow_left_out")


def _of_ordering(question: Question) -> Iterator[Finding]:
    yield Finding("kind_left_out", {"kind": question.kind.value})


def _of_matching(question: Question) -> Iterator[Finding]:
    if not question.is_partial:
        yield warning("partial_changed")
    if any("->" in pair.left for pair in question.pairs):
        yield Finding("arrow_left_out")


def _of_essay(question: Question) -> Iterator[Finding]:
    if question.model:
        yield warning("model_left_out")
    if question.most is not None:
        yield warning("most_left_out")


def _written(question: Question) -> str:
    name = re.sub(r"[\[\]\\]", r"\\\g<0>", question.id)
    title = f"::{escape(question.title)}::" if question.title else ""
    before, after = question.text, ""
    if question.kind is Kind.FILL_IN:
        before, _, after = question.text.partition("[[1]]")
    general = f"####{_formatted(question.feedback)}\n" if question.feedback else ""
    answers = f"{_ANSWERS[question.kind](question)}{general}"
    return f"// [id:{name}]\n{title}[plain]{escape(before)}{{{answers}}}{escape(after)}\n"


def _formatted(text: str) -> str:
    """Return a text that takes no beginning of its own for the mark of a format."""
    return ("[plain]" if text.startswith("[") else "") + escape(text)


def _line(sign: str, text: str, feedback: str = "") -> str:
    return f"\n\t{sign}{text}" + (f"#{_formatted(feedback)}" if feedback else "")


def _choice(question: Question) -> str:
    right = sum(option.is_right for option in question.options)
    return (
        "".join(_option(question.kind, option, 100 / right) for option in question.options) + "\n"
    )


def _option(kind: Kind, option: Option, share: float) -> str:
    if kind is Kind.SINGLE:
        sign, weight = ("=", "%100%") if option.is_right else ("~", "%0%")
        weight = weight if option.text.startswith("%") else ""
    else:
        sign, weight = "~", f"%{'' if option.is_right else '-'}{round(share, 5):g}%"
    return _line(sign, weight + _formatted(option.text), option.feedback)


def _true_false(question: Question) -> str:
    return "TRUE" if question.answer else "FALSE"


def _fill_in(question: Question) -> str:
    blank = question.blanks[0]
    if blank.number:
        return f"#{blank.number.value!r}:{blank.number.tolerance!r}"
    texts = (("%100%" if text.startswith("%") else "") + escape(text) for text in blank.accepted)
    return "".join(_line("=", text) for text in texts) + "\n"


def _matching(question: Question) -> str:
    lines = [_line("=", f"{_formatted(p.left)} -> {escape(p.right)}") for p in question.pairs]
    lines += [_line("=", f" -> {escape(option.text)}") for option in question.distractors]
    return "".join(lines) + "\n"


def _essay(_: Question) -> str:
    return ""


_LOST: Final[Mapping[Kind, Callable[[Question], Iterator[Finding]]]] = {
    Kind.SINGLE: _none_lost,
    Kind.MULTIPLE: _of_multiple,
    Kind.TRUE_FALSE: _none_lost,
    Kind.FILL_IN: _of_fill_in,
    Kind.ORDERING: _of_ordering,
    Kind.MATCHING: _of_matching,
    Kind.ESSAY: _of_essay,
}
_ANSWERS: Final[Mapping[Kind, Callable[[Question], str]]] = {
    Kind.SINGLE: _choice,
    Kind.MULTIPLE: _choice,
    Kind.TRUE_FALSE: _true_false,
    Kind.FILL_IN: _fill_in,
    Kind.MATCHING: _matching,
    Kind.ESSAY: _essay,
}
