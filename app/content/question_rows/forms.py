"""The rows of a question's form, what they make of a question, and what a question makes of them.

Rows that nothing is written into are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, Final, cast

from wtforms import BooleanField, Field, TextAreaField

from app.kernel.language import Lazy, gettext, lazy
from app.kernel.web.fields import AmountField, written
from app.kernel.web.forms import PostedForm
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


def tidied(value: str | None) -> str:
    """Return a text as questions keep it; a filter of fields."""
    return tidy(value or "")


def text_field(words: Lazy) -> TextAreaField:
    """Return a field for a text of a question, which may have several lines."""
    return TextAreaField(cast("str", words), filters=[tidied])


class OptionRow(PostedForm):
    """A thing to choose, or to put in order; `right` is a multiple's."""

    option = text_field(lazy("選択肢"))
    remark = text_field(lazy("選んだ人への解説"))
    right = BooleanField(cast("str", lazy("正解")))


class BlankRow(PostedForm):
    """What is right in a blank."""

    accepted = text_field(lazy("正解の言葉"))
    amount = AmountField(cast("str", lazy("正解の数")))
    off = AmountField(cast("str", lazy("許容誤差")))
    cased = BooleanField(cast("str", lazy("大文字と小文字を区別する")))


class PairRow(PostedForm):
    """Two sides that belong together."""

    left = text_field(lazy("左の項目"))
    partner = text_field(lazy("右の項目"))


class WrongRow(PostedForm):
    """A right side that belongs to nothing."""

    wrong = text_field(lazy("どれとも合わない項目"))


#: What a kind has rows of: the class, its first cell, and how many there are at least.
ROWS: Final[Mapping[Kind, tuple[tuple[type[PostedForm], str, int], ...]]] = {
    Kind.SINGLE: ((OptionRow, "option", 4),),
    Kind.MULTIPLE: ((OptionRow, "option", 4),),
    Kind.TRUE_FALSE: (),
    Kind.FILL_IN: ((BlankRow, "accepted", 2),),
    Kind.ORDERING: ((OptionRow, "option", 4),),
    Kind.MATCHING: ((PairRow, "left", 4), (WrongRow, "wrong", 2)),
    Kind.ESSAY: (),
}


def label(rows: Iterable[SimpleNamespace]) -> None:
    """Have each cell say which row it belongs to."""
    for row in rows:
        for cell in vars(row).values():
            if isinstance(cell, Field):
                cell.label.text = gettext(
                    "%(number)s番目の%(label)s", number=row.number, label=str(cell.label.text)
                )


def first_cell(row: SimpleNamespace) -> Field:
    """Return the cell of a row that says what it is."""
    cells = vars(row)
    return cast(
        "Field", next(cells[name] for name in ("option", "accepted", "left") if name in cells)
    )


def check_numbers(blanks: Iterable[SimpleNamespace]) -> None:
    """Ask for numbers where numbers are meant."""
    for row in blanks:
        for cell in (row.amount, row.off):
            if written(cell) and cell.data is None:
                cell.errors = [gettext("数字で入力してください。")]


def blanks_said(rows: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """Return the rows up to the last that says something: a blank is told by its place."""
    filled = [row for row in rows if row.accepted.data or written(row.amount)]
    return rows[: filled[-1].number] if filled else []


def pairs_said(rows: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """Return the rows that say something."""
    return [row for row in rows if row.left.data or row.partner.data]


def options_of(rows: Iterable[SimpleNamespace], right: set[int]) -> tuple[Option, ...]:
    """Return the options of rows; those of the numbers in `right` are right."""
    rows = list(rows)
    names = names_for(row.option.data for row in rows)
    return tuple(
        Option(name, row.option.data, row.number in right, row.remark.data)
        for name, row in zip(names, rows, strict=True)
    )


def blanks_of(rows: Iterable[SimpleNamespace]) -> tuple[Blank, ...]:
    """Return the blanks of rows: a word a line."""
    return tuple(
        Blank(
            tuple(filter(None, map(tidy, row.accepted.data.split("\n")))),
            row.cased.data,
            None if row.amount.data is None else Number(row.amount.data, row.off.data or 0.0),
        )
        for row in rows
    )


def pairs_of(rows: Iterable[SimpleNamespace]) -> tuple[Pair, ...]:
    """Return the pairs of rows."""
    rows = list(rows)
    names = names_for(row.left.data for row in rows)
    return tuple(
        Pair(name, row.left.data, row.partner.data) for name, row in zip(names, rows, strict=True)
    )


def wrongs_of(rows: Iterable[SimpleNamespace]) -> tuple[Option, ...]:
    """Return what belongs to nothing."""
    texts = [row.wrong.data for row in rows if row.wrong.data]
    return tuple(map(Option, names_for(texts), texts))


def cells_of(question: Question) -> dict[str, Any]:
    """Return the values of the rows' cells that say what a question says."""
    found: dict[str, Any] = {}
    for number, option in enumerate(question.options, 1):
        found[f"option_{number}"], found[f"remark_{number}"] = option.text, option.feedback
        found[f"right_{number}"] = option.is_right
    for number, blank in enumerate(question.blanks, 1):
        found[f"accepted_{number}"] = "\n".join(blank.accepted)
        found[f"cased_{number}"] = blank.is_case_sensitive
        if blank.number:
            found[f"amount_{number}"], found[f"off_{number}"] = blank.number
    for number, pair in enumerate(question.pairs, 1):
        found[f"left_{number}"], found[f"partner_{number}"] = pair.left, pair.right
    for number, option in enumerate(question.distractors, 1):
        found[f"wrong_{number}"] = option.text
    return found


def counts_for(question: Question) -> dict[type[PostedForm], int]:
    """Return how many rows of each class a question fills, and one more."""
    filled = {
        OptionRow: len(question.options),
        BlankRow: len(question.blanks),
        PairRow: len(question.pairs),
        WrongRow: len(question.distractors),
    }
    return {row: max(least, filled[row] + 1) for row, _, least in ROWS[question.kind]}
