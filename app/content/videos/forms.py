"""The forms of a video: the file that is sent, and how the video is watched."""

from __future__ import annotations

import uuid
from typing import cast

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import ValidationError

from app.content.materials.service import LONGEST_TITLE
from app.content.videos.models import Completion, Reaction, WatchingRule
from app.content.videos.text import COMPLETIONS, REACTIONS
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, in_one_line, key_or_none, written
from app.kernel.web.forms import PostedForm, SelectChoice


class VideoForm(PostedForm):
    """A film to come: sent beforehand piece by piece (`upload`), else with the form itself."""

    upload = HiddenField()
    video = FileField(cast("str", lazy("動画ファイル")))
    title = StringField(cast("str", lazy("教材名")), filters=[in_one_line])
    publishes = BooleanField(cast("str", lazy("視聴できるようになったら、すぐに公開する")))

    def validate_video(self, field: FileField) -> None:
        """Ask for a film, however it was sent."""
        if self.upload_id is None and not (field.data and field.data.filename):
            raise ValidationError(gettext("動画ファイルを選んでください。"))

    def validate_title(self, field: StringField) -> None:
        """Refuse what no list could show."""
        if len(field.data or "") > LONGEST_TITLE:
            raise ValidationError(
                gettext("教材名は%(limit)s文字以内で入力してください。", limit=LONGEST_TITLE)
            )

    @property
    def upload_id(self) -> uuid.UUID | None:
        """The upload that was sent beforehand; None where there is none."""
        return key_or_none(self.upload.data)


class RuleForm(PostedForm):
    """How a video is watched where a training says nothing else."""

    completion = RadioField(
        cast("str", lazy("完了とする条件")),
        choices=[SelectChoice(value, cast("str", words)) for value, words in COMPLETIONS.items()],
        validate_choice=False,  # the library would say it in its own words
    )
    percent = CountField(cast("str", lazy("視聴する割合")))
    hidden = RadioField(
        cast("str", lazy("動画の画面を隠したとき")),
        choices=[SelectChoice(value, cast("str", words)) for value, words in REACTIONS.items()],
        validate_choice=False,
    )
    elsewhere = RadioField(
        cast("str", lazy("同じ人が、別の動画を同時に再生したとき")),
        choices=[SelectChoice(value, cast("str", words)) for value, words in REACTIONS.items()],
        validate_choice=False,
    )

    def validate_completion(self, field: RadioField) -> None:
        """Take one of those that there are."""
        if field.data not in list(Completion):
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def validate_percent(self, field: CountField) -> None:
        """Take a share of the film, where it counts."""
        is_wanted = self.completion.data == Completion.PERCENT or written(field)
        if is_wanted and not 1 <= (field.data or 0) <= 100:
            raise ValidationError(gettext("1から100までの数字を入力してください。"))

    def validate_hidden(self, field: RadioField) -> None:
        """Take one of the two."""
        if field.data not in list(Reaction):
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    validate_elsewhere = validate_hidden

    def fill(self, rule: WatchingRule) -> None:
        """Show what holds."""
        self.completion.data, self.percent.data = str(rule.completion), rule.percent
        self.hidden.data, self.elsewhere.data = str(rule.hidden), str(rule.elsewhere)

    def data_of(self) -> WatchingRule:
        """Return what was entered."""
        return WatchingRule(
            Completion(self.completion.data),
            self.percent.data or WatchingRule().percent,
            hidden=Reaction(self.hidden.data),
            elsewhere=Reaction(self.elsewhere.data),
        )
