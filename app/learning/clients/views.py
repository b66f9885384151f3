"""The office's pages of systems that speak to the record store: made, shown, stopped."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.learning.clients import queries, service, text
from app.learning.clients.forms import ClientForm
from app.people.permission.models import Role

blueprint = flask.Blueprint("xapi_clients", __name__, url_prefix="/record-store/clients")

#: Whoever looks after the system, and whoever watches over it.
READERS = having(Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATORS = having(Role.ADMINISTRATOR)
CLIENT = {"client_id": "xapi_client"}


@route(blueprint, "", may=READERS)
def clients() -> ResponseReturnValue:
    """List the clients: what each may do, and whether it still may."""
    return flask.render_template(
        "learning/clients.html",
        rows=queries.listed(session()),
        scopes=text.SCOPES,
        endpoint=_endpoint(),
        may_change=Role.ADMINISTRATOR in actor().roles,
    )


@route(blueprint, "/new", may=ADMINISTRATORS)
def new() -> ResponseReturnValue:
    """Ask what a client is called, and what it may do."""
    return _asking(ClientForm(formdata=None))


@route(blueprint, "", may=ADMINISTRATORS, method="POST")
def make() -> ResponseReturnValue:
    """Make a client; this answer is the only place where its secret stands."""
    form = ClientForm()
    if not form.validate():
        return _asking(form), 422
    made = service.make(
        session(), form.name.data or "", form.scopes.data or (), by=actor(), now=now()
    )
    return flask.render_template("learning/client_made.html", made=made, endpoint=_endpoint())


@route(
    blueprint,
    "/<uuid:client_id>/stop",
    may=ADMINISTRATORS,
    about=CLIENT,
    method="POST",
    even_read_only=True,
)
def stop(client_id: uuid.UUID) -> ResponseReturnValue:
    """Let a client do nothing any more: also in an incident, in which nothing may change."""
    row = service.found(session(), client_id)
    service.stop(session(), row, by=actor(), now=now())
    flask.flash(
        gettext("「%(name)s」の接続を止めました。届いている記録は残っています。", name=row.name),
        "success",
    )
    return flask.redirect(flask.url_for(".clients"), 303)


def _asking(form: ClientForm) -> str:
    notes = {code: note for code, (_, note) in text.SCOPES.items()}
    return flask.render_template("learning/client_new.html", form=form, notes=notes)


def _endpoint() -> str:
    """Return the address that clients are given."""
    return f"{settings().office_origin}/xapi/"
