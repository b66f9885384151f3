"""What the office does on one person's page: show the gender, correct, let leave, exclude."""

from __future__ import annotations

import uuid
from datetime import date

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.language import gettext
from app.kernel.web import filters, showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import queries as roles
from app.people.permission.models import Role
from app.people.permission.text import ROLES
from app.people.permission.views import trainings
from app.people.profiles import queries, service, text
from app.people.profiles.forms import CorrectionForm, ExclusionForm, LeavingForm
from app.people.register import access
from app.people.register.models import Appointment, Person, PostKind
from app.people.sign_in import queries as signing

blueprint = flask.Blueprint("profiles", __name__)

OFFICE = having(Role.OFFICE, Role.ADMINISTRATOR)
PERSON = {"person_id": "whole person"}


def page(
    person_id: uuid.UUID,
    *,
    is_whole: bool,
    shows_gender: bool = False,
    leaving: LeavingForm | None = None,
    exclusion: ExclusionForm | None = None,
) -> str:
    """Return somebody's page, with every item or as their section may read it."""
    found = queries.profile(session(), person_id, now(), is_whole=is_whole)
    return flask.render_template(
        "people/person.html",
        profile=found,
        whole=found.whole,
        shows_gender=shows_gender,
        gender=queries.gender(session(), person_id) if shows_gender else None,
        changes=queries.changes(session(), person_id) if is_whole else [],
        shown=_shown,
        leaving=leaving or LeavingForm(formdata=None),
        exclusion=exclusion or ExclusionForm(formdata=None),
        state=signing.state_of(session(), person_id, now()) if is_whole else None,
        roles=roles.held_by(session(), person_id, now()) if is_whole else [],
        trainings=dict(trainings()) if is_whole else {},
        today=clock.today(now()),
        is_self=person_id == actor().person_id,
        role_words=ROLES,
        items_of=text.ITEMS,
        posts=text.POSTS,
        employment=text.EMPLOYMENT,
    )


@route(blueprint, "/staff/<uuid:person_id>/gender", may=OFFICE, about=PERSON, method="POST")
def gender(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show somebody's page with the gender on it, this once."""
    access.kept(session(), person_id, actor(), now())
    showing.note("person.gender_shown", "person", person_id)
    response = flask.make_response(page(person_id, is_whole=True, shows_gender=True))
    response.headers["Cache-Control"] = "no-store"
    return response


@route(blueprint, "/staff/<uuid:person_id>/correction", may=OFFICE, about=PERSON, audited=True)
def correction(person_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for somebody's items as they should be."""
    row = access.kept(session(), person_id, actor(), now())
    form = _form(formdata=None)
    form.fill(row, _main_post(person_id))
    showing.person("person.viewed", person_id)
    return flask.render_template(
        "people/correction.html", form=form, name=row.name, person_id=person_id
    )


@route(blueprint, "/staff/<uuid:person_id>/correction", may=OFFICE, about=PERSON, method="POST")
def correct(person_id: uuid.UUID) -> ResponseReturnValue:
    """Put somebody's items right; what was there before stays in the record of changes."""
    row = access.kept(session(), person_id, actor(), now(), to_change=True)
    form = _form()
    if not form.validate():
        return flask.render_template(
            "people/correction.html", form=form, name=row.name, person_id=person_id
        ), 422
    changed = service.correct(session(), row, form.data_of(row.gender), by=actor(), now=now())
    if changed:
        flask.flash(gettext("%(num)s項目を訂正しました。", num=len(changed)), "success")
    else:
        flask.flash(gettext("変わった項目はありませんでした。"), "info")
    return _back(person_id)


@route(blueprint, "/staff/<uuid:person_id>/leaving", may=OFFICE, about=PERSON, method="POST")
def leave(person_id: uuid.UUID) -> ResponseReturnValue:
    """End somebody's service with a last day."""
    row = access.kept(session(), person_id, actor(), now(), to_change=True)
    form = LeavingForm()
    if not form.validate():
        return page(person_id, is_whole=True, leaving=form), 422
    service.leave(session(), row, form.left_on.data, by=actor(), now=now())
    flask.flash(
        gettext("退職日を登録しました。翌日から、サインインできず、一覧にも出ません。"), "success"
    )
    return _back(person_id)


@route(blueprint, "/staff/<uuid:person_id>/staying", may=OFFICE, about=PERSON, method="POST")
def stay(person_id: uuid.UUID) -> ResponseReturnValue:
    """Take back that somebody leaves."""
    row = access.kept(session(), person_id, actor(), now(), to_change=True)
    service.stay(session(), row, by=actor(), now=now())
    flask.flash(gettext("退職日を取り消しました。役割は付け直してください。"), "success")
    return _back(person_id)


@route(blueprint, "/staff/<uuid:person_id>/exclusions", may=OFFICE, about=PERSON, method="POST")
def exclude(person_id: uuid.UUID) -> ResponseReturnValue:
    """Ask somebody to take no training for a time."""
    row = access.kept(session(), person_id, actor(), now(), to_change=True)
    form = ExclusionForm()
    if not form.validate():
        return page(person_id, is_whole=True, exclusion=form), 422
    service.exclude(session(), row, *form.data_of(), by=actor(), now=now())
    flask.flash(gettext("受講対象外期間を登録しました。"), "success")
    return _back(person_id)


@route(
    blueprint,
    "/staff/<uuid:person_id>/exclusions/<uuid:exclusion_id>/end",
    may=OFFICE,
    about={**PERSON, "exclusion_id": "exclusion_period"},
    method="POST",
)
def end_exclusion(person_id: uuid.UUID, exclusion_id: uuid.UUID) -> ResponseReturnValue:
    """End such a time."""
    row = access.kept(session(), person_id, actor(), now(), to_change=True)
    service.end_exclusion(session(), row, exclusion_id, by=actor(), now=now())
    flask.flash(gettext("受講対象外期間を終えました。"), "success")
    return _back(person_id)


def _shown(name: str, value: object) -> str:
    """Return a value of the record of changes in words: days as days, and nothing as a dash."""
    if value in (None, ""):
        return gettext("－")
    if name == "exclusion":
        first, _, last = str(value).partition("/")
        return gettext("%(first)s〜%(last)s", first=_day(first), last=_day(last))
    return _day(str(value)) if name.endswith(("_on", "_as_of")) else str(value)


def _day(written: str) -> str:
    return filters.plain_day(date.fromisoformat(written)) if written else ""


def _back(person_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("staff.person", person_id=person_id), 303)


def _form(**arguments: None) -> CorrectionForm:
    form = CorrectionForm(**arguments)
    written = session().scalars(
        sa.select(Person.gender)
        .where(Person.gender.is_not(None))
        .distinct()
        .order_by(Person.gender)
    )
    form.offer([word for word in written if word])
    return form


def _main_post(person_id: uuid.UUID) -> Appointment | None:
    found = session().scalars(
        sa.select(Appointment)
        .where(Appointment.person_id == person_id, Appointment.kind == PostKind.MAIN)
        .where(Appointment.valid_from <= clock.today(now()))
        .order_by(Appointment.valid_from.desc())
    )
    return found.first()
