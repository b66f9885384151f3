"""The forms of what a video asks: a question with its choices, and the code."""

from __future__ import annotations

import re
import unicodedata
from types import SimpleNamespace
from typing import Any, Final, cast

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from app.content.video_questions.queries import VideoQuestion
from app.kernel import db
from app.kernel.folding import name_key
from app.kernel.language import gettext, lazy
from app.kernel.web import form_rows
from app.kernel.web.fields import in_one_line, stripped
from app.kernel.web.form_rows import RowedForm
from app.kernel.web.forms import PostedForm

LEAST_CHOICES: Final = 2
MOST_CHOICES: Final = 8
#: Rows that a new question begins with.
_ROWS: Final = 4
LONGEST_TEXT: Final = 1000
LONGEST_CHOICE: Final = 200
SHORTEST_CODE: Final = 2
LONGEST_CODE: Final = 20
#: 1:23, 1:02:03, 0:12.5.
_MOMENT: Final = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9](?:\.[0-9]{1,3})?)")


def moment_of(text: str) -> float | None:
    """Return the seconds that a moment of a film says, in digits of either width; None if none."""
    found = _MOMENT.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        return None
    hours, minutes, seconds = found.groups("0")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def moment_text(seconds: float) -> str:
    """Return a moment of a film as `moment_of` reads it: 1:23, 1:02:03, 0:12.5."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, part = divmod(rest, 1000)
    told = f"{hours}:{minutes:02}:{whole:02}" if hours else f"{minutes}:{whole:02}"
    return f"{told}.{part:03}".rstrip("0") if part else told


class MomentField(Field):
    """A moment of a film."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else moment_text(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; what is no moment stays on screen as it was written."""
        self.data = moment_of(valuelist[0]) if valuelist else None


class ChoiceRow(PostedForm):
    """A thing to choose."""

    choice = StringField(cast("str", lazy("選択肢")), filters=[in_one_line])
    right = BooleanField(cast("str", lazy("正解")))


class QuestionForm(RowedForm):
    """確認問題."""

    #: The question's id: sent twice, the form makes one question.
    question = HiddenField()
    at = MomentField(cast("str", lazy("出す時間")))
    text = TextAreaField(cast("str", lazy("問題文")), filters=[stripped])

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.at.flags.required = self.text.flags.required = True
        self.choices = self.rows_of(ChoiceRow)
        for row in self.choices:
            for cell in (row.choice, row.right):
                cell.label.text = gettext(
                    "%(number)s番目の%(label)s", number=row.number, label=str(cell.label.text)
                )

    def said(self) -> list[SimpleNamespace]:
        """Return the rows that say something; the others are none."""
        return [row for row in self.choices if row.choice.data]

    def check(self, duration: float | None) -> bool:
        """Say at each field what is wrong with the question, for a film of so many seconds."""
        is_sent = self.validate()
        self._check_moment(duration)
        self._check_text()
        self._check_choices()
        return is_sent and not self.errors

    def _check_moment(self, duration: float | None) -> None:
        if self.at.data is None:
            self.at.errors = [gettext("1:23（1分23秒）のように入力してください。")]
        elif duration is not None and self.at.data > duration:
            self.at.errors = [
                gettext(
                    "動画の長さ（%(length)s）より前の時間を入力してください。",
                    length=moment_text(float(int(duration))),
                )
            ]

    def _check_text(self) -> None:
        if not self.text.data:
            self.text.errors = [gettext("問題文を入力してください。")]
        elif len(self.text.data) > LONGEST_TEXT:
            told = gettext("%(limit)s文字以内で入力してください。", limit=f"{LONGEST_TEXT:,}")
            self.text.errors = [told]

    def _check_choices(self) -> None:
        first, said = self.choices[0].choice, self.said()
        known: set[str] = set()
        for row in self.choices:
            if row.right.data and not row.choice.data:
                row.choice.errors = [gettext("正解にした選択肢を入力してください。")]
            elif len(row.choice.data or "") > LONGEST_CHOICE:
                told = gettext("%(limit)s文字以内で入力してください。", limit=LONGEST_CHOICE)
                row.choice.errors = [told]
            elif row.choice.data in known:
                row.choice.errors = [gettext("同じ選択肢があります。違う言葉にしてください。")]
            known.add(row.choice.data or "")
            known.discard("")
        if len(said) < LEAST_CHOICES:
            told = gettext("選択肢を%(least)sつ以上入力してください。", least=LEAST_CHOICES)
            first.errors = [*first.errors, told]
        if not any(row.right.data for row in self.choices):
            first.errors = [*first.errors, gettext("正解の選択肢に印を付けてください。")]

    def data_of(self) -> VideoQuestion:
        """Return the question that was entered."""
        said = self.said()
        return VideoQuestion(
            (self.question.data or "")[:64] or str(db.new_id()),
            self.at.data or 0.0,
            self.text.data or "",
            tuple(row.choice.data for row in said),
            tuple(place for place, row in enumerate(said) if row.right.data),
        )


def blank() -> QuestionForm:
    """Return a form to begin with."""
    return _made(_ROWS)(formdata=None, data={"question": str(db.new_id())})


def of(question: VideoQuestion) -> QuestionForm:
    """Return a form that says what a question says, with a row more where there may be one."""
    values: dict[str, Any] = {
        "question": question.id, "at": question.at, "text": question.text,
    }  # fmt: skip
    for number, choice in enumerate(question.choices, 1):
        values[f"choice_{number}"] = choice
        values[f"right_{number}"] = number - 1 in question.right
    return _made(min(MOST_CHOICES, max(_ROWS, len(question.choices) + 1)))(
        formdata=None, data=values
    )


def sent(values: MultiDict[str, str]) -> tuple[QuestionForm, bool]:
    """Return the form that was sent, and whether it is only to be shown again with more rows."""
    count = form_rows.count_of(values, "choice", _ROWS, MOST_CHOICES)
    is_shown_again = values.get("do") == "more_choice"
    if is_shown_again:
        count = min(MOST_CHOICES, count + 2)
    return _made(count)(formdata=values), is_shown_again


def _made(count: int) -> type[QuestionForm]:
    return cast("type[QuestionForm]", form_rows.with_rows(QuestionForm, ((ChoiceRow, count),)))


class CodeForm(PostedForm):
    """確認コード."""

    code = StringField(cast("str", lazy("確認コード")), filters=[in_one_line])

    def validate_code(self, field: StringField) -> None:
        """Take none, or one that can be told from others once its letters are folded."""
        code = field.data or ""
        if code and not (len(name_key(code)) >= SHORTEST_CODE and len(code) <= LONGEST_CODE):
            raise ValidationError(
                gettext(
                    "%(least)s文字以上、%(most)s文字以内で入力してください。",
                    least=SHORTEST_CODE,
                    most=LONGEST_CODE,
                )
            )
