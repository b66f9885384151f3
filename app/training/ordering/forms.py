"""The head of an order for a whole audience: by whom it is given, and of which day."""

from __future__ import annotations

from typing import cast

from wtforms import Field, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import DayField
from app.kernel.web.forms import PostedForm
from app.training.orders.service import Header


class OrderAllForm(PostedForm):
    """一括命令."""

    issuer = StringField(
        cast("str", lazy("命令者")), [DataRequired(cast("str", lazy("入力してください。")))]
    )
    issued_on = DayField(
        cast("str", lazy("発令日")), [InputRequired(cast("str", lazy("入力してください。")))]
    )

    def validate_issuer(self, field: Field) -> None:
        """Keep to what stands on one line of the order."""
        if len(field.data) > 100:
            raise ValidationError(gettext("100文字以内で入力してください。"))

    def validate_issued_on(self, field: Field) -> None:
        """Ask for a day."""
        if field.data is None:
            raise ValidationError(
                gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。")
            )

    def data_of(self) -> Header:
        """Return what was entered."""
        return Header(" ".join((self.issuer.data or "").split()), self.issued_on.data)
