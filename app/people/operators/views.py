"""The administrator's page of operators' accounts, and of what each has done."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit.text import ACTS
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import paging, showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.operators import queries, service
from app.people.permission.models import Role

blueprint = flask.Blueprint("operators", __name__, url_prefix="/operators")

#: Whoever looks after the system, and whoever watches over it.
READERS = having(Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATORS = having(Role.ADMINISTRATOR)
OPERATOR = {"person_id": "operator"}


@dataclass(frozen=True)
class Line:
    """One line of the audit, as the page shows it."""

    seq: int
    at: datetime
    action: str
    subject_kind: str
    subject_id: uuid.UUID | None
    address: str
    reference: str


@route(blueprint, "", may=READERS, audited=True)
def operators() -> ResponseReturnValue:
    """List operators' accounts."""
    rows = queries.listed(session())
    showing.note("operators.listed", "person", None, {"count": len(rows)})
    return flask.render_template(
        "people/operators.html",
        rows=rows,
        today=clock.today(now()),
        may_end=Role.ADMINISTRATOR in actor().roles,
    )


@route(blueprint, "/<uuid:person_id>", may=READERS, about=OPERATOR, audited=True)
def operator(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show an operator's last sign-ins, and all that the audit has of the account."""
    found = [row for row in queries.listed(session()) if row.person_id == person_id]
    if not found:
        raise NotFound
    page = paging.page_of(session(), queries.lines_of(person_id), Line, paging.number())
    showing.note(
        "operator.viewed", "person", person_id, {"count": len(page.rows), "total": page.total}
    )
    return flask.render_template(
        "people/operator.html",
        operator=found[0],
        today=clock.today(now()),
        sign_ins=queries.last_sign_ins(session(), person_id),
        page=page,
        acts=ACTS,
        may_end=Role.ADMINISTRATOR in actor().roles,
    )


@route(
    blueprint,
    "/<uuid:person_id>/end",
    may=ADMINISTRATORS,
    about=OPERATOR,
    method="POST",
    even_read_only=True,
)
def end(person_id: uuid.UUID) -> ResponseReturnValue:
    """End an operator's account at once."""
    service.end(session(), person_id, by=actor(), now=now())
    flask.flash(gettext("アカウントの利用を終了しました。"), "success")
    return flask.redirect(flask.url_for(".operator", person_id=person_id), 303)
