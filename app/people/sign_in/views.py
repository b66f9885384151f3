"""Pages of signing in and out."""

from __future__ import annotations

import flask
import flask_login
from flask.typing import ResponseReturnValue

from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.addresses import is_local
from app.kernel.web.routing import database, now, route, session, settings
from app.kernel.web.rules import IDENTIFIED, PUBLIC, actor
from app.people.sign_in import service
from app.people.sign_in.access import HOME, SHARED, enter, is_shared_terminal
from app.people.sign_in.forms import SignInForm
from app.people.sign_in.text import SENTENCES

blueprint = flask.Blueprint("sign_in", __name__)

#: What a browser throws away at the end of a session on a shared terminal. Not "cookies": that
#: would take those of every host below the organisation's domain, and ours is taken back anyway.
SITE_DATA = '"cache", "storage"'


@route(blueprint, "/sign-in", may=PUBLIC)
def ask() -> ResponseReturnValue:
    """Ask for a staff number and a password."""
    wanted = flask.request.args.get("next", "")
    if actor().is_signed_in:
        return flask.redirect(_local(wanted), 303)
    is_shared = SHARED in flask.session
    # The page that one person was on is not the next one's.
    form = SignInForm(
        formdata=None,
        next=wanted if is_local(wanted) and not is_shared else "",
        is_shared=is_shared,
    )
    return _sign_in_page(form)


@route(blueprint, "/sign-in", may=PUBLIC, method="POST", even_read_only=True)
def sign_in() -> ResponseReturnValue:
    """Sign somebody in."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    typed = form.data_of()
    with database().reading() as reading:  # hashing is slow: nothing is locked meanwhile
        checked = service.check(reading, typed.number, typed.password, now())
    is_shared = typed.is_shared or is_shared_terminal()
    found = service.sign_in(session(), checked, now(), settings(), is_shared=is_shared)
    if isinstance(found, Refused):
        return _sign_in_page(form, found), 422
    return enter(found, _local(form.next.data or ""))


def _sign_in_page(form: SignInForm, refused: Refused | None = None) -> str:
    told = tuple(map(str, SENTENCES[refused.code])) if refused else None
    is_known = is_shared_terminal()
    return flask.render_template(
        "people/sign_in.html",
        form=form,
        refused=told,
        is_known_as_shared=is_known,
        is_shared=is_known or bool(form.is_shared.data),
    )


@route(blueprint, "/sign-out", may=IDENTIFIED, method="POST", even_read_only=True)
def sign_out() -> ResponseReturnValue:
    """End the sign-in, here and on the server; a shared terminal keeps nothing for the next one."""
    is_shared = leave()
    flask.flash(gettext("サインアウトしました。"), "success")
    response = flask.make_response(flask.redirect(flask.url_for("sign_in.ask"), 303))
    if is_shared:
        flask.session[SHARED] = True
        response.headers["Clear-Site-Data"] = SITE_DATA
    return response


def leave() -> bool:
    """End the actor's sign-in and what the session held; return whether it was shared."""
    is_shared = actor().is_shared
    service.sign_out(session(), actor(), now())
    flask_login.logout_user()
    flask.session.clear()
    return is_shared


def _local(wanted: str) -> str:
    return wanted if is_local(wanted) else HOME
