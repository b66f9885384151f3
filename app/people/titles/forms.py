"""The form of a title."""

from __future__ import annotations

from typing import cast

from wtforms import Field, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField
from app.kernel.web.forms import PostedForm, SelectChoice
from app.people.profiles.text import EMPLOYMENT
from app.people.titles.service import TitleData


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class TitleForm(PostedForm):
    """A title as it should be."""

    name = StringField(
        cast("str", lazy("職名")),
        [DataRequired(cast("str", lazy("入力してください。")))],
        [_stripped],
    )
    grade = StringField(cast("str", lazy("職層")), filters=[_stripped])
    rank_order = CountField(
        cast("str", lazy("並び順")), [InputRequired(cast("str", lazy("入力してください。")))]
    )
    employment_class = SelectField(
        cast("str", lazy("任用区分")),
        choices=[SelectChoice(code, cast("str", words)) for code, words in EMPLOYMENT.items()],
        validate_choice=False,
    )

    def validate_name(self, field: Field) -> None:
        """Keep to one line."""
        if len(field.data) > 100:
            raise ValidationError(gettext("100文字以内で入力してください。"))

    def validate_grade(self, field: Field) -> None:
        """Keep to a word."""
        if len(field.data) > 50:
            raise ValidationError(gettext("50文字以内で入力してください。"))

    def validate_rank_order(self, field: Field) -> None:
        """Ask for a number."""
        if field.data is None or not 0 <= field.data <= 9999:
            raise ValidationError(gettext("0から9999までの数字を入力してください。"))

    def validate_employment_class(self, field: Field) -> None:
        """Take one of the classes there are."""
        if field.data not in EMPLOYMENT:
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def data_of(self) -> TitleData:
        """Return what was entered."""
        return TitleData(
            self.name.data or "",
            self.grade.data or "",
            self.rank_order.data,
            self.employment_class.data or "",
        )
