"""What the office enters at the head of an order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import cast

from wtforms import Field, HiddenField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import DayField
from app.kernel.web.forms import PostedForm
from app.training.orders.service import Header

#: An order is dated so near to the day on which it is issued.
NEAR = timedelta(days=366)
MOST_LETTERS = 60

_needed = cast("str", lazy("入力してください。"))


def _in_one_line(text: str | None) -> str:
    return " ".join((text or "").split())


class HeaderForm(PostedForm):
    """発令: the head of an order, and of whom it is."""

    #: The mark of those who were looked at.
    seen = HiddenField()
    issuer = StringField(cast("str", lazy("命令者")), [DataRequired(_needed)], [_in_one_line])
    issued_on = DayField(cast("str", lazy("発令日")), [InputRequired(_needed)])
    sections = SelectMultipleField(
        cast("str", lazy("所属")),
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def offer(self, sections: Mapping[uuid.UUID, str], today: date) -> None:
        """Let people of these sections be ordered, of a day that is near today."""
        self.today = today
        self.offered = {str(key) for key in sections}
        self.sections.choices = [(str(key), name) for key, name in sections.items()]

    def validate_issuer(self, field: Field) -> None:
        """Keep the post to one line of the paper."""
        if len(field.data) > MOST_LETTERS:
            told = gettext("%(most)s文字以内で入力してください。", most=MOST_LETTERS)
            raise ValidationError(told)

    def validate_issued_on(self, field: Field) -> None:
        """Ask for a day, of this year or the next."""
        if field.data is None:
            told = gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。")
            raise ValidationError(told)
        if abs(field.data - self.today) > NEAR:
            raise ValidationError(gettext("今日から1年以内の日を入力してください。"))

    def validate_sections(self, field: Field) -> None:
        """Ask for sections of those that there are."""
        if not field.data or not self.offered.issuperset(field.data):
            raise ValidationError(gettext("命令を出す所属を、一つ以上選んでください。"))

    def data_of(self, prefix: str) -> tuple[Header, frozenset[uuid.UUID]]:
        """Return the head of the order, and the sections whose people it is about."""
        header = Header(_in_one_line(self.issuer.data), self.issued_on.data, prefix)
        return header, frozenset(map(uuid.UUID, self.sections.data or ()))
