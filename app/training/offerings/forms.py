"""What the office enters about a year's offering, read forgivingly and checked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from app.kernel import deadlines
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, in_one_line, key_or_none, stripped
from app.kernel.web.forms import PostedForm
from app.training.offerings import text
from app.training.offerings.service import OfferingData
from app.training.offerings.text import Choices

_needed = InputRequired(cast("str", lazy("入力してください。")))


class OfferingForm(PostedForm):
    """年度の実施の決まり."""

    target = StringField(cast("str", lazy("対象")), filters=[in_one_line])
    subjects = TextAreaField(cast("str", lazy("科目")), filters=[stripped])
    obligation = RadioField(cast("str", lazy("受講者の決まり方")), validate_choice=False)
    approval_path = RadioField(cast("str", lazy("申込・推薦の承認")), validate_choice=False)
    overflow = RadioField(cast("str", lazy("割当を超える推薦")), validate_choice=False)
    change_path = RadioField(cast("str", lazy("参加回の変更の承認")), validate_choice=False)
    late_change = RadioField(cast("str", lazy("期限を過ぎた変更")), validate_choice=False)
    promotion = RadioField(cast("str", lazy("補欠の繰上げ")), validate_choice=False)
    promotion_rule = StringField(
        cast("str", lazy("繰上げの期限")), [_needed], filters=[in_one_line]
    )
    absence_limit = CountField(cast("str", lazy("欠席の限度")), [_needed])

    @property
    def choices(self) -> dict[RadioField, Choices]:
        """What can be chosen in each field."""
        return {
            self.obligation: text.OBLIGATIONS,
            self.approval_path: text.APPROVAL_PATHS,
            self.overflow: text.OVERFLOWS,
            self.change_path: text.CHANGE_PATHS,
            self.late_change: text.LATE_CHANGES,
            self.promotion: text.PROMOTIONS,
        }

    def offer(self) -> None:
        """Say each choice with what it means."""
        for field, choices in self.choices.items():
            field.choices = [
                (code, gettext("%(word)s：%(meaning)s", word=str(word), meaning=str(meaning)))
                for code, (word, meaning) in choices.items()
            ]

    def validate_target(self, field: Field) -> None:
        """Keep it to a line."""
        if len(field.data) > 200:
            raise ValidationError(gettext("200文字以内で入力してください。"))

    def validate_subjects(self, field: Field) -> None:
        """Keep it to what a plan can show."""
        if len(field.data) > 2000:
            raise ValidationError(gettext("2,000文字以内で入力してください。"))

    def validate_promotion_rule(self, field: Field) -> None:
        """Ask for a rule that counts back from a run's first day."""
        if deadlines.parse(field.data) is None:
            raise ValidationError(
                gettext("3開庁日前、1週間前の金曜、前開庁日17時のように入力してください。")
            )

    def validate_absence_limit(self, field: Field) -> None:
        """Ask for a part of the whole."""
        if field.data is None or not 0 <= field.data <= 100:
            raise ValidationError(gettext("0から100までの数字を入力してください。"))

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, and that what is chosen is offered."""
        sound = bool(super().validate(extra_validators))
        for field, choices in self.choices.items():
            if field.data not in choices:
                field.errors = [gettext("選択肢から1つ選んでください。")]
                sound = False
        return sound

    def data_of(self) -> OfferingData:
        """Return what was entered; the rule in its one short way."""
        return OfferingData(
            target=in_one_line(self.target.data),
            subjects=stripped(self.subjects.data),
            obligation=self.obligation.data,
            approval_path=self.approval_path.data,
            change_path=self.change_path.data,
            late_change=self.late_change.data,
            overflow=self.overflow.data,
            promotion=self.promotion.data,
            promotion_rule=str(deadlines.parse(self.promotion_rule.data or "")),
            absence_limit=self.absence_limit.data,
        )


class PlanForm(PostedForm):
    """年間計画に加える研修."""

    training = SelectField(cast("str", lazy("研修")), validate_choice=False)

    def offer(self, trainings: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Let these be chosen."""
        self.offered = {key for key, _ in trainings}
        self.training.choices = [
            ("", gettext("選んでください")),
            *((str(key), word) for key, word in trainings),
        ]

    def validate_training(self, field: Field) -> None:
        """Ask for one of those that are offered."""
        if key_or_none(field.data) not in self.offered:
            raise ValidationError(gettext("一覧から研修を選んでください。"))

    def training_of(self) -> uuid.UUID:
        """Return what was chosen."""
        return uuid.UUID(self.training.data)
