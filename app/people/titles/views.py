"""Pages of titles: the list, and one of them to be put right."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, everywhere, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.people.profiles.text import EMPLOYMENT
from app.people.titles import queries, service
from app.people.titles.forms import TitleForm

blueprint = flask.Blueprint("titles", __name__)

READING = having(Role.OFFICE, Role.ADMINISTRATOR)
#: A title is everybody's who holds it: who looks after a part of the staff does not change it.
CHANGING = everywhere(Role.OFFICE, Role.ADMINISTRATOR)
TITLE = {"title_id": "title"}


@route(blueprint, "/titles", may=READING)
def titles() -> ResponseReturnValue:
    """List the titles by rank, with how many people hold them."""
    return flask.render_template(
        "people/titles.html",
        rows=queries.titles(session(), clock.today(now())),
        employment=EMPLOYMENT,
        may_change=permission.governed_by(actor()) is None,
    )


@route(blueprint, "/titles/<uuid:title_id>", may=CHANGING, about=TITLE)
def title(title_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a title as it should be."""
    row = service.title(session(), title_id)
    return flask.render_template("people/title.html", title=row, form=TitleForm(obj=row))


@route(blueprint, "/titles/<uuid:title_id>", may=CHANGING, about=TITLE, method="POST")
def change(title_id: uuid.UUID) -> ResponseReturnValue:
    """Put a title right."""
    row, form = service.title(session(), title_id), TitleForm()
    if form.validate():
        try:
            service.change(session(), title_id, form.data_of(), by=actor(), now=now())
        except Refused as refused:
            form.name.errors = [sentence(refused.code, refused.data)[0]]
        else:
            flask.flash(gettext("職名を変更しました。"), "success")
            return flask.redirect(flask.url_for(".titles"), 303)
    return flask.render_template("people/title.html", title=row, form=form), 422
