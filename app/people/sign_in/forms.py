"""The form of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm


@dataclass(frozen=True)
class Attempt:
    """What somebody typed to sign in."""

    number: str
    password: str
    is_shared: bool


class SignInForm(PostedForm):
    """Staff number and password, whether others use the terminal too, and the page asked for."""

    number = StringField(
        cast("str", lazy("職員番号")),
        [InputRequired(cast("str", lazy("職員番号を入力してください。")))],
    )
    password = PasswordField(
        cast("str", lazy("パスワード")),
        [InputRequired(cast("str", lazy("パスワードを入力してください。")))],
    )
    is_shared = BooleanField(cast("str", lazy("共用の端末を使っている")))
    next = HiddenField()

    def data_of(self) -> Attempt:
        """Return what was typed."""
        return Attempt(
            self.number.data or "", self.password.data or "", is_shared=bool(self.is_shared.data)
        )
