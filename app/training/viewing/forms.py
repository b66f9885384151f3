"""What the office says otherwise of how a video is watched in a run."""

from __future__ import annotations

from typing import Any, cast

from wtforms import RadioField
from wtforms.validators import ValidationError

from app.content.videos.models import Completion
from app.content.videos.text import COMPLETIONS, REACTIONS
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, written
from app.kernel.web.forms import PostedForm
from app.training.viewing import text
from app.training.viewing.queries import Viewing

#: Whether it is bound, as the form says it.
BOUND, FREE = "bound", "free"
#: What is said by a choice of words alone.
_CHOSEN = ("completion", "hidden", "elsewhere")


class WatchingForm(PostedForm):
    """動画の視聴条件; what is left as the material says is sent as nothing."""

    completion = RadioField(cast("str", lazy("完了とする条件")), validate_choice=False)
    percent = CountField(cast("str", lazy("視聴する割合")))
    bound = RadioField(cast("str", lazy("初回の早送り・倍速")), validate_choice=False)
    hidden = RadioField(cast("str", lazy("動画の画面を隠したとき")), validate_choice=False)
    elsewhere = RadioField(
        cast("str", lazy("同じ人が、別の動画を同時に再生したとき")), validate_choice=False
    )

    def offer(self, found: Viewing) -> None:
        """Let these be chosen, each with what it is where nothing else is said."""
        self.impossible = found.impossible
        usual = found.usual
        self.completion.choices = [
            ("", gettext("教材のとおり（%(usual)s）", usual=text.condition(usual))),
            *((code, str(words)) for code, words in COMPLETIONS.items()),
        ]
        self.bound.choices = [
            (
                "",
                gettext("必須の教材なので、できない")
                if found.is_required
                else gettext("任意の教材なので、できる"),
            ),
            (BOUND, gettext("できない（完了したあとは、できる）")),
            (FREE, gettext("できる")),
        ]
        for field, manner in ((self.hidden, usual.hidden), (self.elsewhere, usual.elsewhere)):
            field.choices = [
                ("", gettext("教材のとおり（%(usual)s）", usual=str(REACTIONS[manner]))),
                *((code, str(words)) for code, words in REACTIONS.items()),
            ]

    def fill(self, found: Viewing) -> None:
        """Show what the run says otherwise now."""
        for name in _CHOSEN:
            self[name].data = found.said.get(name, "")
        self.percent.data = found.said.get("percent")
        self.bound.data = {None: "", True: BOUND, False: FREE}[found.said.get("is_bound")]

    def validate_completion(self, field: RadioField) -> None:
        """Take one of those that there are, and that learners can fulfil."""
        _check_choice(field)
        if field.data == Completion.CODE and Completion.CODE in self.impossible:
            raise ValidationError(
                gettext("公開中の動画に、確認コードがありません。ほかの条件を選んでください。")
            )
        if field.data == Completion.QUESTIONS and Completion.QUESTIONS in self.impossible:
            raise ValidationError(
                gettext("公開中の動画に、確認問題がありません。ほかの条件を選んでください。")
            )

    def validate_percent(self, field: CountField) -> None:
        """Take a share of the film, where one is said."""
        if written(field) and not 1 <= (field.data or 0) <= 100:
            raise ValidationError(gettext("1から100までの数字を入力してください。"))

    def validate_bound(self, field: RadioField) -> None:
        """Take one of the three."""
        _check_choice(field)

    validate_hidden = validate_elsewhere = validate_bound

    def data_of(self) -> dict[str, Any]:
        """Return what the run says otherwise, as `WatchingRule.of` reads it."""
        said: dict[str, Any] = {name: self[name].data for name in _CHOSEN if self[name].data}
        if self.percent.data is not None:
            said["percent"] = self.percent.data
        if self.bound.data:
            said["is_bound"] = self.bound.data == BOUND
        return said


def _check_choice(field: RadioField) -> None:
    if field.data not in {each[0] for each in field.choices or ()}:
        raise ValidationError(gettext("選択肢から1つ選んでください。"))
