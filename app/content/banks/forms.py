"""The form of a bank: its name."""

from __future__ import annotations

from typing import cast

from wtforms import StringField
from wtforms.validators import DataRequired

from app.kernel.language import lazy
from app.kernel.web.fields import KeyField, in_one_line
from app.kernel.web.forms import PostedForm


class BankForm(PostedForm):
    """問題集."""

    key = KeyField()
    name = StringField(
        cast("str", lazy("問題集の名前")),
        [DataRequired(cast("str", lazy("名前を入力してください。")))],
        [in_one_line],
    )
