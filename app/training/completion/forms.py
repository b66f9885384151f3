"""The rule of completion as the office enters it."""

from __future__ import annotations

from typing import Any, cast

from wtforms import BooleanField, Field, RadioField
from wtforms.validators import ValidationError

from app.kernel.language import gettext
from app.kernel.web.forms import PostedForm
from app.training.completion import text
from app.training.completion.models import Element, ReportNeed, Rule


def _asked(element: Element) -> BooleanField:
    return BooleanField(cast("str", text.ELEMENTS[element]))


class CompletionForm(PostedForm):
    """修了の条件."""

    attendance = _asked(Element.ATTENDANCE)
    materials = _asked(Element.MATERIALS)
    exam = _asked(Element.EXAM)
    survey = _asked(Element.SURVEY)
    report = RadioField(cast("str", text.ELEMENTS[Element.REPORT]), validate_choice=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.report.choices = [(code, str(word)) for code, word in text.REPORT_NEEDS.items()]

    def validate_report(self, field: Field) -> None:
        """Ask for one of the needs there are."""
        if field.data not in list(ReportNeed):
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def data_of(self) -> Rule:
        """Return what was entered."""
        return Rule(
            attendance=bool(self.attendance.data),
            materials=bool(self.materials.data),
            exam=bool(self.exam.data),
            survey=bool(self.survey.data),
            report=str(self.report.data),
        )
