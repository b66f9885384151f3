"""Pages of sections: the tree, and the import."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.people.register import service as register
from app.people.register.forms import FileForm
from app.people.register.text import SENTENCES
from app.people.register.views import checked_page, in_words, tell_counts
from app.people.sections import queries, service
from app.people.sections.forms import sections_table

blueprint = flask.Blueprint("sections", __name__)

MAY = having(Role.OFFICE, Role.ADMINISTRATOR)


@route(blueprint, "/sections", may=MAY)
def sections() -> ResponseReturnValue:
    """Show the organisation as a tree, with how many people serve where."""
    return flask.render_template(
        "people/sections.html",
        rows=queries.tree(session(), now()),
        may_import=permission.governed_by(actor()) is None,
    )


@route(blueprint, "/sections/import", may=MAY)
def import_sections() -> ResponseReturnValue:
    """Ask for a file of sections, and say what must be in it."""
    return flask.render_template("people/import_sections.html", form=FileForm())


@route(blueprint, "/sections/import", may=MAY, method="POST")
def check_sections() -> ResponseReturnValue:
    """Check a file of sections; nothing is changed yet."""
    form = FileForm()
    if form.validate():
        try:
            table = sections_table(form.data_of())
        except Refused as refused:
            form.file.errors = [in_words(refused, SENTENCES)]
        else:
            row = service.check(session(), table, by=actor(), now=now())
            return flask.redirect(flask.url_for("sections.checked", batch_id=row.id), 303)
    return flask.render_template("people/import_sections.html", form=form), 422


@route(blueprint, "/sections/import/<uuid:batch_id>", may=MAY, audited=True)
def checked(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a file would change, before it does."""
    return checked_page(batch_id, service.KIND)


@route(blueprint, "/sections/import/<uuid:batch_id>/commit", may=MAY, method="POST")
def commit_sections(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Take a checked file over."""
    tell_counts(service.commit(session(), batch_id, by=actor(), now=now()))
    return flask.redirect(flask.url_for("sections.sections"), 303)


@route(blueprint, "/sections/import/<uuid:batch_id>/discard", may=MAY, method="POST")
def discard_sections(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Throw a checked file away."""
    register.discard(session(), batch_id, service.KIND, by=actor(), now=now())
    flask.flash(gettext("取込を取りやめました。何も変わっていません。"), "info")
    return flask.redirect(flask.url_for("sections.sections"), 303)
