"""Pages of old ledgers: the files that were taken in, and one to be checked and then taken in."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.tables import blank
from app.kernel.web import paging, showing
from app.kernel.web.fields import key_or_none
from app.kernel.web.problems import sentence
from app.kernel.web.routing import let_go, now, route, session
from app.kernel.web.rules import actor, everywhere
from app.people.permission.models import Role
from app.training.ledgers import queries, service, text
from app.training.ledgers.forms import COLUMNS, LedgerForm, packed, unpacked
from app.training.ledgers.queries import ImportLine, Plan

blueprint = flask.Blueprint("ledgers", __name__, url_prefix="/ledgers")
#: A ledger is about people of all sections.
MAY = everywhere(Role.OFFICE)
IMPORT = {"import_id": "ledger_import"}
#: So many lines that are left out are told.
MOST_TOLD = 500


@route(blueprint, "", may=MAY)
def ledgers() -> ResponseReturnValue:
    """List the files that were taken in, and ask for another."""
    return _page(LedgerForm(formdata=None))


@route(blueprint, "/blank.xlsx", may=MAY)
def blank_file() -> ResponseReturnValue:
    """Answer an empty workbook with the columns that such a file may have."""
    headings = [column.names[0] for column in COLUMNS.values()]
    needed = frozenset(column.names[0] for column in COLUMNS.values() if column.is_needed)
    response = flask.make_response(blank.workbook(headings, needed))
    response.headers["Content-Type"] = blank.MEDIA_TYPE
    response.headers.set("Content-Disposition", "attachment", filename="ledger.xlsx")
    return response


@route(blueprint, "/check", may=MAY, method="POST", takes_files=True)
def check() -> ResponseReturnValue:
    """Show what a file would take in; nothing is written but that it was looked at."""
    form = LedgerForm()
    if not form.validate():
        return _page(form), 422
    # Nothing is written yet: let go of the writer's lock while the file is read.
    let_go()
    try:
        lines = form.lines_of()
    except Refused as refusal:
        form.file.errors = [" ".join(sentence(refusal.code, refusal.data))]
        return _page(form), 422
    plan = queries.plan(session(), lines, takes_others=bool(form.takes_others.data))
    shown = audit.shown(plan.people.values())
    counts = {"lines": len(plan.entries), "faulty": len(plan.faulty), "known": plan.known}
    showing.note("ledger.checked", "person", None, {**shown, **counts})
    return _checked(plan, (form.file.data.filename or "")[-service.MOST_NAME :])


@route(blueprint, "", may=MAY, method="POST")
def take_in() -> ResponseReturnValue:
    """Take a checked file in."""
    said = flask.request.form
    entries = unpacked(said.get("lines", ""))
    titles = sorted({entry.title for entry in entries})
    chosen = {title: key_or_none(said.get(f"title-{place}")) for place, title in enumerate(titles)}
    meant = {title: key for title, key in chosen.items() if key}
    count = service.take_in(
        session(), said.get("file_name", ""), entries, meant, by=actor(), now=now()
    )
    if count:
        flask.flash(gettext("%(count)s件の履歴を取り込みました。", count=f"{count:,}"), "success")
    else:
        flask.flash(gettext("もう取り込まれています。何も変わっていません。"), "info")
    return flask.redirect(flask.url_for(".ledgers"), 303)


@route(blueprint, "/<uuid:import_id>/take-back", may=MAY, about=IMPORT, method="POST")
def take_back(import_id: uuid.UUID) -> ResponseReturnValue:
    """Take a file back whole."""
    count = service.take_back(session(), import_id, by=actor(), now=now())
    flask.flash(
        gettext("取込を取り消し、%(count)s件の履歴を消しました。", count=f"{count:,}"), "success"
    )
    return flask.redirect(flask.url_for(".ledgers"), 303)


def _page(form: LedgerForm) -> str:
    page = paging.page_of(session(), queries.imports(), ImportLine, paging.number())
    return flask.render_template("training/ledgers.html", form=form, page=page)


def _checked(plan: Plan, file_name: str) -> str:
    return flask.render_template(
        "training/ledger_check.html",
        plan=plan,
        told=plan.faulty[:MOST_TOLD],
        titles=queries.titles(session(), plan.entries),
        people=len(set(plan.people.values())),
        packed=packed(plan.entries),
        file_name=file_name,
        columns=text.COLUMNS,
        findings=text.FINDINGS,
    )
