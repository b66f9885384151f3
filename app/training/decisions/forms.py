"""What the office chooses when it decides: a code of the reason, never words."""

from __future__ import annotations

from typing import Any, cast

from wtforms import RadioField
from wtforms.validators import InputRequired

from app.kernel.language import lazy
from app.kernel.web.forms import PostedForm
from app.training.decisions import text

_chosen = InputRequired(cast("str", lazy("選んでください。")))


class ReasonForm(PostedForm):
    """認定の理由."""

    # The service says in our words what is wrong with a choice of somebody's own making.
    reason = RadioField(cast("str", lazy("案と異なる認定をする理由")), validate_choice=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.reason.choices = [(code, str(word)) for code, word in text.REASONS.items()]


class CorrectionForm(PostedForm):
    """認定の訂正."""

    reason = RadioField(cast("str", lazy("訂正の理由")), [_chosen], validate_choice=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.reason.choices = [(code, str(word)) for code, word in text.REASONS.items()]
