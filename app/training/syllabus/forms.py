"""What is entered about a training and a category, read forgivingly and checked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import KeyField, in_one_line, key_or_none, new_key, stripped
from app.kernel.web.forms import PostedForm, SelectChoice
from app.training.plans.models import Provider
from app.training.syllabus.service import TrainingData
from app.training.syllabus.text import PROVIDERS

MOST_REQUIRED = 5
Choices = Sequence[tuple[uuid.UUID | None, str]]

_words_needed = DataRequired(cast("str", lazy("入力してください。")))


class TrainingForm(PostedForm):
    """研修の登録."""

    #: The key of the row to come: sent twice, the form makes one training.
    key = KeyField(default=new_key)
    code = StringField(cast("str", lazy("研修コード")), [_words_needed], [in_one_line])
    title = StringField(cast("str", lazy("研修名")), [_words_needed], [in_one_line])
    purpose = TextAreaField(cast("str", lazy("目的")), filters=[stripped])
    category = SelectField(cast("str", lazy("区分")), validate_choice=False)
    owner = SelectField(cast("str", lazy("主催")), validate_choice=False)
    provider = RadioField(
        cast("str", lazy("実施する機関")),
        choices=[SelectChoice(code, cast("str", word)) for code, word in PROVIDERS.items()],
        default=Provider.WARD,
        validate_choice=False,
    )
    is_once = BooleanField(cast("str", lazy("一度だけ受講できる研修にする")))
    required_1 = SelectField(cast("str", lazy("前提研修 1")), validate_choice=False)
    required_2 = SelectField(cast("str", lazy("前提研修 2")), validate_choice=False)
    required_3 = SelectField(cast("str", lazy("前提研修 3")), validate_choice=False)
    required_4 = SelectField(cast("str", lazy("前提研修 4")), validate_choice=False)
    required_5 = SelectField(cast("str", lazy("前提研修 5")), validate_choice=False)

    def offer(self, categories: Choices, owners: Choices, trainings: Choices) -> None:
        """Let these be chosen; an owner of no key is the training office itself."""
        none = (None, gettext("なし"))
        _offer(self.category, [none, *categories])
        _offer(self.owner, owners)
        for field in self.required_fields:
            _offer(field, [none, *trainings])

    @property
    def required_fields(self) -> list[SelectField]:
        """The choices of what is to be completed before."""
        return [self[f"required_{place}"] for place in range(1, MOST_REQUIRED + 1)]

    def require(self, required: Sequence[uuid.UUID]) -> None:
        """Show what has to be completed before so far."""
        for field, training_id in zip(self.required_fields, required, strict=False):
            field.data = str(training_id)

    def validate_code(self, field: Field) -> None:
        """Keep a code short enough to be one."""
        if len(field.data) > 40:
            raise ValidationError(gettext("40文字以内で入力してください。"))

    def validate_title(self, field: Field) -> None:
        """Keep a title to one line."""
        if len(field.data) > 200:
            raise ValidationError(gettext("200文字以内で入力してください。"))

    def validate_purpose(self, field: Field) -> None:
        """Keep the purpose to what learners read before they start."""
        if len(field.data) > 2000:
            raise ValidationError(gettext("2,000文字以内で入力してください。"))

    def validate_provider(self, field: Field) -> None:
        """Take one of those there are."""
        if field.data not in PROVIDERS:
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def validate(self, extra_validators: object = None) -> bool:
        """Check each field, and that what is chosen was offered."""
        sound = bool(super().validate(extra_validators))
        for field in (self.category, self.owner, *self.required_fields):
            if (field.data or "") not in {each[0] for each in field.choices or ()}:
                field.errors = [gettext("一覧から選び直してください。")]
                sound = False
        return sound

    def data_of(self) -> TrainingData:
        """Return what was entered."""
        return TrainingData(
            in_one_line(self.code.data),
            in_one_line(self.title.data),
            stripped(self.purpose.data),
            category_id=key_or_none(self.category.data),
            owner_id=key_or_none(self.owner.data),
            provider=self.provider.data,
            is_once=bool(self.is_once.data),
            required=tuple(uuid.UUID(field.data) for field in self.required_fields if field.data),
        )


class CategoryForm(PostedForm):
    """区分の名前."""

    #: The key of the row to come: sent twice, the form makes one category.
    key = KeyField(default=new_key)
    name = StringField(cast("str", lazy("区分の名前")), [_words_needed], [in_one_line])

    def validate_name(self, field: Field) -> None:
        """Keep a name to a few words."""
        if len(field.data) > 40:
            raise ValidationError(gettext("40文字以内で入力してください。"))

    def name_of(self) -> str:
        """Return the name."""
        return in_one_line(self.name.data)


def _offer(field: SelectField, pairs: Choices) -> None:
    field.choices = [(str(key or ""), word) for key, word in pairs]
