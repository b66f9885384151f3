"""The form of a code."""

from __future__ import annotations

from typing import cast

from wtforms import StringField
from wtforms.validators import InputRequired

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm


class CodeForm(PostedForm):
    """A code of the app, or a recovery code."""

    code = StringField(
        cast("str", lazy("確認コード")),
        [InputRequired(cast("str", lazy("確認コードを入力してください。")))],
    )

    def data_of(self) -> str:
        """Return what was typed."""
        return self.code.data or ""
