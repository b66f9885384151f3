"""Pages of what the data is used for: reading and confirming it, and writing a new version."""

from __future__ import annotations

from dataclasses import asdict

import flask
from flask.typing import ResponseReturnValue

from app.kernel.actor import Step
from app.kernel.errors import Conflict
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, at, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.people.purposes import queries, service
from app.people.purposes.forms import ConfirmForm, WordingForm
from app.people.purposes.service import Wording
from app.people.purposes.text import SENTENCES, parts
from app.people.sign_in.access import onward

blueprint = flask.Blueprint("purposes", __name__)

WRITERS = having(Role.OFFICE, Role.ADMINISTRATOR)


@route(blueprint, "/purposes", may=at(Step.PURPOSE))
def purposes() -> ResponseReturnValue:
    """Show the present version, and ask for the confirmation where it is waited for."""
    present = queries.present(session())
    roles = {Role.OFFICE, Role.ADMINISTRATOR}
    return flask.render_template(
        "people/purposes.html",
        form=ConfirmForm(formdata=None, version=present.version),
        statement=present,
        parts=parts(present),
        is_changed=queries.has_confirmed(session(), actor().known_id),
        is_waited_for=Step.PURPOSE in actor().steps,
        confirmed_at=queries.confirmed_at(session(), actor().known_id, present.version),
        may_write=bool(roles & actor().roles) and permission.governed_by(actor()) is None,
    )


@route(blueprint, "/purposes/confirm", may=at(Step.PURPOSE), method="POST", even_read_only=True)
def confirm() -> ResponseReturnValue:
    """Note that the person has read it, and go on."""
    form = ConfirmForm()
    version = form.version.data if form.validate() else None
    service.confirm(session(), -1 if version is None else version, by=actor(), now=now())
    return onward(Step.PURPOSE)


@route(blueprint, "/purposes/edit", may=WRITERS)
def edit() -> ResponseReturnValue:
    """Ask for a new wording, beginning with the present one, and list the versions."""
    present = queries.present(session())
    return _edit_page(_filled(Wording(*parts(present)), present.version))


@route(blueprint, "/purposes/edit", may=WRITERS, method="POST")
def write() -> ResponseReturnValue:
    """Add a version."""
    form = WordingForm()
    if not form.validate():
        return _edit_page(form), 422
    try:
        row = service.write(session(), form.data_of(), form.after.data or 0, by=actor(), now=now())
    except Conflict as conflict:
        # What was typed stays, and comes after the version that is now in the list below.
        form = _filled(form.data_of(), queries.present(session()).version)
        what, next_step = map(str, SENTENCES[conflict.code])
        form.form_errors.append(gettext("%(what)s。%(next_step)s", what=what, next_step=next_step))
        return _edit_page(form), 409
    flask.flash(
        gettext(
            "第%(version)d版を保存しました。全員が、次に開いたときに確認します。",
            version=row.version,
        ),
        "success",
    )
    return flask.redirect(flask.url_for(".purposes"), 303)


def _filled(wording: Wording, after: int) -> WordingForm:
    return WordingForm(formdata=None, after=after, **asdict(wording))


def _edit_page(form: WordingForm) -> str:
    versions = queries.statements(session())
    return flask.render_template(
        "people/purposes_edit.html",
        form=form,
        versions=[(each, parts(each)) for each in versions],
    )
