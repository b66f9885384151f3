"""Pages of a portal's learners: who they are, as far as that is known, and the table that says."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import paging, showing
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.portals.learner_table import forms, queries, text
from app.portals.learner_table.forms import Fault, TableForm
from app.portals.learners import service
from app.portals.registrations import service as registrations

blueprint = flask.Blueprint("portal_people", __name__, url_prefix="/portals/<uuid:portal_id>")

READERS = having(Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATORS = having(Role.ADMINISTRATOR)
PORTAL = {"portal_id": "portal"}


@route(blueprint, "/learners", may=READERS, about=PORTAL, audited=True)
def learners(portal_id: uuid.UUID) -> ResponseReturnValue:
    """List who has come from a portal, and who of the staff they are."""
    return _page(portal_id, TableForm(formdata=None))


@route(blueprint, "/learners", may=ADMINISTRATORS, about=PORTAL, method="POST")
def link(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Take a table of both numbers: all of it, or nothing."""
    form = TableForm()
    if not form.validate():
        return _page(portal_id, form), 422
    # Nothing is written yet: let go of the writer's lock while the file is read.
    let_go()
    rows = form.rows(settings().uploads)
    if rows is None:
        return _page(portal_id, form), 422
    portal = registrations.found(session(), portal_id, to_change=True)
    table, faults = forms.checked(session(), rows, clock.today(now()))
    if faults:
        form.file.errors = [
            gettext(
                "誤りが%(count)s件あるため、まだ何も結び付けていません。"
                "下の一覧のとおりにファイルを直してください。",
                count=f"{len(faults):,}",
            )
        ]
        return _page(portal_id, form, faults), 422
    count = service.link_table(session(), portal, table, by=actor(), now=now())
    flask.flash(
        gettext(
            "%(total)s人の対応表を受け取りました。新しく結び付けたか、変えたのは%(count)s人です。",
            total=f"{len(table):,}",
            count=f"{count:,}",
        ),
        "success",
    )
    return flask.redirect(flask.url_for(".learners", portal_id=portal_id), 303)


@route(
    blueprint,
    "/learners/<uuid:learner_id>/part",
    may=ADMINISTRATORS,
    about={**PORTAL, "learner_id": "portal_learner"},
    method="POST",
)
def part(portal_id: uuid.UUID, learner_id: uuid.UUID) -> ResponseReturnValue:
    """Have a portal's learner be nobody of the staff any more."""
    if not queries.is_of(session(), portal_id, learner_id):
        raise NotFound
    service.part(session(), learner_id, by=actor(), now=now())
    flask.flash(gettext("結び付けを解きました。これまでの受講履歴は、職員に残ります。"), "success")
    return flask.redirect(flask.url_for(".learners", portal_id=portal_id), 303)


def _page(portal_id: uuid.UUID, form: TableForm, faults: Sequence[Fault] = ()) -> str:
    row = registrations.found(session(), portal_id)
    words = flask.request.args.get("q", "").strip()[:255]
    page = paging.page_of(
        session(), queries.learners(portal_id, words), queries.LearnerRow, paging.number()
    )
    people = [each.person_id for each in page.rows if each.person_id]
    details = audit.shown(people, total=page.total, q=words)
    showing.note("portal_learners.listed", "portal", portal_id, details)
    return flask.render_template(
        "portals/portal_learners.html",
        portal=row,
        page=page,
        words=words,
        form=form,
        faults=faults,
        linked_by=text.LINKED_BY,
        may_change=Role.ADMINISTRATOR in actor().roles,
    )
