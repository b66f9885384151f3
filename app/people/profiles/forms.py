"""Forms about one person: a correction, the last day of service, a time without training."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from wtforms import Field, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, DayField
from app.kernel.web.forms import PostedForm
from app.people.profiles.service import Correction
from app.people.register.models import Appointment, Person

_needed = InputRequired(cast("str", lazy("入力してください。")))
#: The choice that leaves the gender as it is, unseen; and the one that takes it away.
KEEP, NONE = "", "-"
LONGEST = 200


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _is_day(field: Field) -> None:
    """Refuse what was written as a day and is none."""
    if field.data is None and field.raw_data and field.raw_data[0].strip():
        raise ValidationError(gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。"))


class CorrectionForm(PostedForm):
    """The items of a person that the office may put right."""

    name = StringField(
        cast("str", lazy("氏名")),
        [DataRequired(cast("str", lazy("入力してください。")))],
        [_stripped],
    )
    email = StringField(cast("str", lazy("メールアドレス")), filters=[_stripped])
    # The value is not shown for being put right: who needs to read it asks for it.
    gender = SelectField(cast("str", lazy("性別")), validate_choice=False)
    age = CountField(cast("str", lazy("年齢")))
    age_as_of = DayField(cast("str", lazy("年齢の基準日")))
    hired_on = DayField(cast("str", lazy("採用年月日")))
    promoted_on = DayField(cast("str", lazy("昇任年月日")))
    job_type = StringField(cast("str", lazy("職種")), filters=[_stripped])
    duty = StringField(cast("str", lazy("職務名")), filters=[_stripped])

    def offer(self, genders: Sequence[str]) -> None:
        """Let these genders be chosen: those that the register writes."""
        self.genders = set(genders)
        self.gender.choices = [
            (KEEP, gettext("変更しない")),
            *((word, word) for word in genders),
            (NONE, gettext("登録なしにする")),
        ]

    def fill(self, row: Person, post: Appointment | None) -> None:
        """Show what is there, but for the gender."""
        for name in ("name", "email", "age", "age_as_of", "hired_on", "promoted_on"):
            self[name].data = getattr(row, name)
        self.job_type.data = post.job_type if post else ""
        self.duty.data = post.duty if post else ""

    def validate_name(self, field: Field) -> None:
        """Refuse a character that only one organisation's terminals can show."""
        if len(field.data) > LONGEST:
            raise ValidationError(gettext("200文字以内で入力してください。"))
        if any(unicodedata.category(each) in ("Co", "Cc") for each in field.data):
            raise ValidationError(gettext("外字は使えません。標準の文字で入力してください。"))

    def validate_email(self, field: Field) -> None:
        """Ask for something that mail can be sent to, or for nothing."""
        name, _, host = field.data.partition("@")
        is_odd = not name or not host or "@" in host or any(map(str.isspace, field.data))
        if field.data and (is_odd or len(field.data) > LONGEST):
            raise ValidationError(gettext("name@example.jp のように入力してください。"))

    def validate_gender(self, field: Field) -> None:
        """Take what the register writes, and nothing else."""
        if (field.data or KEEP) not in self.genders | {KEEP, NONE}:
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def validate_age(self, field: Field) -> None:
        """Ask for years, and for the day of which they tell."""
        is_written = bool(field.raw_data and field.raw_data[0].strip())
        if is_written and (field.data is None or not 15 <= field.data <= 100):
            raise ValidationError(gettext("15から100までの数字を入力してください。"))

    def validate_age_as_of(self, field: Field) -> None:
        """Ask for the day of an age, and for none where there is no age."""
        _is_day(field)
        if (field.data is None) != (self.age.data is None):
            raise ValidationError(
                gettext("年齢と基準日は、両方を入力するか、両方を空にしてください。")
            )

    def validate_hired_on(self, field: Field) -> None:
        """Ask for a day."""
        _is_day(field)

    def validate_promoted_on(self, field: Field) -> None:
        """Ask for a day that is not before the first."""
        _is_day(field)
        if field.data and self.hired_on.data and field.data < self.hired_on.data:
            raise ValidationError(gettext("採用年月日より後の日を入力してください。"))

    def validate_job_type(self, field: Field) -> None:
        """Keep to a word."""
        if len(field.data) > 50:
            raise ValidationError(gettext("50文字以内で入力してください。"))

    def validate_duty(self, field: Field) -> None:
        """Keep to a word."""
        if len(field.data) > 50:
            raise ValidationError(gettext("50文字以内で入力してください。"))

    def data_of(self, present_gender: str | None) -> Correction:
        """Return the items as they should be."""
        gender: Any = {KEEP: present_gender, NONE: None}.get(
            self.gender.data or KEEP, self.gender.data
        )
        return Correction(
            name=self.name.data or "",
            email=self.email.data or None,
            gender=gender,
            age=self.age.data,
            age_as_of=self.age_as_of.data,
            hired_on=self.hired_on.data,
            promoted_on=self.promoted_on.data,
            job_type=self.job_type.data or "",
            duty=self.duty.data or "",
        )


class LeavingForm(PostedForm):
    """The last day of service."""

    left_on = DayField(cast("str", lazy("退職日（在職する最後の日）")), [_needed])

    def validate_left_on(self, field: Field) -> None:
        """Ask for a day."""
        if field.data is None:
            raise ValidationError(
                gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。")
            )


class ExclusionForm(PostedForm):
    """A time without training; why is not asked."""

    valid_from = DayField(cast("str", lazy("対象外の開始日")), [_needed])
    valid_to = DayField(cast("str", lazy("対象外の終了日")))

    def validate_valid_from(self, field: Field) -> None:
        """Ask for a day."""
        if field.data is None:
            raise ValidationError(
                gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。")
            )

    def validate_valid_to(self, field: Field) -> None:
        """Ask for a day that is not before the first, or for none."""
        _is_day(field)
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(gettext("開始日より後の日を入力してください。"))

    def data_of(self) -> tuple[date, date | None]:
        """Return the first day, and the last one where there is one."""
        return self.valid_from.data, self.valid_to.data
