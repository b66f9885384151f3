"""A sheet of questions, one a row, read and written.

Its columns: the kind, the text, the options, what is right, the points. What stands where depends
on the kind: an option's number is right of a choice; a blank's words stand in the column of its
number, one a line; a pair is 左＝右. What the sheet has no column for is told by `losses`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.kernel.csv import FORMULA
from app.kernel.tables import lines, sheet
from app.kernel.tables.lines import Column, Line
from content_packages.questions.checking import LONGEST_TEXT, check
from content_packages.questions.files import MOST_QUESTIONS, Read
from content_packages.questions.findings import Finding, QuestionError, warning
from content_packages.questions.item import (
    Blank,
    Kind,
    Number,
    Option,
    Pair,
    Question,
    names_for,
    tidy,
)

#: The columns of options.
MOST_OPTIONS: Final = 20
#: What a file writes: the words of the office, whatever the page's language.
KINDS: Final[Mapping[str, Kind]] = {
    "単一選択": Kind.SINGLE,
    "複数選択": Kind.MULTIPLE,
    "正誤": Kind.TRUE_FALSE,
    "穴埋め": Kind.FILL_IN,
    "並べ替え": Kind.ORDERING,
    "組み合わせ": Kind.MATCHING,
    "記述": Kind.ESSAY,
}
_WORDS: Final = {kind: word for word, kind in KINDS.items()}
#: What people write instead.
_ALSO: Final = {"組合せ": Kind.MATCHING, "並替え": Kind.ORDERING, "○×": Kind.TRUE_FALSE}
_OPTIONS: Final = tuple(f"option_{number}" for number in range(1, MOST_OPTIONS + 1))
COLUMNS: Final[lines.Columns] = {
    "kind": Column(("種別", "種類"), is_needed=True),
    "text": Column(("問題文", "問題"), is_needed=True, most=LONGEST_TEXT),
    **{
        name: Column((f"選択肢{number}",), most=LONGEST_TEXT)
        for number, name in enumerate(_OPTIONS, 1)
    },
    "right": Column(("正解", "正答"), most=LONGEST_TEXT),
    "points": Column(("配点",)),
    "feedback": Column(("解説",), most=LONGEST_TEXT),
    "title": Column(("見出し",)),
}
#: What is told of a cell; line breaks, signs and the like are what questions are made of.
_TOLD: Final = frozenset({"merged", "private_use", "too_long", "too_many_cells"})
_NUMBER: Final = re.compile(r"数[::]\s*([+-]?[0-9.]+)(?:\s*(?:±|\+-)\s*([0-9.]+))?")
_TRUTH: Final = {"○": True, "〇": True, "正": True, "×": False, "✕": False, "x": False, "誤": False}


def is_sheet(head: str) -> bool:
    """Whether the first line of a text names the columns of such a sheet."""
    return any(word in head for word in COLUMNS["kind"].names) and "問題" in head


def read(path: Path) -> Read:
    """Return the questions of a file; a finding's `row` is that of the file.

    Raises Refused as `sheet.read` and `lines.table_of` do, and QuestionError("too_many").
    """
    table = lines.table_of(sheet.read(path), COLUMNS)
    if len(table.lines) > MOST_QUESTIONS:
        raise QuestionError("too_many", limit=MOST_QUESTIONS)
    questions: list[Question] = []
    findings: list[Finding] = []
    for line in table.lines:
        try:
            question = _question(line)
        except QuestionError as error:
            findings.append(Finding(error.code, {"row": line.row, **error.data}))
            continue
        wrong = check(question)
        findings += [Finding(each.code, {"row": line.row, **each.data}) for each in wrong]
        findings += [
            warning(f"cell_{each.code}", row=line.row)
            for each in line.findings
            if each.code in _TOLD
        ]
        if not wrong:
            questions.append(question)
    return Read(tuple(questions), tuple(findings), ("",) * len(questions))


def rows(questions: Iterable[Question]) -> Iterator[list[object]]:
    """Yield a row for each question that the sheet can hold, in the order of `headings`."""
    for question in questions:
        if all(found.severity == "warning" for found in losses(question)):
            cells = {
                "kind": _WORDS[question.kind],
                "text": question.text,
                "points": f"{question.points:g}",
                "feedback": question.feedback,
                "title": question.title,
                **_WRITTEN[question.kind](question),
            }
            yield [cells.get(name, "") for name in COLUMNS]


def headings() -> list[str]:
    """Return the names of the columns."""
    return [column.names[0] for column in COLUMNS.values()]


def losses(question: Question) -> list[Finding]:
    """Return what is lost of the question in a sheet; an error is the question as a whole."""
    return [
        Finding(found.code, {"id": question.id, **found.data}, found.severity)
        for found in (*check(question), *_lost(question))
    ]


def _lost(question: Question) -> Iterator[Finding]:
    parts = (question.options, question.blanks, (*question.pairs, *question.distractors))
    if max(map(len, parts)) > MOST_OPTIONS:
        yield Finding("columns_too_few", {"limit": MOST_OPTIONS})
    if any("=" in unicodedata.normalize("NFKC", pair.left) for pair in question.pairs):
        yield Finding("equals_left_out")
    if question.is_partial:
        yield warning("partial_changed")
    if not question.is_shuffled:
        yield warning("order_left_out")
    if any(option.feedback for option in question.options):
        yield warning("feedback_left_out")
    if any(blank.is_case_sensitive for blank in question.blanks):
        yield warning("case_left_out")
    if question.most is not None:
        yield warning("most_left_out")


def _question(line: Line) -> Question:
    values = {name: _plain(value) for name, value in line.values.items()}
    kind = {**KINDS, **_ALSO}.get(_folded(values["kind"]))
    if kind is None:
        raise QuestionError("kind_unknown", text=values["kind"][:60])
    points = _folded(values.get("points", "")) or "1"
    try:
        worth = float(points)
    except ValueError as error:
        raise QuestionError("points_unreadable", text=points[:60]) from error
    return Question(
        id=f"row-{line.row}",
        kind=kind,
        text=values["text"],
        points=worth,
        feedback=values.get("feedback", ""),
        title=values.get("title", ""),
        **_READ[kind](values),
    )


def _plain(value: str) -> str:
    """Return a cell without the mark that keeps a spreadsheet from running it."""
    text = value[1:] if value.startswith("'") and value[1:].startswith(FORMULA) else value
    return tidy(text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _texts(values: Mapping[str, str]) -> list[str]:
    """Return the options up to the last one that is filled."""
    texts = [values.get(name, "") for name in _OPTIONS]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _choice(values: Mapping[str, str]) -> dict[str, Any]:
    texts = _texts(values)
    right = _right_places(values.get("right", ""), texts)
    names = names_for(texts)
    options = enumerate(zip(names, texts, strict=True), 1)
    return {"options": tuple(Option(name, text, place in right) for place, (name, text) in options)}


def _right_places(written: str, texts: list[str]) -> set[int]:
    """Read numbers of options, or one option's very text."""
    if written in texts:
        return {texts.index(written) + 1}
    words = re.split(r"[\s,、・/;]+", _folded(written))
    places = {int(word) for word in words if word.isdecimal() and len(word) < 4}
    if not all(word.isdecimal() for word in words if word) or places - set(
        range(1, len(texts) + 1)
    ):
        raise QuestionError("right_unreadable", text=written[:60])
    return places


def _true_false(values: Mapping[str, str]) -> dict[str, Any]:
    written = _folded(values.get("right", "")).casefold()
    if written and written not in _TRUTH:
        raise QuestionError("right_unreadable", text=written[:60])
    return {"answer": _TRUTH.get(written)}


def _blanks(values: Mapping[str, str]) -> dict[str, Any]:
    return {"blanks": tuple(map(_blank, _texts(values)))}


def _blank(text: str) -> Blank:
    words = [word.strip() for word in text.split("\n") if word.strip()]
    numbers = [found for word in words if (found := _NUMBER.fullmatch(_folded(word)))]
    accepted = tuple(word for word in words if not _NUMBER.fullmatch(_folded(word)))
    if not numbers:
        return Blank(accepted)
    try:
        number = Number(float(numbers[0][1]), float(numbers[0][2] or 0))
    except ValueError as error:
        raise QuestionError("number_unreadable", text=text[:60]) from error
    return Blank(accepted, number=number)


def _ordering(values: Mapping[str, str]) -> dict[str, Any]:
    texts = _texts(values)
    return {"options": tuple(map(Option, names_for(texts), texts))}


def _matching(values: Mapping[str, str]) -> dict[str, Any]:
    halves = []
    for text in filter(None, _texts(values)):
        left, *rest = re.split("[=＝]", text, maxsplit=1)
        if not rest:
            raise QuestionError("pair_unreadable", text=text[:60])
        halves.append((tidy(left), tidy(rest[0])))
    pairs = [half for half in halves if half[0]]
    wrong = [right for left, right in halves if not left]
    names = names_for(left for left, _ in pairs)
    return {
        "pairs": tuple(Pair(name, *half) for name, half in zip(names, pairs, strict=True)),
        "distractors": tuple(map(Option, names_for(wrong), wrong)),
    }


_READ: Final[Mapping[Kind, Callable[[Mapping[str, str]], dict[str, Any]]]] = {
    Kind.SINGLE: _choice,
    Kind.MULTIPLE: _choice,
    Kind.TRUE_FALSE: _true_false,
    Kind.FILL_IN: _blanks,
    Kind.ORDERING: _ordering,
    Kind.MATCHING: _matching,
    Kind.ESSAY: lambda values: {"model": values.get("right", "")},
}


def _in_columns(texts: Iterable[str]) -> dict[str, str]:
    return dict(zip(_OPTIONS, texts, strict=False))


def _write_choice(question: Question) -> dict[str, str]:
    right = [str(place) for place, each in enumerate(question.options, 1) if each.is_right]
    return {**_in_columns(each.text for each in question.options), "right": "、".join(right)}


def _write_blank(blank: Blank) -> str:
    number = blank.number
    said = [f"数:{number.value:.12g}±{number.tolerance:.12g}"] if number else []
    return "\n".join([*blank.accepted, *said])


def _write_matching(question: Question) -> dict[str, str]:
    pairs = [f"{pair.left}＝{pair.right}" for pair in question.pairs]
    return _in_columns([*pairs, *(f"＝{each.text}" for each in question.distractors)])


_WRITTEN: Final[Mapping[Kind, Callable[[Question], dict[str, str]]]] = {
    Kind.SINGLE: _write_choice,
    Kind.MULTIPLE: _write_choice,
    Kind.TRUE_FALSE: lambda question: {"right": "○" if question.answer else "×"},
    Kind.FILL_IN: lambda question: _in_columns(map(_write_blank, question.blanks)),
    Kind.ORDERING: lambda question: _in_columns(each.text for each in question.options),
    Kind.MATCHING: _write_matching,
    Kind.ESSAY: lambda question: {"right": question.model},
}
