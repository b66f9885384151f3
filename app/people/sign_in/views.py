"""Pages of signing in, signing out and one's own password."""

from __future__ import annotations

import flask
import flask_login
from flask.typing import ResponseReturnValue

from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.frame import is_local
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import IDENTIFIED, PUBLIC, actor
from app.people.sign_in import service
from app.people.sign_in.access import SEEN, User, actor_of
from app.people.sign_in.forms import PasswordForm, SignInForm
from app.people.sign_in.models import SignIn
from app.people.sign_in.queries import state_of
from app.people.sign_in.text import SENTENCES

blueprint = flask.Blueprint("sign_in", __name__)

HOME = "/"


@route(blueprint, "/sign-in", may=PUBLIC)
def ask() -> ResponseReturnValue:
    """Ask for a staff number and a password."""
    wanted = flask.request.args.get("next", "")
    if actor().is_signed_in:
        return flask.redirect(_local(wanted), 303)
    form = SignInForm(formdata=None, next=wanted if is_local(wanted) else "")
    return _sign_in_page(form)


@route(blueprint, "/sign-in", may=PUBLIC, method="POST")
def sign_in() -> ResponseReturnValue:
    """Sign somebody in."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    typed = form.data_of()
    found = service.sign_in(session(), typed.number, typed.password, now(), settings())
    if isinstance(found, Refused):
        return _sign_in_page(form, found), 422
    return enter(found, _local(form.next.data or ""))


def _sign_in_page(form: SignInForm, refused: Refused | None = None) -> str:
    told = tuple(map(str, SENTENCES[refused.code])) if refused else None
    return flask.render_template("people/sign_in.html", form=form, refused=told)


def enter(row: SignIn, wanted: str) -> ResponseReturnValue:
    """Let somebody in by a sign-in just begun, with a session that knows nothing of the one before.

    Answers the way to the page `wanted`, or to what comes before it.
    """
    if actor().is_signed_in:
        service.sign_out(session(), actor(), now())
    entering = actor_of(session(), row.id, now())
    if entering is None:
        raise LookupError("the sign-in that was just made opens nothing")
    flask.session.clear()
    flask_login.login_user(User(entering))
    flask.session[SEEN] = int(now().timestamp())
    if entering.must_change_password:
        return flask.redirect(flask.url_for("sign_in.change_password"), 303)
    return flask.redirect(wanted, 303)


@route(blueprint, "/sign-out", may=IDENTIFIED, method="POST")
def sign_out() -> ResponseReturnValue:
    """End the sign-in, here and on the server."""
    leave()
    flask.flash(gettext("サインアウトしました。"), "success")
    return flask.redirect(flask.url_for("sign_in.ask"), 303)


def leave() -> None:
    """End the actor's sign-in, and forget all that the session held."""
    service.sign_out(session(), actor(), now())
    flask_login.logout_user()
    flask.session.clear()


@route(blueprint, "/password", may=IDENTIFIED)
def change_password() -> ResponseReturnValue:
    """Ask for the present password and the new one, and say the rules."""
    if not state_of(session(), actor().known_id, now()).has_password:
        raise Refused("password_none")
    return _password_page(PasswordForm())


@route(blueprint, "/password", may=IDENTIFIED, method="POST")
def do_change_password() -> ResponseReturnValue:
    """Change one's own password."""
    form = PasswordForm()
    if not form.validate():
        return _password_page(form), 422
    typed = form.data_of()
    refused = service.change_password(
        session(), actor(), typed.present, typed.new, now(), settings()
    )
    if refused:
        field = form.present if refused.code == "password_wrong" else form.new
        what, next_step = (str(sentence) % refused.data for sentence in SENTENCES[refused.code])
        field.errors = [gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)]
        return _password_page(form), 422
    flask.flash(gettext("パスワードを変更しました。"), "success")
    return flask.redirect(HOME, 303)


def _password_page(form: PasswordForm) -> str:
    return flask.render_template(
        "people/password.html",
        form=form,
        least=service.LEAST,
        must_change=actor().must_change_password,
    )


def _local(wanted: str) -> str:
    return wanted if is_local(wanted) else HOME
