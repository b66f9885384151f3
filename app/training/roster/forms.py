"""What the office enters to enrol people by list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast

from wtforms import SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm
from app.people.sections.queries import SectionRow


class EnrolForm(PostedForm):
    """受講者の登録: staff numbers, whole sections, or both."""

    numbers = TextAreaField(
        cast("str", lazy("職員番号")),
        description=cast(
            "str", lazy("1行に1人ずつ。表計算ソフトの表をそのまま貼り付けても読み取れます。")
        ),
    )
    sections = SelectMultipleField(
        cast("str", lazy("所属")),
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )

    def offer(self, sections: Sequence[SectionRow]) -> None:
        """Let these sections be chosen."""
        self.offered = {str(section.id) for section in sections}
        self.sections.choices = [
            (str(section.id), "　" * section.depth + section.name) for section in sections
        ]

    def validate(self, extra_validators: object = None) -> bool:
        """Ask for a list or for a section, of those that there are."""
        sound = bool(super().validate(extra_validators))
        if not (self.numbers.data or "").strip() and not self.sections.data:
            self.numbers.errors = [gettext("職員番号を入力するか、所属を選んでください。")]
        elif not self.offered.issuperset(self.sections.data or ()):
            self.sections.errors = [gettext("一覧にある所属から選んでください。")]
        return sound and not self.errors

    def data_of(self) -> tuple[str, frozenset[uuid.UUID]]:
        """Return the list as it was pasted, and the chosen sections."""
        return self.numbers.data or "", frozenset(map(uuid.UUID, self.sections.data or ()))
