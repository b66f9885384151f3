"""What an applicant enters: up to three runs in the order of their wish."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from wtforms import HiddenField, SelectField

from app.kernel import db
from app.kernel.language import gettext, lazy
from app.kernel.web.forms import PostedForm
from app.training.calls.queries import Called
from app.training.calls.service import MOST_PREFERENCES
from app.training.offers.queries import Terms


def _new_key() -> str:
    return str(db.new_id())


class ApplyForm(PostedForm):
    """申込み."""

    #: The key of the row to come: sent twice, the form applies once.
    key = HiddenField(default=_new_key)
    wish_1 = SelectField(cast("str", lazy("第1希望の回")), validate_choice=False)
    wish_2 = SelectField(cast("str", lazy("第2希望の回")), validate_choice=False)
    wish_3 = SelectField(cast("str", lazy("第3希望の回")), validate_choice=False)

    def offer(self, runs: Sequence[tuple[Called, str]]) -> None:
        """Let these runs be chosen; no more wishes are asked for than there are runs."""
        self.offered = {str(run.id) for run, _ in runs}
        self.asked = [self[f"wish_{place}"] for place in range(1, MOST_PREFERENCES + 1)]
        self.asked = self.asked[: max(1, len(runs))]
        for field in self.asked:
            is_first = field is self.asked[0]
            field.choices = [("", gettext("選んでください") if is_first else gettext("なし"))]
            field.choices += [(str(run.id), words) for run, words in runs]
            if is_first and len(runs) == 1 and not field.data:
                field.data = str(runs[0][0].id)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a first wish, for runs that are offered, and for each of them once."""
        sound = bool(super().validate(extra_validators))
        seen: set[str] = set()
        for field in self.asked:
            chosen = field.data or ""
            if field is self.asked[0] and not chosen:
                field.errors = [gettext("希望する回を選んでください。")]
            elif chosen and chosen not in self.offered:
                field.errors = [gettext("受付中の回から選んでください。")]
            elif chosen and chosen in seen:
                field.errors = [gettext("同じ回は一度だけ選べます。")]
            seen.add(chosen)
            sound = sound and not field.errors
        return sound

    def key_of(self) -> uuid.UUID:
        """Return the key of the row to come; a new one where it was lost on the way."""
        try:
            return uuid.UUID(str(self.key.data))
        except ValueError:
            return db.new_id()

    def runs_of(self) -> list[uuid.UUID]:
        """Return the runs in the order of the wish."""
        return [uuid.UUID(field.data) for field in self.asked if field.data]


@dataclass(frozen=True)
class Offer:
    """What `training/_apply.html` shows: the terms for one person, and the form."""

    terms: Terms
    form: ApplyForm
    #: Where the form is sent.
    action: str
    #: What stands in the way, each as what it is and what to do about it.
    obstacles: tuple[tuple[str, str], ...]
    #: What becomes of an application here (承認の経路).
    path: str
    #: Whom it is for, where that is not whoever looks at it (代行).
    for_name: str = ""
