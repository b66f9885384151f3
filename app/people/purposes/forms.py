"""Forms of the wording, and of having read it."""

from __future__ import annotations

from typing import cast

from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm
from app.people.purposes.service import Wording

LONGEST = 4000
_TOO_LONG = cast("str", lazy("4000字までで入力してください。"))


class ConfirmForm(PostedForm):
    """The version that was read."""

    version = IntegerField(widget=HiddenInput())


class WordingForm(PostedForm):
    """The three parts of the wording, and the version that it comes after."""

    purpose = TextAreaField(
        cast("str", lazy("何に使うか")),
        [
            DataRequired(cast("str", lazy("何に使うかを入力してください。"))),
            Length(max=LONGEST, message=_TOO_LONG),
        ],
    )
    viewers = TextAreaField(
        cast("str", lazy("誰が見るか")),
        [
            DataRequired(cast("str", lazy("誰が見るかを入力してください。"))),
            Length(max=LONGEST, message=_TOO_LONG),
        ],
    )
    retention = TextAreaField(
        cast("str", lazy("いつまで保管するか")),
        [
            DataRequired(cast("str", lazy("いつまで保管するかを入力してください。"))),
            Length(max=LONGEST, message=_TOO_LONG),
        ],
    )
    after = IntegerField(widget=HiddenInput())

    def data_of(self) -> Wording:
        """Return what was typed."""
        typed = (self.purpose.data, self.viewers.data, self.retention.data)
        return Wording(*(str(text or "").strip() for text in typed))
