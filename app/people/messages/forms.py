"""The form of a notice's words."""

from __future__ import annotations

import unicodedata
from typing import cast

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from app.kernel.language import lazy
from app.kernel.notices.text import Wording, tidied
from app.kernel.web.forms import PostedForm

LONGEST_TITLE = 200
LONGEST_TEXT = 4000


def _line(text: str | None) -> str:
    """Return what was typed as one line: a subject has no more."""
    return " ".join(_lines(text).split("\n"))


def _lines(text: str | None) -> str:
    """Return what was typed, with placeholders as they are meant and nothing that is unseen."""
    lines = "\n".join((text or "").splitlines())
    seen = (each for each in lines if each in "\n\t" or unicodedata.category(each) != "Cc")
    return tidied("".join(seen).strip())


class WordingForm(PostedForm):
    """The words of a kind of notice, and the version that they come after."""

    title = StringField(
        cast("str", lazy("題名")),
        [
            DataRequired(cast("str", lazy("題名を入力してください。"))),
            Length(max=LONGEST_TITLE, message=cast("str", lazy("200字までで入力してください。"))),
        ],
        filters=[_line],
    )
    text = TextAreaField(
        cast("str", lazy("本文")),
        [
            DataRequired(cast("str", lazy("本文を入力してください。"))),
            Length(max=LONGEST_TEXT, message=cast("str", lazy("4000字までで入力してください。"))),
        ],
        filters=[_lines],
    )
    after = IntegerField(widget=HiddenInput())

    def data_of(self) -> Wording:
        """Return what was typed."""
        return Wording(self.title.data or "", self.text.data or "")
