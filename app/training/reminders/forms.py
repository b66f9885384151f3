"""The rule of an offering as the office enters it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

from wtforms import BooleanField, Field
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField
from app.kernel.web.forms import PostedForm
from app.training.reminders.queries import Rule

#: So many days before or after a due date somebody is reminded at most.
FURTHEST = 90
#: So often before a due date.
MOST = 10


class DaysField(Field):
    """Numbers of days, one after another: 7、3、0 in any width and with any sign between them."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return gettext("、").join(str(each) for each in self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; None where something in it is no number of days."""
        text = unicodedata.normalize("NFKC", valuelist[0]) if valuelist else ""
        words = [word for word in re.split(r"[\s、,・]+", text) if word]
        numbers = [word.removesuffix("日前") for word in words]
        are_numbers = all(each.isdecimal() and len(each) < 4 for each in numbers)
        self.data = [int(each) for each in numbers] if are_numbers else None


class RuleForm(PostedForm):
    """督促の決まり."""

    before = DaysField(cast("str", lazy("期限の何日前に督促するか")))
    every = CountField(cast("str", lazy("期限を過ぎたら何日ごとに督促するか")))
    with_head = BooleanField(cast("str", lazy("所属長にも、督促した人数を知らせる")))

    def validate_before(self, field: Field) -> None:
        """Ask for a few numbers of days that are not too far."""
        if field.data is None or any(each > FURTHEST for each in field.data):
            raise ValidationError(
                gettext("0から%(most)sまでの数字を、7、3、0のように並べてください。", most=FURTHEST)
            )
        if len(set(field.data)) > MOST:
            raise ValidationError(gettext("%(most)s回までにしてください。", most=MOST))

    def validate_every(self, field: Field) -> None:
        """Ask for a number of days, or none."""
        if field.data is None or field.data > FURTHEST:
            raise ValidationError(
                gettext("0から%(most)sまでの数字を入力してください。", most=FURTHEST)
            )

    def data_of(self) -> Rule:
        """Return what was entered."""
        before = tuple(sorted(set(self.before.data), reverse=True))
        return Rule(before, self.every.data, bool(self.with_head.data))
