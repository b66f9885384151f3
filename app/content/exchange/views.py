"""Pages of files of questions: taken into a bank after a look at them, and written out of it."""

from __future__ import annotations

import re
import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.banks import access, service
from app.content.banks import queries as banks
from app.content.banks.models import QuestionBank
from app.content.exchange import queries, text
from app.content.exchange.forms import FileForm
from app.content.exchange.queries import FORMATS
from app.content.questions.text import KINDS, short
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from content_packages.questions.files import LARGEST

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
BANK = {"bank_id": "question_bank"}
#: Questions of a file that the check lists; the rest is counted.
MOST_SHOWN = 200

blueprint = flask.Blueprint("exchange", __name__, url_prefix="/banks")


@route(blueprint, "/<uuid:bank_id>/files", may=AUTHORS, about=BANK)
def exchange(bank_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a file to take in, and offer the bank in each format."""
    return _page(access.bank(session(), bank_id), FileForm(formdata=None))


@route(
    blueprint,
    "/<uuid:bank_id>/files",
    may=AUTHORS,
    about=BANK,
    method="POST",
    takes_files=True,
)
def check(bank_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a file would add; nothing is written."""
    row, form = access.bank(session(), bank_id), FileForm()
    found = None
    if form.validate():
        # Nothing is written yet: let go of the writer's lock while the file is read.
        let_go()
        found = form.checked(settings().uploads)
        row = access.bank(session(), bank_id)
    if found is None:
        return _page(row, form), 422
    return flask.render_template(
        "content/exchange_check.html",
        bank=row,
        found=found,
        most_shown=MOST_SHOWN,
        packed=queries.packed(found.sound),
        kinds=KINDS,
        short=short,
        finding=text.finding,
        place=text.place,
        severities=text.SEVERITIES,
    )


@route(blueprint, "/<uuid:bank_id>/files/commit", may=AUTHORS, about=BANK, method="POST")
def commit(bank_id: uuid.UUID) -> ResponseReturnValue:
    """Add the questions that were checked."""
    questions = queries.unpacked(flask.request.form.get("questions", ""))
    count = service.add_all(session(), bank_id, questions, by=actor(), now=now())
    if count:
        flask.flash(gettext("%(count)s問を取り込みました。", count=f"{count:,}"), "success")
    else:
        flask.flash(gettext("もう取り込まれています。何も変わっていません。"), "info")
    return flask.redirect(flask.url_for("banks.bank", bank_id=bank_id), 303)


@route(
    blueprint,
    "/<uuid:bank_id>/files/<form>",
    may=AUTHORS,
    about={**BANK, "form": tuple(FORMATS)},
    audited=True,
)
def bank_file(bank_id: uuid.UUID, form: str) -> ResponseReturnValue:
    """Answer a bank as a file."""
    if form not in FORMATS:
        raise NotFound
    row = access.bank(session(), bank_id)
    questions = banks.all_of(session(), bank_id)
    body = queries.written(form, questions, row.name)
    details = {"count": len(questions), "format": form}
    showing.note("question_bank.exported", "question_bank", bank_id, details)
    name = re.sub(r'[\\/:*?"<>|\s]+', "_", row.name)
    return _file(body, FORMATS[form], f"{name}.{FORMATS[form].suffix}")


@route(blueprint, "/blank.xlsx", may=AUTHORS)
def blank_file() -> ResponseReturnValue:
    """Answer an empty workbook with the columns that a sheet of questions has."""
    return _file(queries.blank_sheet(), FORMATS["xlsx"], "questions.xlsx")


def _file(body: bytes, form: queries.Format, name: str) -> flask.Response:
    response = flask.make_response(body)
    response.headers["Content-Type"] = form.media_type
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _page(row: QuestionBank, form: FileForm) -> str:
    questions = banks.all_of(session(), row.id)
    return flask.render_template(
        "content/exchange.html",
        bank=row,
        form=form,
        count=len(questions),
        limit=LARGEST,
        formats=text.FORMATS,
        losses=queries.losses(questions),
        loss=text.loss,
    )
