"""What the office enters to stop a run, to move it on line, or to lower its capacity."""

from __future__ import annotations

import uuid
from typing import cast

from wtforms import Field, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField
from app.kernel.web.forms import PostedForm, SelectChoice
from app.training.plans.states import RunReason
from app.training.plans.text import REASONS


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class StopForm(PostedForm):
    """中止・延期の理由."""

    reason = RadioField(
        cast("str", lazy("理由")),
        [InputRequired(cast("str", lazy("理由を選んでください。")))],
        choices=[SelectChoice(code, cast("str", word)) for code, word in REASONS.items()],
        validate_choice=False,
    )

    def validate_reason(self, field: Field) -> None:
        """Take one of the reasons there are."""
        if field.data not in list(RunReason):
            raise ValidationError(gettext("理由を選んでください。"))


class OnlineForm(PostedForm):
    """オンライン切替."""

    url = StringField(
        cast("str", lazy("オンラインのURL")),
        [InputRequired(cast("str", lazy("入力してください。")))],
        [_stripped],
    )

    def validate_url(self, field: Field) -> None:
        """Ask for an address that a browser can open."""
        if not field.data.startswith(("https://", "http://")) or len(field.data) > 200:
            raise ValidationError(gettext("https://から始まるURLを入力してください。"))


class CapacityForm(PostedForm):
    """定員を減らす."""

    capacity = CountField(
        cast("str", lazy("新しい定員")), [InputRequired(cast("str", lazy("入力してください。")))]
    )
    waiting = SelectMultipleField(cast("str", lazy("補欠にまわす人")), validate_choice=False)

    def validate_capacity(self, field: Field) -> None:
        """Ask for a number of seats."""
        if field.data is None or not 1 <= field.data <= 100_000:
            raise ValidationError(gettext("1から100,000までの数字を入力してください。"))

    def validate_waiting(self, field: Field) -> None:
        """Take keys alone."""
        try:
            self.chosen = {uuid.UUID(key) for key in field.data or ()}
        except ValueError as error:
            raise ValidationError(gettext("選択肢から選んでください。")) from error
