"""Forms of roles: one to be granted, and a deputy to be named."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from wtforms import BooleanField, Field, SelectField, StringField

from app.kernel.errors import NotFound
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import DayField
from app.kernel.web.forms import PostedForm
from app.people.permission.service import Limits, Period

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class GrantData:
    """A role to be granted, as chosen in the form."""

    role: str
    section_id: uuid.UUID | None
    with_children: bool
    limits: Limits


@dataclass(frozen=True)
class DeputyData:
    """A deputy to be named, as entered in the form."""

    number: str
    role: str
    period: Period


class _PeriodForm(PostedForm):
    """Days from and until which something holds."""

    valid_from = DayField(cast("str", lazy("開始日")))
    valid_to = DayField(cast("str", lazy("終了日")))

    def are_days(self) -> bool:
        """Whether what was written as days is days; each that is not says so."""
        sound = True
        for field in (self.valid_from, self.valid_to):
            if _is_odd(field):
                field.errors = [
                    gettext("2026/7/1、R8.7.1、令和8年7月1日のように入力してください。")
                ]
                sound = False
        return sound


class GrantForm(_PeriodForm):
    """A role, how far it reaches and how long; the page gives the choices."""

    # The service says in our words what is wrong with a choice of somebody's own making.
    role = SelectField(cast("str", lazy("役割")), validate_choice=False)
    section = SelectField(cast("str", lazy("範囲の所属")), validate_choice=False)
    with_children = BooleanField(cast("str", lazy("その下の所属も含める")), default=True)
    training = SelectField(cast("str", lazy("範囲の研修")), validate_choice=False)

    def offer(self, roles: Choices, sections: Choices, trainings: Choices) -> None:
        """Let these be chosen."""
        self.role.choices = list(roles)
        self.section.choices = [("", gettext("すべての所属")), *sections]
        self.training.choices = [("", gettext("すべての研修")), *trainings]
        self.trainings = {key for key, _ in trainings}

    def data_of(self) -> GrantData:
        """Return what was chosen; empty means all. Raises NotFound for a training not offered."""
        training_id = _key(self.training.data)
        if training_id and str(training_id) not in self.trainings:
            raise NotFound
        return GrantData(
            self.role.data or "",
            _key(self.section.data),
            with_children=self.with_children.data,
            limits=Limits(self.valid_from.data, self.valid_to.data, training_id),
        )


class DeputyForm(_PeriodForm):
    """Who acts in whose role, and until when."""

    role = SelectField(cast("str", lazy("代行する役割")), validate_choice=False)
    number = StringField(cast("str", lazy("代行者の職員番号")))

    def offer(self, roles: Choices) -> None:
        """Let these roles be lent."""
        self.role.choices = list(roles)

    def data_of(self) -> DeputyData:
        """Return what was entered."""
        return DeputyData(
            (self.number.data or "").strip(),
            self.role.data or "",
            Period(self.valid_from.data, self.valid_to.data),
        )


def _is_odd(field: Field) -> bool:
    written = field.raw_data[0] if field.raw_data else ""
    return field.data is None and bool(written.strip())


def _key(written: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(written) if written else None
    except ValueError as error:
        raise NotFound from error
