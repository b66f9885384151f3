"""Forms of retention: a period, and what an approval says."""

from __future__ import annotations

from typing import cast

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm


class PeriodForm(PostedForm):
    """For how many years a class is kept."""

    years = IntegerField(
        cast("str", lazy("保存する年数")),
        validators=[InputRequired(cast("str", lazy("年数を数字で入れてください。")))],
    )


class ApprovalForm(PostedForm):
    """Who answers for an erasure."""

    responsible = StringField(
        cast("str", lazy("責任者")),
        validators=[InputRequired(cast("str", lazy("責任者を書いてください。")))],
    )
