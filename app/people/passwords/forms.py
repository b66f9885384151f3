"""The form of changing one's password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from wtforms import PasswordField
from wtforms.validators import InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm


@dataclass(frozen=True)
class Change:
    """What somebody typed to change their password."""

    present: str
    new: str


class PasswordForm(PostedForm):
    """The present password, and the new one twice."""

    present = PasswordField(
        cast("str", lazy("いまのパスワード")),
        [InputRequired(cast("str", lazy("いまのパスワードを入力してください。")))],
    )
    new = PasswordField(
        cast("str", lazy("新しいパスワード")),
        [InputRequired(cast("str", lazy("新しいパスワードを入力してください。")))],
    )
    again = PasswordField(
        cast("str", lazy("新しいパスワード（もう一度）")),
        [InputRequired(cast("str", lazy("新しいパスワードをもう一度入力してください。")))],
    )

    def validate_again(self, field: PasswordField) -> None:
        """Refuse where the two do not agree."""
        if field.data != self.new.data:
            raise ValidationError(gettext("新しいパスワードと同じものを入力してください。"))

    def data_of(self) -> Change:
        """Return what was typed."""
        return Change(self.present.data or "", self.new.data or "")
