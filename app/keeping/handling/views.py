"""The page of one person's data, and what the office does there."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.keeping.disclosure import queries as disclosure
from app.keeping.disclosure import service as disclosing
from app.keeping.disclosure.models import Disclosure
from app.kernel.audit import service as audit
from app.kernel.errors import Forbidden, NotFound
from app.kernel.language import gettext
from app.kernel.web import problems
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.people.register.models import Person

blueprint = flask.Blueprint("handling", __name__)

MAY = having(Role.OFFICE)


@route(blueprint, "/staff/<uuid:person_id>/handling", may=MAY, audited=True)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what can be done with somebody's data, and what was asked for."""
    found = _person(person_id)
    _record("person.viewed", person_id)
    return _page(found)


@route(blueprint, "/staff/<uuid:person_id>/disclosure", may=MAY, method="POST")
def disclose(person_id: uuid.UUID) -> ResponseReturnValue:
    """Have the bundle of somebody made."""
    _person(person_id)
    disclosing.ask(session(), person_id, by=actor(), now=now())
    flask.flash(
        gettext("開示用の一式を作っています。できたら、この画面から受け取れます。"), "success"
    )
    return flask.redirect(flask.url_for(".person", person_id=person_id), 303)


@route(blueprint, "/disclosures/<uuid:disclosure_id>/fetch", may=MAY, method="POST")
def fetch(disclosure_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the bundle, this once."""
    row = session().get(Disclosure, disclosure_id)
    if row is None:
        raise NotFound
    _person(row.person_id)
    _, content = disclosing.fetch(session(), disclosure_id, settings(), by=actor(), now=now())
    response = flask.Response(content, mimetype="application/zip")
    response.headers["Cache-Control"] = "no-store"
    response.headers.set("Content-Disposition", "attachment", filename="disclosure.zip")
    return response


def _person(person_id: uuid.UUID) -> Person:
    """Return somebody, serving or not; only who looks after all the staff comes here."""
    if permission.governed_by(actor()) is not None:
        raise Forbidden("disclosure_whole_office")
    found = session().get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def _page(found: Person) -> str:
    bundles = disclosure.asked(session(), found.id)
    return flask.render_template(
        "keeping/person.html",
        whose=found,
        bundles=bundles,
        is_being_made=any(one.status in ("queued", "running") for one in bundles),
        moment=now(),
        sentence=problems.sentence,
    )


def _record(action: str, person_id: uuid.UUID) -> None:
    audit.record(
        session(), action, by=actor().person_id, now=now(), subject=("person", person_id),
        details={"count": 1},
    )  # fmt: skip
