"""What the office enters to name people, and what they answer."""

from __future__ import annotations

from typing import Any, cast

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm, SelectChoice
from app.training.candidacies.text import ANSWERS, EXCEPTION_REASONS


class NamingForm(PostedForm):
    """指名する人: numbers, the whole audience, or both."""

    numbers = TextAreaField(
        cast("str", lazy("職員番号")),
        description=cast(
            "str", lazy("1行に1人ずつ。表計算ソフトの表をそのまま貼り付けても読み取れます。")
        ),
    )
    everyone = BooleanField(cast("str", lazy("対象者の全員")))
    exception = SelectField(
        cast("str", lazy("例外として許可する理由")),
        choices=[
            SelectChoice("", cast("str", lazy("例外は許可しない"))),
            *(SelectChoice(code, cast("str", word)) for code, word in EXCEPTION_REASONS.items()),
        ],
        validate_choice=False,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a list or for everybody who is meant, and for a reason that there is."""
        sound = bool(super().validate(extra_validators))
        if not (self.numbers.data or "").strip() and not self.everyone.data:
            self.numbers.errors = [gettext("職員番号を入力するか、対象者の全員を選んでください。")]
        if self.exception.data and self.exception.data not in EXCEPTION_REASONS:
            self.exception.errors = [gettext("選択肢から1つ選んでください。")]
        return sound and not self.errors


class AnswerForm(PostedForm):
    """返答."""

    answer = RadioField(
        cast("str", lazy("返答")),
        [InputRequired(cast("str", lazy("どちらかを選んでください。")))],
        choices=[SelectChoice(code, cast("str", word[0])) for code, word in ANSWERS.items()],
        validate_choice=False,
    )
