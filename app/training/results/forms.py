"""What is written in reports, said to them, and asked by them: the forms that take words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.form import FormMeta
from wtforms.validators import DataRequired, ValidationError

from app.kernel import db
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, in_one_line, stripped, written
from app.kernel.web.forms import PostedForm, SelectChoice
from app.training.report_forms.queries import LONGEST, USUAL_LENGTH, Asked, ReportField
from app.training.report_forms.service import LATEST, MOST_FIELDS
from app.training.results.text import WAIVERS


def same_ends(text: str | None) -> str:
    """Return a text whose lines end in one way, however the browser sent them."""
    return stripped(text).replace("\r\n", "\n")


class AnswersForm(PostedForm):
    """受講結果報告: a field for each thing that is asked; `written_by` makes it."""

    asked: Sequence[ReportField] = ()

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for number, each in enumerate(self.asked, 1):
            limit = gettext("%(most)s文字以内", most=f"{each.most:,}")
            self[f"answer_{number}"].description = "　".join(filter(None, (each.hint, limit)))

    @property
    def answers(self) -> dict[str, str]:
        """What was written, by the key of its field."""
        return {
            each.key: self[f"answer_{number}"].data or ""
            for number, each in enumerate(self.asked, 1)
        }


def written_by(fields: Sequence[ReportField]) -> type[AnswersForm]:
    """Return the form that asks these fields."""
    cells: dict[str, Any] = {
        f"answer_{number}": TextAreaField(each.label, _checks(each), [same_ends])
        for number, each in enumerate(fields, 1)
    }
    return cast(
        "type[AnswersForm]", FormMeta("Answers", (AnswersForm,), {**cells, "asked": fields})
    )


def _checks(each: ReportField) -> list[Any]:
    def is_short(_form: object, field: Field) -> None:
        over = len(field.data or "") - each.most
        if over > 0:
            raise ValidationError(
                gettext("%(over)s文字多すぎます。%(most)s文字以内にしてください。",
                        over=f"{over:,}", most=f"{each.most:,}")
            )  # fmt: skip

    needed = DataRequired(cast("str", lazy("書いてください。")))
    return [needed, is_short] if each.is_needed else [is_short]


def kept_as(fields: Sequence[ReportField], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what was written so far as the data of its form."""
    return {f"answer_{n}": str(answers.get(each.key, "")) for n, each in enumerate(fields, 1)}


class WordForm(PostedForm):
    """報告への一言: a comment, with the version that was read."""

    seen = HiddenField()
    comment = TextAreaField(
        cast("str", lazy("コメント")),
        filters=[same_ends],
        description=cast(
            "str",
            lazy("本人が読みます。差し戻すときは、直してほしいところを必ず書いてください。"),
        ),
    )

    def validate_comment(self, field: Field) -> None:
        """Keep it to a comment."""
        if len(field.data or "") > 1000:
            raise ValidationError(gettext("1,000文字以内で入力してください。"))

    @property
    def seen_number(self) -> int | None:
        """The version that was read."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and len(text) < 6 else None


class WaiveForm(PostedForm):
    """報告の免除: why, as a code."""

    reason = RadioField(cast("str", lazy("免除の理由")), validate_choice=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.reason.choices = [SelectChoice(code, str(word)) for code, word in WAIVERS.items()]

    def validate_reason(self, field: Field) -> None:
        """Ask for one of them."""
        if field.data not in WAIVERS:
            raise ValidationError(gettext("選んでください。"))


class FieldRow(PostedForm):
    """報告の様式の1行."""

    key = HiddenField()
    label = StringField(cast("str", lazy("項目")), filters=[in_one_line])
    hint = StringField(cast("str", lazy("書き方の案内")), filters=[in_one_line])
    need = SelectField(
        cast("str", lazy("必須・任意")),
        choices=[
            SelectChoice("needed", cast("str", lazy("必須"))),
            SelectChoice("optional", cast("str", lazy("任意"))),
        ],
        validate_choice=False,
    )
    most = CountField(cast("str", lazy("文字数の上限")))


_CELLS = ("key", "label", "hint", "need", "most")


class LayoutForm(PostedForm):
    """報告の様式: its rows, and the days until it is due."""

    row_count = 0
    due_days = CountField(cast("str", lazy("提出の期限")))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.rows = [
            SimpleNamespace(number=n, **{name: self[f"{name}_{n}"] for name in _CELLS})
            for n in range(1, self.row_count + 1)
        ]
        for row in self.rows:
            for cell in (row.label, row.hint, row.need, row.most):
                cell.label.text = gettext(
                    "%(number)s番目の%(label)s", number=row.number, label=str(cell.label.text)
                )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each row that says something."""
        super().validate(extra_validators)
        if self.due_days.data is None or self.due_days.data > LATEST:
            self.due_days.errors = [
                gettext("0から%(most)sまでの数字を入力してください。", most=LATEST)
            ]
        for row in self.rows:
            if not row.label.data and row.hint.data:
                row.label.errors = [gettext("入力してください。")]
            if len(row.label.data or "") > 100 or len(row.hint.data or "") > 200:
                row.label.errors = [gettext("項目は100文字、案内は200文字以内にしてください。")]
            if row.label.data and not 1 <= _most(row) <= LONGEST:
                row.most.errors = [
                    gettext("1から%(most)sまでの数字を入力してください。", most=f"{LONGEST:,}")
                ]
        if not any(row.label.data for row in self.rows):
            self.rows[0].label.errors = [gettext("項目を1つ以上入力してください。")]
        return not self.errors

    def data_of(self) -> Asked:
        """Return what was entered; a row without a label is none."""
        fields = (
            ReportField(
                row.key.data or db.new_id().hex,
                row.label.data,
                row.hint.data or "",
                row.need.data != "optional",
                _most(row),
            )
            for row in self.rows
            if row.label.data
        )
        return Asked(tuple(fields), self.due_days.data or 0)


def _most(row: SimpleNamespace) -> int:
    """Return how many characters a row takes; as usual where nothing is written of it."""
    return (row.most.data or 0) if written(row.most) else USUAL_LENGTH


@cache
def with_rows(count: int) -> type[LayoutForm]:
    """Return the form with so many rows."""
    cells = {
        f"{name}_{n}": UnboundField(cell.field_class, *cell.args, **cell.kwargs)
        for n in range(1, count + 1)
        for name, cell in _cells()
    }
    return cast(
        "type[LayoutForm]", FormMeta("Layout", (LayoutForm,), {**cells, "row_count": count})
    )


def _cells() -> Iterator[tuple[str, UnboundField[Any]]]:
    return ((name, cast("UnboundField[Any]", getattr(FieldRow, name))) for name in _CELLS)


def rows_sent(names: Iterable[str], *, more: bool) -> int:
    """Return how many rows a form was sent with; `more`: with one more, while there may be."""
    numbers = [name.removeprefix("label_") for name in names if name.startswith("label_")]
    count = max([1, *(int(each) for each in numbers if each.isdecimal())])
    return min(MOST_FIELDS, count + more)


def shown(asked: Asked) -> LayoutForm:
    """Return the form as it shows what is asked now, with a row to spare."""
    count = min(MOST_FIELDS, len(asked.fields) + 1)
    data: dict[str, Any] = {"due_days": asked.due_days}
    for n, each in enumerate(asked.fields, 1):
        data |= {f"key_{n}": each.key, f"label_{n}": each.label, f"hint_{n}": each.hint}
        data |= {f"need_{n}": "needed" if each.is_needed else "optional", f"most_{n}": each.most}
    return with_rows(count)(formdata=None, data=data)
