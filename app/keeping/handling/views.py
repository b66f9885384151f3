"""The page of one person's data, and what the office does there."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.keeping.disclosure import queries as disclosure
from app.keeping.disclosure import service as disclosing
from app.keeping.disclosure.models import Disclosure
from app.keeping.handling.forms import HoldForm, RestrictionForm
from app.keeping.retention import queries
from app.keeping.retention import service as retention
from app.keeping.retention.text import REASONS as HOLDS
from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import problems, showing
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, everywhere
from app.people.permission.models import Role
from app.people.register.models import Person
from app.people.restriction import service as restriction

blueprint = flask.Blueprint("handling", __name__)

MAY = everywhere(Role.OFFICE)
PERSON = {"person_id": "whole person"}


@route(blueprint, "/staff/<uuid:person_id>/handling", may=MAY, about=PERSON, audited=True)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show what can be done with somebody's data, and what was asked for."""
    found = _person(person_id)
    showing.person("person.viewed", person_id)
    return _page(found)


@route(blueprint, "/staff/<uuid:person_id>/disclosure", may=MAY, about=PERSON, method="POST")
def disclose(person_id: uuid.UUID) -> ResponseReturnValue:
    """Have the bundle of somebody made."""
    _person(person_id)
    disclosing.ask(session(), person_id, by=actor(), now=now())
    flask.flash(
        gettext("開示用の一式を作っています。できたら、この画面から受け取れます。"), "success"
    )
    return flask.redirect(flask.url_for(".person", person_id=person_id), 303)


@route(
    blueprint,
    "/disclosures/<uuid:disclosure_id>/fetch",
    may=MAY,
    about={"disclosure_id": "disclosure"},
    method="POST",
)
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


@route(blueprint, "/staff/<uuid:person_id>/restrict", may=MAY, about=PERSON, method="POST")
def restrict(person_id: uuid.UUID) -> ResponseReturnValue:
    """Stop the use of somebody's data."""
    _person(person_id)
    form = RestrictionForm()
    restriction.restrict(session(), person_id, form.reason.data or "", by=actor(), now=now())
    flask.flash(gettext("利用を停止しました。登録やお知らせの対象から外れます。"), "success")
    return flask.redirect(flask.url_for(".person", person_id=person_id), 303)


@route(blueprint, "/staff/<uuid:person_id>/release", may=MAY, about=PERSON, method="POST")
def release(person_id: uuid.UUID) -> ResponseReturnValue:
    """Use somebody's data again."""
    _person(person_id)
    restriction.release(session(), person_id, by=actor(), now=now())
    flask.flash(gettext("利用を再開しました。"), "success")
    return flask.redirect(flask.url_for(".person", person_id=person_id), 303)


@route(blueprint, "/staff/<uuid:person_id>/hold", may=MAY, about=PERSON, method="POST")
def hold(person_id: uuid.UUID) -> ResponseReturnValue:
    """Keep somebody's rows though they are due."""
    found = _person(person_id)
    form = HoldForm()
    form.offer()
    if not form.validate_on_submit() or form.until.data is None:
        return _page(found, form), 422
    reason = form.hold_reason.data or ""
    retention.hold(session(), person_id, reason, form.until.data, by=actor(), now=now())
    flask.flash(gettext("消去を保留しました。"), "success")
    return flask.redirect(flask.url_for(".person", person_id=person_id), 303)


@route(
    blueprint,
    "/holds/<uuid:hold_id>/lift",
    may=MAY,
    about={"hold_id": "retention_hold"},
    method="POST",
)
def lift(hold_id: uuid.UUID) -> ResponseReturnValue:
    """End a hold."""
    row = retention.lift(session(), hold_id, by=actor(), now=now())
    _person(row.person_id)
    flask.flash(gettext("消去の保留を終えました。"), "success")
    return flask.redirect(flask.url_for(".person", person_id=row.person_id), 303)


def _person(person_id: uuid.UUID) -> Person:
    """Return somebody, serving or not."""
    found = session().get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def _page(found: Person, hold_form: HoldForm | None = None) -> str:
    bundles = disclosure.asked(session(), found.id)
    restriction_form = RestrictionForm(formdata=None)
    hold_form = hold_form or HoldForm(formdata=None)
    restriction_form.offer()
    hold_form.offer()
    return flask.render_template(
        "keeping/person.html",
        whose=found,
        bundles=bundles,
        is_being_made=any(one.status in ("queued", "running") for one in bundles),
        restriction_form=restriction_form,
        hold_form=hold_form,
        holds=queries.holds_of(session(), found.id),
        hold_reasons=HOLDS,
        today=clock.today(now()),
        moment=now(),
        sentence=problems.sentence,
    )
