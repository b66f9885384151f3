"""What is chosen for a notice of absence: sessions and codes, never words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, cast

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.kernel.language import gettext, lazy
from app.kernel.web.filters import moment
from app.kernel.web.forms import PostedForm
from app.training.attendance.models import Announcement
from app.training.attendance.queries import Sitting
from app.training.attendance.text import REASONS

_chosen = InputRequired(cast("str", lazy("選んでください。")))
_WHAT = {
    Announcement.ABSENT: lazy("欠席"),
    Announcement.LATE: lazy("遅刻"),
    Announcement.LEAVING_EARLY: lazy("早退"),
}


class AbsenceForm(PostedForm):
    """欠席・遅刻・早退の連絡."""

    # The service says in our words what is wrong with a choice of somebody's own making.
    sessions = SelectMultipleField(
        cast("str", lazy("どのコマか")),
        [_chosen],
        validate_choice=False,
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    what = RadioField(
        cast("str", lazy("連絡の内容")),
        [_chosen],
        validate_choice=False,
        default=Announcement.ABSENT.value,
    )
    reason = RadioField(cast("str", lazy("理由")), [_chosen], validate_choice=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.what.choices = [(code, str(word)) for code, word in _WHAT.items()]
        self.reason.choices = [(code, str(word)) for code, word in REASONS.items()]

    def offer(self, sittings: Sequence[Sitting]) -> None:
        """Let these sessions be chosen."""
        self.sessions.choices = [
            (
                str(sitting.id),
                gettext(
                    "第%(number)sコマ　%(moment)s　%(place)s",
                    number=sitting.number,
                    moment=moment(sitting.starts_at),
                    place=sitting.place,
                ).strip(),
            )
            for sitting in sittings
        ]

    def session_ids(self) -> list[uuid.UUID]:
        """Return the chosen sessions, of those that are offered."""
        offered = {value for value, _ in cast("list[tuple[str, str]]", self.sessions.choices)}
        return [uuid.UUID(value) for value in self.sessions.data or () if value in offered]
