"""What is entered about a survey and its questions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import cast

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.content.materials.service import LONGEST_TITLE
from app.content.sheets.service import Manner
from app.content.sheets.text import FIELDS, NOTICE, fault
from app.kernel import db
from app.kernel.language import gettext, lazy
from app.kernel.web.fields import CountField, KeyField, in_one_line, new_key, stripped
from app.kernel.web.forms import PostedForm, SelectChoice
from content_packages.questions.findings import Finding
from content_packages.questions.sheet import (
    LONGEST_TEXT,
    Answers,
    Sheet,
    SheetKind,
    SheetQuestion,
    check_question,
    options_of,
)

_words_needed = DataRequired(cast("str", lazy("入力してください。")))


class NewForm(PostedForm):
    """アンケートの作成."""

    #: The key of the row to come: sent twice, the form makes one survey.
    key = KeyField(default=new_key)
    title = StringField(cast("str", lazy("アンケートの名前")), [_words_needed], [in_one_line])
    source = SelectField(cast("str", lazy("もとにするもの")), validate_choice=False)

    def offer(self, surveys: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Let it be made of nothing, of the built-in sheet, or of one of these."""
        self.source.choices = [
            ("template", gettext("「受講後アンケート」のひな形")),
            ("", gettext("白紙")),
            *((str(key), gettext("「%(title)s」の写し", title=title)) for key, title in surveys),
        ]

    def validate_title(self, field: Field) -> None:
        """Refuse what no list could show."""
        if len(field.data) > LONGEST_TITLE:
            raise ValidationError(
                gettext("%(limit)s文字以内で入力してください。", limit=LONGEST_TITLE)
            )

    def validate_source(self, field: SelectField) -> None:
        """Take one of those offered."""
        if (field.data or "") not in {choice[0] for choice in field.choices or ()}:
            raise ValidationError(gettext("一覧から選び直してください。"))


class MannerForm(PostedForm):
    """アンケートの設定."""

    naming = RadioField(
        cast("str", lazy("記名・無記名")),
        choices=[
            SelectChoice(
                "anonymous", cast("str", lazy("無記名（だれの回答か、だれにも分からない）"))
            ),
            SelectChoice("named", cast("str", lazy("記名（研修担当は、だれの回答か分かる）"))),
        ],
        validate_choice=False,  # the library would say it in its own words
    )
    is_shown_to_heads = BooleanField(
        cast("str", lazy("集計の結果を、受講者の所属長にも見せる（一人ひとりの回答は見せません）"))
    )
    text = TextAreaField(cast("str", lazy("はじめに読んでもらう文")), filters=[stripped])

    def validate_naming(self, field: RadioField) -> None:
        """Take one of the two."""
        if field.data not in ("anonymous", "named"):
            raise ValidationError(gettext("選択肢から1つ選んでください。"))

    def validate_text(self, field: Field) -> None:
        """Keep it to what is read before the questions."""
        if len(field.data or "") > LONGEST_TEXT:
            raise ValidationError(gettext("2,000文字以内で入力してください。"))

    def fill(self, sheet: Sheet) -> None:
        """Show what holds."""
        self.naming.data = "anonymous" if sheet.is_anonymous else "named"
        self.is_shown_to_heads.data, self.text.data = sheet.is_shown_to_heads, sheet.text

    def data_of(self) -> Manner:
        """Return what was entered."""
        return Manner(
            self.naming.data != "named", bool(self.is_shown_to_heads.data), self.text.data or ""
        )


class QuestionForm(PostedForm):
    """質問: the fields of its kind; the others stay away."""

    #: The question's id: sent twice, the form makes one question.
    question = HiddenField()
    kind = HiddenField()
    text = TextAreaField(cast("str", lazy("質問の文")), filters=[stripped])
    is_required = BooleanField(cast("str", lazy("必ず答えてもらう")))
    options = TextAreaField(cast("str", lazy("選択肢（1行に1つ）")))
    size = CountField(cast("str", lazy("段階の数")))
    low = StringField(cast("str", lazy("いちばん低い段階の意味")), filters=[in_one_line])
    high = StringField(cast("str", lazy("いちばん高い段階の意味")), filters=[in_one_line])
    most = CountField(cast("str", lazy("文字数の上限")))

    @property
    def sheet_kind(self) -> SheetKind:
        """The kind that is asked for; a scale where it is none of those there are."""
        said = self.kind.data
        return SheetKind(said) if said in list(SheetKind) else SheetKind.SCALE

    def begin(self, kind: str) -> None:
        """Show an empty question of a kind."""
        self.kind.data = kind
        self.fill(
            SheetQuestion(
                str(db.new_id()),
                self.sheet_kind,
                "",
                low=gettext("そう思わない"),
                high=gettext("そう思う"),
                is_required=self.sheet_kind is not SheetKind.TEXT,
            )
        )

    def fill(self, question: SheetQuestion) -> None:
        """Show a question as it is."""
        self.question.data, self.kind.data = question.id, question.kind.value
        self.text.data, self.is_required.data = question.text, question.is_required
        self.options.data = "\n".join(option.text for option in question.options)
        self.size.data, self.most.data = question.size, question.most
        self.low.data, self.high.data = question.low, question.high

    def validate(self, extra_validators: object = None) -> bool:
        """Say of each field what is wrong with the question."""
        super().validate(extra_validators)
        faults: dict[str, list[str]] = {}
        for found in check_question(self.data_of()):
            faults.setdefault(FIELDS[found.code], []).append(fault(found.code, found.data))
        for name, said in faults.items():
            self[name].errors = said
        return not faults

    def data_of(self) -> SheetQuestion:
        """Return the question that was entered, with the fields of its kind alone."""
        kind = self.sheet_kind
        more: dict[str, object] = {}
        if kind is SheetKind.SCALE:
            more = {"size": self.size.data or 0, "low": self.low.data, "high": self.high.data}
        elif kind is SheetKind.TEXT:
            more = {"most": self.most.data or 0}
        else:
            more = {"options": options_of((self.options.data or "").splitlines())}
        return SheetQuestion(
            (self.question.data or "")[:64] or str(db.new_id()),
            kind,
            self.text.data or "",
            bool(self.is_required.data),
            **more,  # type: ignore[arg-type] # by their names
        )


class _Needed:
    """Marks a field as required: what is missing is said by the sheet itself."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms' class setting

    def __call__(self, form: object, field: object) -> None:
        """Find no fault."""


def answer_form(sheet: Sheet, answers: Answers | None = None) -> PostedForm:
    """Return the form that asks a sheet's questions: what was sent, else some answers.

    Each field is called after its question: see `given`.
    """
    fields = {_name(each.id): _field(each) for each in sheet.questions}
    form: PostedForm = type("AnswerForm", (PostedForm,), fields)()
    if not form.is_submitted():
        for name, answer in (answers or {}).items():
            if _name(name) in fields:
                form[_name(name)].data = str(answer) if isinstance(answer, int) else answer
    return form


def given(sheet: Sheet, form: PostedForm) -> dict[str, object]:
    """Return what came in by the id of its question, to be taken by the sheet."""
    return {each.id: form[_name(each.id)].data for each in sheet.questions}


def find_fault(form: PostedForm, findings: Iterable[Finding]) -> None:
    """Say at each field what is wrong with its answer."""
    for found in findings:
        form[_name(str(found.data["question"]))].errors = [fault(found.code, found.data)]


def _name(question: str) -> str:
    return f"answer-{question}"


def _field(question: SheetQuestion) -> Field:
    needed = [_Needed()] if question.is_required else []
    if question.kind is SheetKind.TEXT:
        return TextAreaField(question.text, needed, description=cast("str", NOTICE))
    choices = [SelectChoice(*each) for each in _choices(question)]
    if question.kind is SheetKind.MULTIPLE:
        return SelectMultipleField(
            question.text,
            needed,
            choices=choices,
            validate_choice=False,
            option_widget=CheckboxInput(),
            widget=ListWidget(prefix_label=False),
        )
    return RadioField(question.text, needed, choices=choices, validate_choice=False)


def _choices(question: SheetQuestion) -> Iterable[tuple[str, str]]:
    if question.kind is not SheetKind.SCALE:
        return [(option.id, option.text) for option in question.options]
    ends = {1: question.low, question.size: question.high}
    return [
        (str(step), gettext("%(step)s（%(meaning)s）", step=step, meaning=ends[step]))
        if ends.get(step)
        else (str(step), str(step))
        for step in range(1, question.size + 1)
    ]
