"""What the office enters to say whom an offering is for: a condition, or a list of numbers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from wtforms import BooleanField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.language import Lazy, gettext, lazy
from app.kernel.web.fields import CountField
from app.kernel.web.forms import PostedForm
from app.training.audiences.models import Condition, Years

#: A year of service beyond this is a slip of the finger.
MOST_YEARS = 60
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Options:
    """What there is to choose from, each as value and label."""

    sections: Choices
    grades: Choices
    titles: Choices
    employment: Choices
    job_types: Choices
    trainings: Choices


def _several(label: Lazy) -> SelectMultipleField:
    return SelectMultipleField(
        cast("str", label),
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )


class ConditionForm(PostedForm):
    """対象者の条件."""

    sections = _several(lazy("所属"))
    with_children = BooleanField(cast("str", lazy("選んだ所属の下の所属も含める")))
    grades = _several(lazy("職層"))
    titles = _several(lazy("職名"))
    employment = _several(lazy("任用区分"))
    job_types = _several(lazy("職種"))
    hired_first = CountField(cast("str", lazy("採用から（何年目から）")))
    hired_last = CountField(cast("str", lazy("採用から（何年目まで）")))
    promoted_first = CountField(cast("str", lazy("昇任から（何年目から）")))
    promoted_last = CountField(cast("str", lazy("昇任から（何年目まで）")))
    completed = _several(lazy("修了している研修"))
    not_completed = _several(lazy("修了していない研修"))

    @classmethod
    def of(cls, condition: Condition) -> ConditionForm:
        """Return the form as it was filled in for a condition."""
        return cls(
            formdata=None,
            sections=[str(key) for key in condition.sections],
            with_children=condition.with_children,
            grades=list(condition.grades),
            titles=[str(key) for key in condition.titles],
            employment=list(condition.employment),
            job_types=list(condition.job_types),
            hired_first=condition.hired.first,
            hired_last=condition.hired.last,
            promoted_first=condition.promoted.first,
            promoted_last=condition.promoted.last,
            completed=[str(key) for key in condition.completed],
            not_completed=[str(key) for key in condition.not_completed],
        )

    def offer(self, options: Options) -> None:
        """Let these be chosen."""
        self.offered = {
            "sections": options.sections,
            "grades": options.grades,
            "titles": options.titles,
            "employment": options.employment,
            "job_types": options.job_types,
            "completed": options.trainings,
            "not_completed": options.trainings,
        }
        for name, choices in self.offered.items():
            self[name].choices = list(choices)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that all that is chosen is offered, and that years are years in their order."""
        sound = bool(super().validate(extra_validators))
        for name, choices in self.offered.items():
            if not {value for value, _ in choices}.issuperset(self[name].data or ()):
                self[name].errors = [gettext("一覧にあるものから選んでください。")]
                sound = False
        for first, last in self._years:
            for year in (first, last):
                if not _is_year(year):
                    year.errors = [gettext("1から60までの数字を入力してください。")]
                    sound = False
            if first.data and last.data and first.data > last.data:
                last.errors = [gettext("「何年目から」より小さくない数字を入力してください。")]
                sound = False
        return sound

    @property
    def _years(self) -> tuple[tuple[CountField, CountField], ...]:
        return (self.hired_first, self.hired_last), (self.promoted_first, self.promoted_last)

    def data_of(self) -> Condition:
        """Return what was entered."""
        return Condition(
            sections=_keys(self.sections),
            with_children=bool(self.with_children.data),
            titles=_keys(self.titles),
            grades=tuple(self.grades.data or ()),
            job_types=tuple(self.job_types.data or ()),
            employment=tuple(self.employment.data or ()),
            hired=Years(self.hired_first.data, self.hired_last.data),
            promoted=Years(self.promoted_first.data, self.promoted_last.data),
            completed=_keys(self.completed),
            not_completed=_keys(self.not_completed),
        )

    def said(self) -> list[tuple[str, str]]:
        """Return the condition in words, as pairs of what is asked for and of what it is."""
        told = []
        for name, choices in self.offered.items():
            chosen = self[name].data or ()
            labels = [label.strip("　") for value, label in choices if value in chosen]
            if labels:
                told.append((self[name].label.text, gettext("、").join(labels)))
        if self.sections.data:
            both = gettext("含める") if self.with_children.data else gettext("含めない")
            told.append((gettext("下の所属"), both))
        names = (gettext("採用から"), gettext("昇任から"))
        for name, (first, last) in zip(names, self._years, strict=True):
            if first.data or last.data:
                told.append((name, _span(first.data, last.data)))
        return told


class ListForm(PostedForm):
    """職員番号の一覧."""

    numbers = TextAreaField(
        cast("str", lazy("職員番号")),
        [DataRequired(cast("str", lazy("職員番号を入力してください。")))],
        description=cast(
            "str", lazy("1行に1人ずつ。表計算ソフトの表をそのまま貼り付けても読み取れます。")
        ),
    )


def _keys(field: SelectMultipleField) -> tuple[uuid.UUID, ...]:
    return tuple(map(uuid.UUID, field.data or ()))


def _is_year(field: CountField) -> bool:
    is_empty = not (field.raw_data and str(field.raw_data[0]).strip())
    return is_empty or (field.data is not None and 1 <= field.data <= MOST_YEARS)


def _span(first: int | None, last: int | None) -> str:
    if first is None:
        return gettext("%(last)s年目まで", last=last)
    if last is None:
        return gettext("%(first)s年目から", first=first)
    if first == last:
        return gettext("%(first)s年目", first=first)
    return gettext("%(first)s年目から%(last)s年目まで", first=first, last=last)
