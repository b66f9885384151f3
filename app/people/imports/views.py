"""Pages of files of staff and of sections: choosing one, its check, its differences, its end."""

from __future__ import annotations

import uuid
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, jobs
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.tables import blank
from app.kernel.web import exports, paging, showing
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, everywhere
from app.people.imports import access, queries, service, text
from app.people.imports.forms import ImportForm
from app.people.imports.models import ImportBatch, Kind
from app.people.imports.queries import RowState
from app.people.permission.models import Role
from app.people.register import queries as register
from app.people.reorganisations import forms as reorganisations
from app.people.transfers import forms as transfers

blueprint = flask.Blueprint("register_imports", __name__, url_prefix="/imports")

MAY = everywhere(Role.OFFICE, Role.ADMINISTRATOR)
KIND = {"kind": tuple(Kind)}
BATCH = {"batch_id": "import_batch"}


@route(blueprint, "", may=MAY)
def past() -> ResponseReturnValue:
    """List the files, newest first."""
    page = paging.page_of(session(), queries.past(), queries.past_import, paging.number())
    return flask.render_template(
        "people/imports.html", page=page, kinds=text.KINDS, modes=text.MODES, endings=text.ENDINGS
    )


@route(blueprint, "/<any(staff, sections):kind>", may=MAY, about=KIND)
def choose(kind: str) -> ResponseReturnValue:
    """Ask for a file, and say what must be in it."""
    return _choosing(_form(kind, None), kind)


@route(
    blueprint, "/<any(staff, sections):kind>", may=MAY, about=KIND, method="POST", takes_files=True
)
def check(kind: str) -> ResponseReturnValue:
    """Take a file, and have it checked; nobody is changed yet."""
    form = _form(kind, flask.request.form)
    if not form.validate():
        return _choosing(form, kind), 422
    # Nothing is written yet: let go of the writer's lock while the file goes to the disk.
    let_go()
    asked, upload = form.data_of(kind, settings().uploads)
    row = service.ask(session(), asked, upload, by=actor(), now=now())
    return flask.redirect(flask.url_for(".batch", batch_id=row.id), 303)


@route(blueprint, "/<any(staff, sections):kind>/blank.xlsx", may=MAY, about=KIND)
def blank_file(kind: str) -> ResponseReturnValue:
    """Answer an empty workbook with the columns that such a file may have."""
    columns = (transfers.COLUMNS if kind == Kind.STAFF else reorganisations.COLUMNS).values()
    headings = [column.names[0] for column in columns]
    needed = frozenset(column.names[0] for column in columns if column.is_needed)
    response = flask.make_response(blank.workbook(headings, needed))
    response.headers["Content-Type"] = blank.MEDIA_TYPE
    response.headers.set("Content-Disposition", "attachment", filename=f"{kind}.xlsx")
    return response


def _form(kind: str, sent: object) -> ImportForm:
    form = ImportForm() if sent is not None else ImportForm(formdata=None)
    form.name_modes({mode: str(said[kind]) for mode, said in text.MODE_CHOICES.items()})
    if sent is None:
        form.effective_on.data = clock.today(now())
    if kind != Kind.STAFF:
        del form.fills_numbers
    return form


def _choosing(form: ImportForm, kind: str) -> str:
    return flask.render_template("people/import_choose.html", form=form, kind=kind)


@route(blueprint, "/<uuid:batch_id>", may=MAY, about=BATCH, audited=True)
def batch(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Show how a file stands: being checked, what it would do, being taken over, what it did."""
    row = access.batch(session(), batch_id, actor())
    only = flask.request.args.get("only", "")
    page = paging.page_of(
        session(),
        queries.page_rows(batch_id, only),
        lambda *columns: text.shown(row.kind, *columns),
        paging.number(),
    )
    if page.rows:
        numbers = [shown.code for shown in page.rows]
        _record("import.viewed", row, numbers, total=page.total, only=only)
    return flask.render_template(
        "people/import.html", row=row, page=page, only=only, states=text.states(row), **_told(row)
    )


@route(blueprint, "/<uuid:batch_id>/progress", may=MAY, about=BATCH)
def progress(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the part of that page which changes; the page asks for it each second."""
    row = access.batch(session(), batch_id, actor())
    told = _told(row)
    answer = flask.make_response(flask.render_template("people/_import_job.html", row=row, **told))
    if not told["is_running"]:
        answer.headers["HX-Refresh"] = "true"
    return answer


def _told(row: ImportBatch) -> dict[str, object]:
    job = queries.job_of(session(), row)
    is_running = job is not None and job.status in (jobs.State.QUEUED, jobs.State.RUNNING)
    failed = job is not None and job.status in (jobs.State.REFUSED, jobs.State.FAILED)
    what, mending = text.refusal(job.result) if job and failed else ("", "")
    is_over = row.ending is None and row.created_at + access.WAITS <= now()
    return {
        "job": job,
        "is_running": is_running,
        "what": what,
        "mending": mending,
        "is_over": is_over,
        "today": clock.today(now()),
    }


@route(blueprint, "/<uuid:batch_id>/errors.csv", may=MAY, about=BATCH, audited=True)
def errors(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the rows in error, each finding on a line with how to mend it."""
    row = access.batch(session(), batch_id, actor())
    rows = queries.rows_of(session(), batch_id, [RowState.ERROR])
    numbers = [text.code_of(row.kind, kept.data) for kept in rows]
    _record("import.errors_exported", row, numbers, total=len(rows))
    lines = [line for kept in rows for line in text.error_lines(row.kind, kept)]
    head = [gettext("行"), gettext("列"), gettext("値"), gettext("理由"), gettext("直し方")]
    return exports.plain_file("errors.csv", head, lines)


@route(blueprint, "/<uuid:batch_id>/commit", may=MAY, about=BATCH, method="POST")
def commit(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Have a checked file taken over."""
    row = access.batch(session(), batch_id, actor())
    leaves = flask.request.form.get("leaves_errors") == "1"
    service.ask_commit(session(), row.id, leaves_errors=leaves, by=actor(), now=now())
    return flask.redirect(flask.url_for(".batch", batch_id=batch_id), 303)


@route(blueprint, "/<uuid:batch_id>/again", may=MAY, about=BATCH, method="POST")
def again(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Have a file compared again with the register of now."""
    row = access.batch(session(), batch_id, actor())
    service.check_again(session(), row.id, by=actor(), now=now())
    return flask.redirect(flask.url_for(".batch", batch_id=batch_id), 303)


@route(blueprint, "/<uuid:batch_id>/discard", may=MAY, about=BATCH, method="POST")
def discard(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Throw a checked file away."""
    row = access.batch(session(), batch_id, actor())
    service.discard(session(), row.id, by=actor(), now=now())
    flask.flash(gettext("取込を取りやめました。何も変わっていません。"), "info")
    return flask.redirect(flask.url_for(".past"), 303)


def _record(action: str, row: ImportBatch, codes: list[str], **shown: Any) -> None:
    """Note who of the register was shown, by the numbers that a file of staff names."""
    people = register.people_by_any_numbers(session(), codes if row.kind == Kind.STAFF else [])
    details = {"kind": row.kind, **audit.shown(people, **shown)}
    showing.note(action, "import_batch", row.id, details)
