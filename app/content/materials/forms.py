"""The form of a material's name."""

from __future__ import annotations

from typing import cast

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from app.content.materials.service import LONGEST_TITLE
from app.kernel.language import gettext, lazy


class TitleForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """A new name."""

    title = StringField(
        cast("str", lazy("教材名")),
        validators=[DataRequired(message=cast("str", lazy("教材名を入力してください。")))],
    )

    def validate_title(self, field: StringField) -> None:
        """Refuse what no list could show."""
        if len(field.data or "") > LONGEST_TITLE:
            raise ValidationError(
                gettext("教材名は%(limit)s文字以内で入力してください。", limit=LONGEST_TITLE)
            )

    def data_of(self) -> str:
        """Return the name."""
        return self.title.data or ""
