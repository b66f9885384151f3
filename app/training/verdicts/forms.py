"""What the office chooses for one person's attendance: codes and keys, never words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, cast

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm
from app.training.verdicts import text
from app.training.verdicts.queries import Verdict

_chosen = InputRequired(cast("str", lazy("選んでください。")))


class OverrideForm(PostedForm):
    """出席の判定の上書き."""

    # The service says in our words what is wrong with a choice of somebody's own making.
    verdict = RadioField(cast("str", lazy("判定")), [_chosen], validate_choice=False)
    reason = RadioField(cast("str", lazy("理由")), validate_choice=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.verdict.choices = [
            *((code.value, str(text.VERDICTS[code][0])) for code in (*Verdict,)[:2]),
            ("rule", gettext("出欠の記録のとおりに判定する")),
        ]
        self.reason.choices = [(code, str(word)) for code, word in text.REASONS.items()]


class MaterialForm(PostedForm):
    """補講の教材: by which one a session is made up for."""

    session = HiddenField()
    material = SelectField(
        cast("str", lazy("録画・小テストの教材")), [_chosen], validate_choice=False
    )

    def offer(self, materials: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Let these materials be chosen."""
        self.material.choices = [
            ("", gettext("選んでください")),
            *((str(key), title) for key, title in materials),
        ]

    def material_id(self) -> uuid.UUID | None:
        """Return the chosen material; None where it is none of those that are offered."""
        offered = {value for value, _ in cast("list[tuple[str, str]]", self.material.choices)}
        chosen = self.material.data
        return uuid.UUID(chosen) if chosen and chosen in offered else None
