"""What the office enters about a training, read forgivingly and checked."""

from __future__ import annotations

from typing import cast

from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import KeyField
from app.training.plans.service import TrainingData


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _in_one_line(text: str | None) -> str:
    return " ".join((text or "").split())


_words_needed = DataRequired(cast("str", lazy("入力してください。")))


class TrainingForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """研修の登録."""

    key = KeyField()
    code = StringField(cast("str", lazy("研修コード")), [_words_needed], [_in_one_line])
    title = StringField(cast("str", lazy("研修名")), [_words_needed], [_in_one_line])
    purpose = TextAreaField(cast("str", lazy("目的")), filters=[_stripped])

    def validate_code(self, field: Field) -> None:
        """Keep a code short enough to be one."""
        if len(field.data) > 40:
            raise ValidationError(gettext("40文字以内で入力してください。"))

    def validate_title(self, field: Field) -> None:
        """Keep a title to one line."""
        if len(field.data) > 200:
            raise ValidationError(gettext("200文字以内で入力してください。"))

    def validate_purpose(self, field: Field) -> None:
        """Keep the purpose to what learners read before they start."""
        if len(field.data) > 2000:
            raise ValidationError(gettext("2,000文字以内で入力してください。"))

    def data_of(self) -> TrainingData:
        """Return what was entered."""
        return TrainingData(
            _in_one_line(self.code.data),
            _in_one_line(self.title.data),
            _stripped(self.purpose.data),
        )
