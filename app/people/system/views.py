"""The administrator's page of the system: the read-only mode, and the way to the rest."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.system import service
from app.kernel.system.text import REASONS, SENTENCES
from app.kernel.web.routing import now, read_only, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.people.system.forms import ReadOnlyForm

blueprint = flask.Blueprint("system", __name__)

ADMINISTRATORS = having(Role.ADMINISTRATOR)


@route(blueprint, "/system", may=ADMINISTRATORS)
def system() -> ResponseReturnValue:
    """Show how the system stands."""
    return _page(_form())


@route(blueprint, "/system/read-only", may=ADMINISTRATORS, method="POST")
def begin_read_only() -> ResponseReturnValue:
    """Have the system be read only."""
    form = _form()
    if form.validate():
        try:
            service.begin(session(), form.reason.data, by=actor(), now=now())
        except Refused as refused:
            what, next_step = map(str, SENTENCES[refused.code])
            form.reason.errors = [
                gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)
            ]
            return _page(form), 422
        flask.flash(gettext("閲覧だけの状態にしました。"), "success")
        return flask.redirect(flask.url_for(".system"), 303)
    return _page(form), 422


@route(blueprint, "/system/read-only/end", may=ADMINISTRATORS, method="POST", even_read_only=True)
def end_read_only() -> ResponseReturnValue:
    """Let the system be changed again."""
    service.end(session(), by=actor(), now=now())
    flask.flash(gettext("元の状態に戻しました。"), "success")
    return flask.redirect(flask.url_for(".system"), 303)


def _form() -> ReadOnlyForm:
    form = ReadOnlyForm()
    words = [(reason, str(word)) for reason, word in REASONS.items()]
    form.reason.choices = [("", gettext("選んでください")), *words]
    return form


def _page(form: ReadOnlyForm) -> str:
    return flask.render_template(
        "people/system.html", form=form, state=read_only(), reasons=REASONS
    )
