"""Pages of banks: the list, one bank with its questions, and a question of it."""

from __future__ import annotations

import uuid
from dataclasses import replace

import flask
from flask.typing import ResponseReturnValue

from app.content.banks import access, queries, service
from app.content.banks.forms import BankForm
from app.content.banks.models import QuestionBank
from app.content.questions import forms, text
from app.content.questions.forms import QuestionForm
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import paging
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from content_packages.questions import item

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
BANK = {"bank_id": "question_bank"}
QUESTION = {"question_id": "question"}

blueprint = flask.Blueprint("banks", __name__, url_prefix="/banks")


@route(blueprint, "", may=AUTHORS)
def banks() -> ResponseReturnValue:
    """List the banks, and ask for another."""
    return _list(BankForm())


@route(blueprint, "", may=AUTHORS, method="POST")
def make() -> ResponseReturnValue:
    """Make a bank."""
    form = BankForm()
    if form.validate():
        try:
            name = form.name.data or ""
            row = service.make(session(), form.key.key, name, by=actor(), now=now())
        except Refused as refusal:
            form.name.errors = [" ".join(sentence(refusal.code, refusal.data))]
        else:
            flask.flash(gettext("問題集を作りました。次に、問題を加えてください。"), "success")
            return flask.redirect(flask.url_for(".bank", bank_id=row.id), 303)
    return _list(form), 422


@route(blueprint, "/<uuid:bank_id>", may=AUTHORS, about=BANK)
def bank(bank_id: uuid.UUID) -> ResponseReturnValue:
    """Show a bank with its questions."""
    row = access.bank(session(), bank_id)
    form = BankForm(formdata=None)
    form.name.data = row.name
    return _page(row, form)


@route(blueprint, "/<uuid:bank_id>/name", may=AUTHORS, about=BANK, method="POST")
def rename(bank_id: uuid.UUID) -> ResponseReturnValue:
    """Give a bank another name."""
    row, form = access.bank(session(), bank_id), BankForm()
    if form.validate():
        try:
            service.rename(session(), bank_id, form.name.data or "", by=actor(), now=now())
        except Refused as refusal:
            form.name.errors = [" ".join(sentence(refusal.code, refusal.data))]
        else:
            flask.flash(gettext("問題集の名前を変えました。"), "success")
            return flask.redirect(flask.url_for(".bank", bank_id=bank_id), 303)
    return _page(row, form), 422


@route(
    blueprint,
    "/<uuid:bank_id>/<any(archive, restore):action>",
    may=AUTHORS,
    about={**BANK, "action": ("archive", "restore")},
    method="POST",
)
def act(bank_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Put a bank out of use, or into use again."""
    if action == "archive":
        service.archive(session(), bank_id, by=actor(), now=now())
        flask.flash(
            gettext("問題集の使用を終えました。「もう一度使う」で元に戻せます。"), "success"
        )
    else:
        service.restore(session(), bank_id, by=actor(), now=now())
        flask.flash(gettext("問題集をもう一度使えるようにしました。"), "success")
    return flask.redirect(flask.url_for(".bank", bank_id=bank_id), 303)


@route(blueprint, "/<uuid:bank_id>/questions/new", may=AUTHORS, about=BANK)
def new_question(bank_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the kind of a question, and then for the question."""
    row = access.bank(session(), bank_id)
    kind = flask.request.args.get("kind", "")
    if not kind:
        return flask.render_template(
            "content/bank_kinds.html", bank=row, kinds=text.KINDS, hints=text.KIND_HINTS
        )
    return _ask(row, forms.blank(kind))


@route(blueprint, "/<uuid:bank_id>/questions/new", may=AUTHORS, about=BANK, method="POST")
def add_question(bank_id: uuid.UUID) -> ResponseReturnValue:
    """Add a question; its other buttons show the form again, with all that was written."""
    row = access.bank(session(), bank_id)
    form, is_shown_again = forms.sent(flask.request.form)
    if is_shown_again:
        return _ask(row, form)
    if not form.validate():
        return _ask(row, form), 422
    service.add(session(), bank_id, form.key.key, form.question(), by=actor(), now=now())
    flask.flash(gettext("問題を加えました。"), "success")
    return flask.redirect(flask.url_for(".bank", bank_id=bank_id), 303)


@route(blueprint, "/questions/<uuid:question_id>", may=AUTHORS, about=QUESTION)
def question(question_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a question as it should be."""
    row = access.question(session(), question_id)
    bank_row = access.bank(session(), row.bank_id)
    return _ask(bank_row, forms.of(item.from_document(row.document)), question_id)


@route(blueprint, "/questions/<uuid:question_id>", may=AUTHORS, about=QUESTION, method="POST")
def write_question(question_id: uuid.UUID) -> ResponseReturnValue:
    """Write a question anew."""
    row = access.question(session(), question_id)
    bank_row = access.bank(session(), row.bank_id)
    form, is_shown_again = forms.sent(flask.request.form)
    if is_shown_again:
        return _ask(bank_row, form, question_id)
    if not form.validate():
        return _ask(bank_row, form, question_id), 422
    said = replace(form.question(), id=str(question_id))
    service.write(session(), question_id, said, by=actor(), now=now())
    flask.flash(gettext("問題を保存しました。公開中のテストの問題は変わりません。"), "success")
    return flask.redirect(flask.url_for(".bank", bank_id=row.bank_id), 303)


@route(
    blueprint,
    "/questions/<uuid:question_id>/<any(up, down, delete):action>",
    may=AUTHORS,
    about={**QUESTION, "action": ("up", "down", "delete")},
    method="POST",
)
def act_on_question(question_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Move a question in its bank, or delete it."""
    if action == "delete":
        bank_id = service.remove(session(), question_id, by=actor(), now=now()).id
        flask.flash(gettext("問題を削除しました。公開中のテストの問題は変わりません。"), "success")
    else:
        bank_id = service.shift(session(), question_id, -1 if action == "up" else 1).bank_id
    page = flask.request.args.get("page", type=int)
    return flask.redirect(flask.url_for(".bank", bank_id=bank_id, page=page), 303)


def _list(form: BankForm) -> str:
    words = flask.request.args.get("q", "").strip()
    archived = flask.request.args.get("use") == "ended"
    query = queries.banks(words, archived=archived)
    page = paging.page_of(session(), query, queries.BankRow, paging.number())
    return flask.render_template(
        "content/banks.html", page=page, words=words, archived=archived, form=form
    )


def _page(row: QuestionBank, form: BankForm) -> str:
    words = flask.request.args.get("q", "").strip()
    kind = flask.request.args.get("kind", "")
    query = queries.questions(row.id, words, kind=kind)
    page = paging.page_of(session(), query, queries.row, paging.number())
    choices = [{"value": key, "label": word} for key, word in text.KINDS.items()]
    return flask.render_template(
        "content/bank.html",
        bank=row,
        form=form,
        page=page,
        words=words,
        kind=kind,
        kinds=text.KINDS,
        kind_choices=[{"value": "", "label": gettext("すべて")}, *choices],
        short=text.short,
    )


def _ask(row: QuestionBank, form: QuestionForm, question_id: uuid.UUID | None = None) -> str:
    return flask.render_template(
        "content/bank_question.html",
        bank=row,
        form=form,
        question_id=question_id,
        kinds=text.KINDS,
    )
