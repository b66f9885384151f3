"""What the office enters to waive a unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm, SelectChoice
from app.learning.waivers.text import REASONS


class WaiverForm(PostedForm):
    """Which unit, and why."""

    unit = SelectField(
        cast("str", lazy("免除する項目")),
        [InputRequired(cast("str", lazy("免除する項目を選んでください。")))],
        validate_choice=False,  # the library would say it in its own words
    )
    reason = RadioField(
        cast("str", lazy("理由")),
        [InputRequired(cast("str", lazy("理由を選んでください。")))],
        choices=[SelectChoice(code, cast("str", words)) for code, words in REASONS.items()],
        validate_choice=False,
    )

    #: The keys of the units that may be chosen.
    offered: Collection[str] = ()

    def validate_unit(self, field: SelectField) -> None:
        """Refuse what is not offered."""
        if field.data not in self.offered:
            raise ValidationError(gettext("選択肢から選んでください。"))

    def validate_reason(self, field: RadioField) -> None:
        """Refuse what is none of them."""
        if field.data not in REASONS:
            raise ValidationError(gettext("選択肢から選んでください。"))

    def offer(self, units: Sequence[tuple[str, str]]) -> None:
        """Offer units: their keys and titles."""
        self.offered = {key for key, _ in units}
        self.unit.choices = [("", ""), *units] if len(units) > 1 else list(units)
