"""The page of one's own account, and the freeze of somebody else's."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.accounts import queries, service
from app.people.accounts.text import METHODS
from app.people.permission.models import Role
from app.people.register import access as register
from app.people.second_factor import queries as factors
from app.people.sign_in import queries as signing

blueprint = flask.Blueprint("accounts", __name__)

MAY = having(Role.OFFICE, Role.ADMINISTRATOR)


@route(blueprint, "/account", may=SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show how one's own way in stands, and what can be set about it."""
    person_id = actor().known_id
    return flask.render_template(
        "people/account.html",
        holder=queries.holder_of(session(), person_id, now()),
        state=signing.state_of(session(), person_id, now()),
        factor=factors.state_of(session(), person_id),
        opened=queries.open_sign_ins(session(), person_id, now(), settings()),
        here=actor().sign_in_id,
        methods=METHODS,
    )


@route(blueprint, "/account/sign-ins/end", may=SIGNED_IN, method="POST")
def end_others() -> ResponseReturnValue:
    """End one's other sign-ins."""
    service.end_sign_ins(session(), [actor().known_id], now(), keep=actor().sign_in_id)
    flask.flash(gettext("ほかの端末をサインアウトしました。"), "success")
    return flask.redirect(flask.url_for(".account"), 303)


@route(blueprint, "/staff/<uuid:person_id>/freeze", may=MAY, method="POST", even_read_only=True)
def freeze(person_id: uuid.UUID) -> ResponseReturnValue:
    """Close somebody's account at once."""
    register.person(session(), person_id, actor(), now())
    service.freeze(session(), person_id, by=actor(), now=now())
    flask.flash(
        gettext("アカウントを停止しました。開いていた画面はサインアウトされます。"), "success"
    )
    return flask.redirect(flask.url_for("staff.person", person_id=person_id), 303)


@route(blueprint, "/staff/<uuid:person_id>/thaw", may=MAY, method="POST")
def thaw(person_id: uuid.UUID) -> ResponseReturnValue:
    """Open somebody's account again."""
    register.person(session(), person_id, actor(), now())
    service.thaw(session(), person_id, by=actor(), now=now())
    flask.flash(gettext("アカウントの停止を解除しました。"), "success")
    return flask.redirect(flask.url_for("staff.person", person_id=person_id), 303)
