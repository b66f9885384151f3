"""Forms about one person's data: why it is not used, why and how long it is kept."""

from __future__ import annotations

from typing import cast

from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from app.keeping.retention.text import REASONS as HOLDS
from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm
from app.people.restriction.text import REASONS as RESTRICTIONS


class RestrictionForm(PostedForm):
    """Why somebody's data is not used."""

    reason = SelectField(cast("str", lazy("利用停止の理由")), validate_choice=False)

    def offer(self) -> None:
        """Let the reasons be chosen."""
        self.reason.choices = [(code, str(word)) for code, word in RESTRICTIONS.items()]


class HoldForm(PostedForm):
    """Why and until when somebody's rows are kept though they are due."""

    hold_reason = SelectField(cast("str", lazy("保留の理由")), validate_choice=False)
    until = DateField(
        cast("str", lazy("保留の最後の日")),
        validators=[InputRequired(cast("str", lazy("日付を入れてください。")))],
    )

    def offer(self) -> None:
        """Let the reasons be chosen."""
        self.hold_reason.choices = [(code, str(word)) for code, word in HOLDS.items()]
