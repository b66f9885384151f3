"""A question's form: what `item.check` finds stands at the field it is about.

Every kind has its fields in the one form, and its page shows those alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final, cast

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField

from app.content.question_rows import forms as rows
from app.content.question_rows.forms import ROWS, BlankRow, OptionRow, PairRow, WrongRow, text_field
from app.content.questions import text
from app.kernel.errors import Refused
from app.kernel.language import gettext, lazy
from app.kernel.web import form_rows
from app.kernel.web.fields import AmountField, CountField, KeyField, in_one_line, written
from app.kernel.web.form_rows import RowedForm
from app.kernel.web.forms import PostedForm, SelectChoice
from content_packages.questions import item
from content_packages.questions.checking import LONGEST_ESSAY, MOST_OPTIONS
from content_packages.questions.item import Finding, Kind, Question

#: Most characters of a question's own name.
LONGEST_TITLE: Final = 200


class QuestionForm(RowedForm):
    """問題."""

    key = KeyField()
    kind = HiddenField()
    title = StringField(cast("str", lazy("見出し")), filters=[in_one_line])
    text = text_field(lazy("問題文"))
    points = AmountField(cast("str", lazy("配点")), default=1.0)
    feedback = text_field(lazy("解説"))
    right = RadioField(cast("str", lazy("正解")), choices=[], validate_choice=False)
    answer = RadioField(
        cast("str", lazy("正解")),
        choices=[
            SelectChoice("true", cast("str", lazy("○（正しい）"))),
            SelectChoice("false", cast("str", lazy("×（誤り）"))),
        ],
        validate_choice=False,
    )
    shuffled = BooleanField(cast("str", lazy("選択肢の並びを、受験のたびに変える")), default=True)
    partial = BooleanField(cast("str", lazy("一部だけ合っているときに、その分の点を付ける")))
    most = CountField(cast("str", lazy("解答の文字数の上限")))
    model = text_field(lazy("模範解答"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.text.flags.required = True  # says so on the page; `item.check` asks for it
        self.options = self.rows_of(OptionRow)
        self.blanks = self.rows_of(BlankRow)
        self.pairs = self.rows_of(PairRow)
        self.wrongs = self.rows_of(WrongRow)
        self.right.choices = [
            SelectChoice(str(row.number), gettext("選択肢%(number)sが正解", number=row.number))
            for row in self.options
        ]
        for each in (self.options, self.blanks, self.pairs, self.wrongs):
            rows.label(each)

    @property
    def asked_kind(self) -> Kind:
        """The kind of question that it is the form of."""
        return Kind(self.kind.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and the question that they make."""
        super().validate(extra_validators)
        if len(self.title.data or "") > LONGEST_TITLE:
            self.title.errors = [
                gettext("%(limit)s文字以内で入力してください。", limit=LONGEST_TITLE)
            ]
        rows.check_numbers(self.blanks)
        for found in item.check(self.question()):
            field = self._field_of(found)
            field.errors = [*field.errors, text.sentence(found)]
        return not self.errors

    def question(self) -> Question:
        """Return the question as it was written."""
        made = Question(
            id=str(self.key.key),
            kind=self.asked_kind,
            text=self.text.data or "",
            points=-1.0 if self.points.data is None else self.points.data,
            feedback=self.feedback.data or "",
            title=self.title.data or "",
        )
        return replace(made, **_PARTS[self.asked_kind](self))

    def right_ones(self) -> set[int]:
        """Return the numbers of the rows whose option is right."""
        if self.asked_kind is Kind.SINGLE:
            return {row.number for row in self.options if self.right.data == str(row.number)}
        return {row.number for row in self.options if row.right.data}

    def options_said(self) -> list[SimpleNamespace]:
        """Return the rows of options that say something."""
        right = self.right_ones()
        said = (row for row in self.options if row.option.data or row.remark.data)
        marked = (row for row in self.options if row.number in right)
        return sorted({row.number: row for row in (*said, *marked)}.values(), key=_number)

    def _field_of(self, found: Finding) -> Field:
        is_single = self.asked_kind is Kind.SINGLE
        whole: Field | None = {
            "points_wrong": self.points,
            "right_missing": self.right if is_single else None,
            "answer_missing": self.answer,
            "most_wrong": self.most,
            "text_missing": self.text,
            "text_too_long": self.text,
            "marker_missing": self.text,
            "marker_unknown": self.text,
            "marker_twice": self.text,
        }.get(found.code)
        if whole is not None:
            return whole
        if found.code == "distractor_right":
            same = (row.wrong for row in self.wrongs if row.wrong.data == found.data["text"])
            return cast("Field", next(same))
        said = (
            self.options_said() or rows.blanks_said(self.blanks) or rows.pairs_said(self.pairs)
        ) or [*self.options, *self.blanks, *self.pairs]
        cells = [rows.first_cell(row) for row in said]
        if "text" in found.data:
            return [cell for cell in cells if cell.data == found.data["text"]][-1]
        return cells[min(int(found.data.get("number", 1)), len(cells)) - 1]


def _number(row: SimpleNamespace) -> int:
    return int(row.number)


def _options(form: QuestionForm) -> dict[str, Any]:
    return {"options": rows.options_of(form.options_said(), form.right_ones())}


def _essay(form: QuestionForm) -> dict[str, Any]:
    unread = LONGEST_ESSAY + 1 if written(form.most) else None
    return {"most": unread if form.most.data is None else form.most.data, "model": form.model.data}


_TRUTH: Final = {"true": True, "false": False}
#: What each kind adds to a question.
_PARTS: Final[Mapping[Kind, Callable[[QuestionForm], dict[str, Any]]]] = {
    Kind.SINGLE: lambda form: {**_options(form), "is_shuffled": form.shuffled.data},
    Kind.MULTIPLE: lambda form: {
        **_options(form),
        "is_shuffled": form.shuffled.data,
        "is_partial": form.partial.data,
    },
    Kind.TRUE_FALSE: lambda form: {"answer": _TRUTH.get(form.answer.data or "")},
    Kind.FILL_IN: lambda form: {
        "blanks": rows.blanks_of(rows.blanks_said(form.blanks)),
        "is_partial": form.partial.data,
    },
    Kind.ORDERING: lambda form: {**_options(form), "is_partial": form.partial.data},
    Kind.MATCHING: lambda form: {
        "pairs": rows.pairs_of(rows.pairs_said(form.pairs)),
        "distractors": rows.wrongs_of(form.wrongs),
        "is_partial": form.partial.data,
    },
    Kind.ESSAY: _essay,
}


def blank(kind: str) -> QuestionForm:
    """Return a form to begin with; raises Refused("question_kind_unknown")."""
    counts = {row: least for row, _, least in ROWS[_kind(kind)]}
    return _made(counts)(formdata=None, data={"kind": kind})


def sent(values: MultiDict[str, str]) -> tuple[QuestionForm, bool]:
    """Return the form that was sent, and whether it is only to be shown again.

    Its buttons ask for two more rows, or move an option up; `save` alone means it. Raises
    Refused("question_kind_unknown").
    """
    kind, asked = _kind(values.get("kind", "")), values.get("do", "save")
    counts = {
        row: form_rows.count_of(values, cell, least, MOST_OPTIONS)
        for row, cell, least in ROWS[kind]
    }
    for row, cell, _ in ROWS[kind]:
        if asked == f"more_{cell}":
            counts[row] = min(counts[row] + 2, MOST_OPTIONS)
    if asked.startswith("up_") and asked[3:].isdecimal():
        values = form_rows.moved_up(values, ("option", "remark"), int(asked[3:]))
    return _made(counts)(formdata=values), asked != "save"


def of(question: Question) -> QuestionForm:
    """Return a form that says what a question says, with a row more of each."""
    right = [number for number, option in enumerate(question.options, 1) if option.is_right]
    values = {
        "kind": question.kind.value,
        "title": question.title,
        "text": question.text,
        "points": question.points,
        "feedback": question.feedback,
        "right": str(right[0]) if right else "",
        "answer": "" if question.answer is None else str(question.answer).lower(),
        "shuffled": question.is_shuffled,
        "partial": question.is_partial,
        "most": question.most,
        "model": question.model,
        **rows.cells_of(question),
    }
    return _made(rows.counts_for(question))(formdata=None, data=values)


def _made(counts: Mapping[type[PostedForm], int]) -> type[QuestionForm]:
    return cast("type[QuestionForm]", form_rows.with_rows(QuestionForm, tuple(counts.items())))


def _kind(text: str) -> Kind:
    if text not in list(Kind):
        raise Refused("question_kind_unknown")
    return Kind(text)
