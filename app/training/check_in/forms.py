"""What is typed at the door."""

from __future__ import annotations

from typing import cast

from wtforms import StringField
from wtforms.validators import DataRequired

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm


class CodeForm(PostedForm):
    """受付番号: the code that the organiser shows."""

    code = StringField(
        cast("str", lazy("受付番号")),
        [DataRequired(cast("str", lazy("会場に示されている6桁の数字を入力してください。")))],
    )


class NumberForm(PostedForm):
    """受付: the staff number of who stands at the organiser's terminal."""

    number = StringField(
        cast("str", lazy("職員番号")),
        [DataRequired(cast("str", lazy("職員番号を入力してください。")))],
    )
