"""The office's pages of notices: the words of each kind, and the mails that have not arrived."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, KenshuError, NotFound, Refused
from app.kernel.language import gettext
from app.kernel.notices import text as notices
from app.kernel.notices.text import Wording
from app.kernel.web import paging, showing
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, everywhere
from app.people.messages import queries, service, text
from app.people.messages.forms import WordingForm
from app.people.permission.models import Role

blueprint = flask.Blueprint("messages", __name__, url_prefix="/messages")

#: Words are everybody's, and so are the mails that have not arrived.
OFFICE = everywhere(Role.OFFICE)
KIND = {"kind": "kind"}
NOTICE = {"notice_id": "notice"}


@route(blueprint, "", may=OFFICE)
def kinds() -> ResponseReturnValue:
    """List the kinds of notice, and which of them the office has worded."""
    return flask.render_template(
        "people/messages.html",
        kinds=notices.KINDS,
        present=queries.present(session()),
        count=queries.counts(session())[""],
    )


@route(blueprint, "/words/<kind>", may=OFFICE, about=KIND)
def words(kind: str) -> ResponseReturnValue:
    """Ask for new words, beginning with the present ones."""
    return _page(kind, _filled(kind, None))


@route(blueprint, "/words/<kind>", may=OFFICE, about=KIND, method="POST")
def write(kind: str) -> ResponseReturnValue:
    """Add a version."""
    form = _sent(kind)
    if not form.validate():
        return _page(kind, form), 422
    try:
        row = service.write(
            session(), kind, form.data_of(), form.after.data or 0, by=actor(), now=now()
        )
    except (Conflict, Refused) as error:
        if isinstance(error, Conflict):
            # What was typed stays, and comes after the version that is now in the list below.
            form = _filled(kind, form.data_of())
        return _refused(kind, form, error)
    flask.flash(
        gettext("第%(version)d版を保存しました。これから送る通知に使います。", version=row.version),
        "success",
    )
    return flask.redirect(flask.url_for(".words", kind=kind), 303)


@route(blueprint, "/words/<kind>/preview", may=OFFICE, about=KIND, method="POST")
def preview(kind: str) -> ResponseReturnValue:
    """Show how the words will read, and keep nothing."""
    form = _sent(kind)
    if not form.validate():
        return _page(kind, form), 422
    try:
        service.check(kind, form.data_of())
    except Refused as refused:
        return _refused(kind, form, refused)
    return _page(kind, form)


@route(blueprint, "/words/<kind>/trial", may=OFFICE, about=KIND, method="POST")
def trial(kind: str) -> ResponseReturnValue:
    """Mail the words to who is here, and keep nothing."""
    form = _sent(kind)
    if not form.validate():
        return _page(kind, form), 422
    try:
        address = service.try_out(session(), kind, form.data_of(), by=actor(), now=now())
    except Refused as refused:
        return _refused(kind, form, refused)
    flask.flash(
        gettext(
            "%(address)s に試送します。1分たっても届かないときは、アドレスを確認してください。"
            "文面は、まだ保存していません。",
            address=address,
        ),
        "success",
    )
    return _page(kind, form)


@route(blueprint, "/words/<kind>/restore", may=OFFICE, about=KIND, method="POST")
def restore(kind: str) -> ResponseReturnValue:
    """Go back to the words that come with the software."""
    form = _sent(kind)
    row = service.restore(session(), kind, form.after.data or 0, by=actor(), now=now())
    flask.flash(
        gettext("標準の文面に戻しました（第%(version)d版）。", version=row.version), "success"
    )
    return flask.redirect(flask.url_for(".words", kind=kind), 303)


@route(blueprint, "/undelivered", may=OFFICE, audited=True)
def undelivered() -> ResponseReturnValue:
    """List the mails that have not arrived, and why."""
    asked = flask.request.args.get("state", "")
    state = asked if asked in text.STATES else ""
    page = paging.page_of(
        session(), queries.undelivered(state), queries.Undelivered, paging.number()
    )
    people = (row.person_id for row in page.rows)
    showing.note("mails.listed", "person", None, audit.shown(people, total=page.total, state=state))
    return flask.render_template(
        "people/undelivered.html",
        page=page,
        state=state,
        counts=queries.counts(session()),
        again=queries.count_to_send_again(session()),
        kinds=notices.KINDS,
        states=text.STATES,
        reasons=text.REASONS,
        fault=text.FAULT,
        ended=queries.ENDED,
    )


@route(blueprint, "/undelivered/send", may=OFFICE, method="POST")
def send_all() -> ResponseReturnValue:
    """Send again whatever has an address."""
    count = service.send_all_again(session(), by=actor(), now=now())
    flask.flash(
        gettext("%(count)s通を送り直します。", count=count)
        if count
        else gettext("送り直せるメールはありません。"),
        "success" if count else "info",
    )
    return flask.redirect(flask.url_for(".undelivered"), 303)


@route(blueprint, "/undelivered/<uuid:notice_id>/send", may=OFFICE, about=NOTICE, method="POST")
def send_again(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Send one mail again."""
    service.send_again(session(), notice_id, by=actor(), now=now())
    flask.flash(gettext("送り直します。"), "success")
    return flask.redirect(flask.url_for(".undelivered"), 303)


def _sent(kind: str) -> WordingForm:
    """Return what was sent about a kind; raises NotFound for one that there is not."""
    if kind not in notices.KINDS:
        raise NotFound
    return WordingForm()


def _filled(kind: str, wording: Wording | None) -> WordingForm:
    """Return the form with these words, or the present ones, after the present version."""
    if kind not in notices.KINDS:
        raise NotFound
    newest = queries.versions(session(), kind)[0]
    shown = wording or newest.wording or notices.built_in(kind)
    return WordingForm(formdata=None, after=newest.version, title=shown.title, text=shown.text)


def _refused(kind: str, form: WordingForm, error: KenshuError) -> ResponseReturnValue:
    what, next_step = sentence(error.code, error.data)
    told = gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)
    if "field" in error.data:
        form[error.data["field"]].errors = [told]
    else:
        form.form_errors.append(told)
    return _page(kind, form), error.status


def _page(kind: str, form: WordingForm) -> str:
    versions = queries.versions(session(), kind)
    return flask.render_template(
        "people/message.html",
        kind=notices.KINDS[kind],
        code=kind,
        form=form,
        preview=None if form.errors else notices.sample(kind, form.data_of()),
        examples=notices.examples(kind),
        is_own=versions[0].wording is not None,
        versions=[(each, each.wording or notices.built_in(kind)) for each in versions],
    )
