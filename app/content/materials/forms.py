"""The forms of a material: its name, and how it is played."""

from __future__ import annotations

from typing import cast

from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, ValidationError

from app.content.materials.queries import PlayOptions
from app.content.materials.service import LONGEST_TITLE
from app.kernel.language import Lazy, gettext, lazy
from app.kernel.web.forms import PostedForm, SelectChoice


class TitleForm(PostedForm):
    """A new name."""

    title = StringField(
        cast("str", lazy("教材名")),
        validators=[DataRequired(message=cast("str", lazy("教材名を入力してください。")))],
    )

    def validate_title(self, field: StringField) -> None:
        """Refuse what no list could show."""
        if len(field.data or "") > LONGEST_TITLE:
            raise ValidationError(
                gettext("教材名は%(limit)s文字以内で入力してください。", limit=LONGEST_TITLE)
            )

    def data_of(self) -> str:
        """Return the name."""
        return self.title.data or ""


def _one_of(label: Lazy, **choices: Lazy) -> RadioField:
    """Return a field that takes one of some choices, given by value."""

    def is_offered(_form: PostedForm, field: RadioField) -> None:
        if field.data not in choices:
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    return RadioField(
        cast("str", label),
        choices=[SelectChoice(value, cast("str", words)) for value, words in choices.items()],
        validators=[is_offered],
        validate_choice=False,  # the library would say it in its own words
    )


class PlayForm(PostedForm):
    """How a material is played."""

    window = _one_of(
        lazy("開く場所"),
        page=lazy("受講画面の中で開く"),
        new=lazy("別のウィンドウで開く"),
    )
    silent = _one_of(
        lazy("教材を閉じたときの扱い（終了の合図がない場合）"),
        suspend=lazy("中断とみなし、次は続きから始める"),
        end=lazy("終了とみなし、次は最初から始める"),
    )
    limits = _one_of(
        lazy("教材が保存できる文字数"),
        wide=lazy("64,000文字まで（ふつうはこちら）"),
        strict=lazy("規格どおり（SCORM 1.2は4,096文字まで）"),
    )

    def fill(self, options: PlayOptions) -> None:
        """Show the present options."""
        self.window.data = options.window
        self.silent.data = "suspend" if options.suspends_silent else "end"
        self.limits.data = "strict" if options.strict_limits else "wide"

    def data_of(self) -> PlayOptions:
        """Return the options that were chosen."""
        return PlayOptions(
            window="new" if self.window.data == "new" else "page",
            suspends_silent=self.silent.data != "end",
            strict_limits=self.limits.data == "strict",
        )
