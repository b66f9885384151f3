"""C03: about people only codes are entered; where words can be typed is said here, by field."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.fields.core import UnboundField

import app
from app.kernel.web import exports

#: Each field that takes words, and why it says nothing about a person beyond the approved items.
WORDS = {
    "app.people.sign_in.forms.SignInForm.number": "職員番号 (item 1)",
    "app.people.sign_in.forms.SignInForm.password": "a password, kept as a hash",
    "app.people.passwords.forms.PasswordForm.present": "a password, kept as a hash",
    "app.people.passwords.forms.PasswordForm.new": "a password, kept as a hash",
    "app.people.passwords.forms.PasswordForm.again": "a password, kept as a hash",
    "app.people.second_factor.forms.CodeForm.code": "a code, compared and not kept",
    "app.people.purposes.forms.WordingForm.purpose": "what is told to everybody, about nobody",
    "app.people.purposes.forms.WordingForm.viewers": "what is told to everybody, about nobody",
    "app.people.purposes.forms.WordingForm.retention": "what is told to everybody, about nobody",
    "app.people.permission.forms.DeputyForm.number": "職員番号 (item 1), looked up and not kept",
    "app.people.profiles.forms.CorrectionForm.name": "氏名 (item 2)",
    "app.people.profiles.forms.CorrectionForm.email": "メールアドレス (item 11)",
    "app.people.profiles.forms.CorrectionForm.job_type": "職種 (item 6)",
    "app.people.profiles.forms.CorrectionForm.duty": "職務名 (item 7)",
    "app.people.saved_filters.forms.FilterForm.name": "what somebody calls a list of theirs",
    "app.people.titles.forms.TitleForm.name": "a title of the organisation, about nobody",
    "app.people.titles.forms.TitleForm.grade": "a grade of the organisation, about nobody",
    "app.people.messages.forms.WordingForm.title": "a template of mail, which may tell of people",
    "app.people.messages.forms.WordingForm.text": "a template of mail, which may tell of people",
    **{
        f"app.portals.registrations.forms.AddressForm.{name}": "a portal's address, about nobody"
        for name in (
            *("name", "issuer", "client_id", "auth_login_url", "auth_token_url", "key_set_url"),
            *("deployment_id", "auth_audience", "more_hosts", "frame_origins"),
        )
    },
    "app.portals.registrations.forms.DeploymentForm.deployment_id": "a portal's id, about nobody",
    "app.portals.registrations.forms.InvitationForm.name": "what a portal is called, about nobody",
    **{
        f"app.portals.packages.forms.PackageForm.{name}": "a portal's address, about nobody"
        for name in ("name", "frame_origins")
    },
    "app.learning.clients.forms.ClientForm.name": "what a system is called, about nobody",
    **{
        f"app.learning.forwarding.forms.ForwardForm.{name}": "another record store, about nobody"
        for name in ("name", "endpoint", "key", "secret", "verbs", "activities")
    },
    **{
        f"app.learning.forwarding.forms.KeyForm.{name}": "another record store, about nobody"
        for name in ("key", "secret")
    },
    "app.keeping.retention.forms.ApprovalForm.responsible": "who answers for an erasure (責任者)",
    "app.content.materials.forms.TitleForm.title": "a material, about nobody",
    "app.content.readings.forms.NamedForm.title": "a material, about nobody",
    "app.content.readings.forms.DocumentForm.title": "a material, about nobody",
    "app.content.readings.forms.LinkForm.title": "a material, about nobody",
    "app.content.readings.forms.AddressForm.url": "where a material is, about nobody",
    "app.content.readings.forms.LinkForm.url": "where a material is, about nobody",
    "app.content.videos.forms.VideoForm.title": "a material, about nobody",
    "app.content.captions.forms.TextForm.text": "what is said in a film, about nobody",
    "app.content.captions.forms.ChaptersForm.chapters": "a film's chapters, about nobody",
    "app.content.captions.forms.ChaptersForm.transcript": "what is said in a film, about nobody",
    "app.content.video_questions.forms.ChoiceRow.choice": "a question in a film, about nobody",
    "app.content.video_questions.forms.QuestionForm.text": "a question in a film, about nobody",
    "app.content.video_questions.forms.CodeForm.code": "a code that a film shows, about nobody",
    "app.content.sheets.forms.NewForm.title": "a survey, about nobody",
    "app.content.sheets.forms.MannerForm.text": "a survey's template, about nobody",
    "app.content.sheets.forms.QuestionForm.text": "a survey's template, about nobody",
    "app.content.sheets.forms.QuestionForm.options": "a survey's template, about nobody",
    "app.content.sheets.forms.QuestionForm.low": "a survey's template, about nobody",
    "app.content.sheets.forms.QuestionForm.high": "a survey's template, about nobody",
    "app.content.banks.forms.BankForm.name": "questions of a subject, about nobody",
    "app.content.papers.forms.NewForm.title": "a test, about nobody",
    "app.content.papers.forms.SectionForm.title": "a part of a test, about nobody",
    "app.content.papers.forms.SectionForm.text": "a part of a test, about nobody",
    "app.content.question_rows.forms.OptionRow.option": "a question of a test, about nobody",
    "app.content.question_rows.forms.OptionRow.remark": "a question of a test, about nobody",
    "app.content.question_rows.forms.BlankRow.accepted": "a question of a test, about nobody",
    "app.content.question_rows.forms.PairRow.left": "a question of a test, about nobody",
    "app.content.question_rows.forms.PairRow.partner": "a question of a test, about nobody",
    "app.content.question_rows.forms.WrongRow.wrong": "a question of a test, about nobody",
    "app.training.syllabus.forms.TrainingForm.code": "a training, about nobody",
    "app.training.syllabus.forms.TrainingForm.title": "a training, about nobody",
    "app.training.syllabus.forms.TrainingForm.purpose": "a training, about nobody",
    "app.training.syllabus.forms.CategoryForm.name": "a category of trainings, about nobody",
    "app.training.offerings.forms.OfferingForm.target": "whom a training is for, about nobody",
    "app.training.offerings.forms.OfferingForm.subjects": "what a training teaches",
    "app.training.offerings.forms.OfferingForm.promotion_rule": "a deadline, read as a rule",
    "app.training.programme.forms.ItemRow.due": "a deadline, read and kept as a rule",
    "app.training.programme.forms.SessionRow.place": "a room, about nobody",
    "app.training.programme.forms.SessionRow.url": "an address of a meeting, about nobody",
    "app.training.programme.forms.SessionRow.lecturer": "who teaches, as all learners are told",
    "app.training.planning.forms.RunForm.apply_rule": "a deadline, read and kept as a rule",
    "app.training.planning.forms.RunForm.head_rule": "a deadline, read and kept as a rule",
    "app.training.planning.forms.RunForm.change_rule": "a deadline, read and kept as a rule",
    "app.training.life.forms.OnlineForm.url": "an address of a meeting, about nobody",
    "app.training.check_in.forms.CodeForm.code": "a code, compared and not kept",
    "app.training.check_in.forms.NumberForm.number": "職員番号 (item 1), looked up and not kept",
    "app.training.orders.forms.HeaderForm.issuer": "a post of the organisation, about nobody",
    "app.training.roster.forms.EnrolForm.numbers": "職員番号 (item 1), looked up and not kept",
    "app.training.audiences.forms.ListForm.numbers": "職員番号 (item 1), looked up and not kept",
    "app.training.naming.forms.NamingForm.numbers": "職員番号 (item 1), looked up and not kept",
    "app.training.certificates.forms.IssueForm.issuer": "a post and who holds it, as a paper says",
    "app.training.ordering.forms.OrderAllForm.issuer": "a post that gives orders, about nobody",
}
#: Words that are to be about people: reports, answers, templates of mail, announcements.
ALLOWED_ROOMS = ("results", "questions", "notices", "templates")


def _forms() -> Iterator[type[FlaskForm]]:
    for found in pkgutil.walk_packages(app.__path__, "app."):
        if found.name.endswith(".forms"):
            module = importlib.import_module(found.name)
            for value in vars(module).values():
                is_form = isinstance(value, type) and issubclass(value, FlaskForm)
                if is_form and value.__module__ == module.__name__:
                    yield value


def fields_of_words(forms: list[type[FlaskForm]]) -> set[str]:
    """Return every field into which somebody can type words."""
    return {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in forms
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField)
        and issubclass(field.field_class, StringField)
        and not issubclass(field.field_class, HiddenField)
    }


def test_words_can_be_typed_only_where_this_list_says_why() -> None:
    found = {
        name
        for name in fields_of_words(list(_forms()))
        if not any(f".{room}." in name for room in ALLOWED_ROOMS)
    }
    new = sorted(found - set(WORDS))
    assert new == [], (
        f"{new} take free text. About people only reports, answers, templates of mail and "
        "announcements may (C03): make it a choice of codes, or say in WORDS why it tells nothing"
    )
    assert sorted(set(WORDS) - found) == []


def test_a_new_field_for_remarks_would_be_found() -> None:
    class RemarkForm(FlaskForm):  # type: ignore[misc] # Flask-WTF has no types
        """A form that must not be."""

        remark = StringField("備考")

    assert any(name.endswith("RemarkForm.remark") for name in fields_of_words([RemarkForm]))


@pytest.mark.requirement("STF-15")
def test_reasons_are_codes() -> None:
    assert all(code.isascii() and code.isidentifier() for code in exports.REASONS)
