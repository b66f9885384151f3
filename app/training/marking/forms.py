"""The points that somebody gives for the essays of a sitting."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from wtforms import Field
from wtforms.fields.core import UnboundField
from wtforms.form import FormMeta
from wtforms.widgets import TextInput

from app.kernel.language import gettext
from app.kernel.web.filters import number
from app.kernel.web.forms import PostedForm
from app.learning.marking.service import is_sound
from content_packages.questions.item import Question


class PointsField(Field):
    """Points, in digits of either width; halves are written as 2.5."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return number(self.data, 2)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent; None where it is no number."""
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        is_number = text.replace(".", "", 1).isdecimal() and len(text) < 8
        self.data = float(text) if is_number else None


class MarkingForm(PostedForm):
    """採点: a field for each essay; `of` makes them."""


@cache
def _with(places: tuple[int, ...]) -> type[MarkingForm]:
    fields = {f"points_{place}": UnboundField(PointsField) for place in places}
    return cast("type[MarkingForm]", FormMeta("MarkingForm", (MarkingForm,), fields))


def of(
    questions: Iterable[tuple[int, Question]], marks: dict[str, float | None]
) -> tuple[MarkingForm, list[tuple[int, Question, Field]]]:
    """Return a form for some questions, and each of them with its place and its field."""
    asked = list(questions)
    given = {f"points_{place}": marks.get(question.id) for place, question in asked}
    form = _with(tuple(place for place, _ in asked))(data=given)
    rows = []
    for place, question in asked:
        field = form[f"points_{place}"]
        field.label.text = gettext("問%(place)sの得点", place=place)
        rows.append((place, question, field))
    return form, rows


def check(form: MarkingForm, rows: Iterable[tuple[int, Question, Field]]) -> bool:
    """Whether each number can be given; otherwise each field says how many can."""
    is_posted = form.validate()
    for _, question, field in rows:
        if field.data is None or not is_sound(field.data, question):
            field.errors = [
                gettext(
                    "0から%(most)sまでの数字を、0.5点きざみで入力してください。",
                    most=number(question.points, 2),
                )
            ]
    return bool(is_posted and not form.errors)
