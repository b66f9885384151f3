"""What the office enters about a run, read forgivingly and checked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, cast

from flask_wtf import FlaskForm
from wtforms import Field, SelectField
from wtforms.validators import InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, DayField, KeyField, new_key
from app.training.plans.service import RunData

MOST_MATERIALS = 5


_needed = InputRequired(cast("str", lazy("入力してください。")))


class PeriodForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
    """実施回の期間と所要時間."""

    learn_from = DayField(cast("str", lazy("受講を始められる日")), [_needed])
    learn_until = DayField(cast("str", lazy("受講の期限")), [_needed])
    minutes = CountField(cast("str", lazy("所要時間")), [_needed])

    def validate_learn_from(self, field: Field) -> None:
        """Ask for a day."""
        _is_day(field)

    def validate_learn_until(self, field: Field) -> None:
        """Ask for a day that is not before the first."""
        _is_day(field)
        if self.learn_from.data and field.data < self.learn_from.data:
            raise ValidationError(gettext("受講を始められる日より後の日を入力してください。"))

    def validate_minutes(self, field: Field) -> None:
        """Ask for minutes that somebody can spend."""
        if field.data is None or not 1 <= field.data <= 6000:
            raise ValidationError(gettext("1から6000までの数字を入力してください。"))

    def data_of(self) -> RunData:
        """Return what was entered, without materials."""
        return RunData(self.learn_from.data, self.learn_until.data, self.minutes.data)


class RunForm(PeriodForm):
    """実施回の登録."""

    #: The key of the row to come: sent twice, the form makes one run.
    key = KeyField(default=new_key)
    material_1 = SelectField(cast("str", lazy("教材 1")), [_needed], validate_choice=False)
    material_2 = SelectField(cast("str", lazy("教材 2")), validate_choice=False)
    material_3 = SelectField(cast("str", lazy("教材 3")), validate_choice=False)
    material_4 = SelectField(cast("str", lazy("教材 4")), validate_choice=False)
    material_5 = SelectField(cast("str", lazy("教材 5")), validate_choice=False)

    def offer(self, choices: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Let these materials be chosen."""
        self.offered = {str(material_id) for material_id, _ in choices}
        for field in self.material_fields:
            field.choices = [
                ("", gettext("選んでください") if field is self.material_1 else gettext("なし")),
                *((str(material_id), title) for material_id, title in choices),
            ]

    @property
    def material_fields(self) -> list[SelectField]:
        """The choices in their order."""
        return [self[f"material_{place}"] for place in range(1, MOST_MATERIALS + 1)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that the materials are offered and differ."""
        sound = bool(super().validate(extra_validators))
        seen: set[str] = set()
        for field in self.material_fields:
            chosen = field.data or ""
            if chosen and chosen not in self.offered:
                field.errors = [gettext("公開中の教材から選んでください。")]
            elif chosen and chosen in seen:
                field.errors = [gettext("同じ教材は一度だけ選べます。")]
            seen.add(chosen)
            sound = sound and not field.errors
        return sound

    def data_of(self) -> RunData:
        """Return what was entered."""
        chosen = [uuid.UUID(field.data) for field in self.material_fields if field.data]
        return RunData(
            self.learn_from.data, self.learn_until.data, self.minutes.data, tuple(chosen)
        )


def _is_day(field: Field) -> None:
    if field.data is None:
        raise ValidationError(gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。"))
