"""The page of one's own password."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.actor import Step
from app.kernel.language import gettext
from app.kernel.web.routing import database, let_go, now, route, session, settings
from app.kernel.web.rules import actor, at
from app.people.passwords import service
from app.people.passwords.forms import PasswordForm
from app.people.passwords.text import SENTENCES
from app.people.sign_in.access import onward

blueprint = flask.Blueprint("passwords", __name__)


@route(blueprint, "/password", may=at(Step.PASSWORD))
def password() -> ResponseReturnValue:
    """Ask for the present password and the new one, and say the rules."""
    service.own(session(), actor())
    return _page(PasswordForm())


@route(blueprint, "/password", may=at(Step.PASSWORD), method="POST", even_read_only=True)
def change() -> ResponseReturnValue:
    """Change one's own password."""
    form = PasswordForm()
    if not form.validate():
        return _page(form), 422
    typed = form.data_of()
    let_go()
    with database().reading() as reading:  # hashing is slow: nothing is locked meanwhile
        wanted = service.check(reading, actor(), typed.present, typed.new, now(), settings())
    refused = service.change(session(), actor(), wanted, now(), settings())
    if refused:
        field = form.present if refused.code == "password_wrong" else form.new
        what, next_step = (str(sentence) % refused.data for sentence in SENTENCES[refused.code])
        field.errors = [gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)]
        return _page(form), 422
    flask.flash(gettext("パスワードを変更しました。"), "success")
    return onward(Step.PASSWORD)


def _page(form: PasswordForm) -> str:
    return flask.render_template(
        "people/password.html",
        form=form,
        least=service.LEAST,
        kept=settings().password_history,
        must_change=actor().must_change_password,
    )
