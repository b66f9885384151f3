"""The forms of a test: its name, its rules, a section."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from app.content.papers.text import FEEDBACK
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, KeyField, in_one_line, stripped, written
from app.kernel.web.forms import PostedForm, SelectChoice
from content_packages.questions.checking import LONGEST_TEXT
from content_packages.questions.item import tidy
from content_packages.questions.paper import Feedback, Rules, Section

LONGEST_TITLE = 200
#: A day and a night: no test takes longer.
MOST_MINUTES = 1_440
MOST_ATTEMPTS = 100


class NewForm(PostedForm):
    """テストの作成."""

    key = KeyField()
    title = StringField(
        cast("str", lazy("テストの名前")),
        [DataRequired(cast("str", lazy("名前を入力してください。")))],
        [in_one_line],
    )


class RulesForm(PostedForm):
    """受験の決まり."""

    pass_mark = CountField(cast("str", lazy("合格点")))
    minutes = CountField(cast("str", lazy("制限時間")))
    attempts = CountField(cast("str", lazy("受験できる回数")))
    feedback = RadioField(
        cast("str", lazy("正答と解説を出す時期")),
        choices=[SelectChoice(code, cast("str", words)) for code, words in FEEDBACK.items()],
        validate_choice=False,
    )
    shuffled = BooleanField(cast("str", lazy("問題の並びを、受験のたびに変える")))

    def fill(self, rules: Rules) -> None:
        """Show the present rules."""
        self.pass_mark.data, self.minutes.data = rules.pass_mark, rules.minutes
        self.attempts.data, self.feedback.data = rules.attempts, rules.feedback.value
        self.shuffled.data = rules.is_shuffled

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field."""
        super().validate(extra_validators)
        if self.pass_mark.data is None or self.pass_mark.data > 100:
            self.pass_mark.errors = [gettext("0から100までの数字を入力してください。")]
        for field, most in ((self.minutes, MOST_MINUTES), (self.attempts, MOST_ATTEMPTS)):
            if written(field) and not 1 <= (field.data or 0) <= most:
                field.errors = [
                    gettext("1から%(most)sまでの数字を入力してください。", most=f"{most:,}")
                ]
        if self.feedback.data not in FEEDBACK:
            self.feedback.errors = [gettext("選択肢から1つ選んでください。")]
        return not self.errors

    def data_of(self) -> Rules:
        """Return the rules that were entered."""
        return Rules(
            pass_mark=self.pass_mark.data,
            minutes=self.minutes.data,
            attempts=self.attempts.data,
            feedback=Feedback(self.feedback.data or ""),
            is_shuffled=bool(self.shuffled.data),
        )


class SectionForm(PostedForm):
    """大問."""

    section = HiddenField()
    title = StringField(cast("str", lazy("大問の題名")), filters=[in_one_line])
    text = TextAreaField(cast("str", lazy("問題の前に示す文")), filters=[stripped])
    bank = SelectField(cast("str", lazy("問題")), validate_choice=False)
    count = CountField(cast("str", lazy("出す問題の数")))

    def offer(self, banks: Iterable[tuple[str, str]]) -> None:
        """Let these banks be chosen."""
        choices = [
            ("", gettext("この大問に問題を書く")),
            *((key, gettext("問題集「%(name)s」から出す", name=name)) for key, name in banks),
        ]
        self.bank.choices = list(choices)
        self.offered = {key for key, _ in choices}

    def fill(self, section: Section) -> None:
        """Show the present section."""
        self.section.data, self.title.data = section.id, section.title
        self.text.data, self.count.data = section.text, section.count
        self.bank.data = section.bank_id or ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field."""
        super().validate(extra_validators)
        if len(self.title.data or "") > LONGEST_TITLE:
            self.title.errors = [
                gettext("%(limit)s文字以内で入力してください。", limit=LONGEST_TITLE)
            ]
        if len(self.text.data or "") > LONGEST_TEXT:
            self.text.errors = [
                gettext("%(limit)s文字以内で入力してください。", limit=f"{LONGEST_TEXT:,}")
            ]
        if written(self.count) and not self.count.data:
            self.count.errors = [gettext("1以上の数字を入力するか、空にしてください。")]
        if (self.bank.data or "") not in self.offered:
            self.bank.errors = [gettext("選択肢から1つ選んでください。")]
        return not self.errors

    def data_of(self, section_id: str) -> Section:
        """Return the section that was entered, without its questions."""
        return Section(
            id=section_id,
            title=self.title.data or "",
            text=tidy(self.text.data or ""),
            count=self.count.data,
            bank_id=self.bank.data or None,
        )
