"""Pages of roles: what somebody holds and lends, granted by the office; and one's own deputies."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import cast

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.errors import NotFound, Refused
from app.kernel.folding import code_key
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission import queries, service
from app.people.permission.forms import DeputyForm, GrantForm
from app.people.permission.models import Role
from app.people.permission.text import ROLES, SENTENCES
from app.people.register import access as register
from app.people.register import queries as people
from app.people.sections import queries as sections

blueprint = flask.Blueprint("roles", __name__)

MAY = having(Role.OFFICE, Role.ADMINISTRATOR)
PERSON = {"person_id": "whole person"}
#: Under this name the application keeps a function that lists the trainings.
TRAININGS = "kenshu.trainings"


@route(blueprint, "/staff/<uuid:person_id>/roles", may=MAY, about=PERSON, audited=True)
def roles(person_id: uuid.UUID) -> ResponseReturnValue:
    """Show somebody's roles and deputies, and ask for more."""
    register.person(session(), person_id, actor(), now())
    return _page(person_id, _grant_form(), _deputy_form(person_id))


@route(blueprint, "/staff/<uuid:person_id>/roles", may=MAY, about=PERSON, method="POST")
def grant(person_id: uuid.UUID) -> ResponseReturnValue:
    """Give somebody a role."""
    register.person(session(), person_id, actor(), now())
    form = _grant_form()
    chosen = form.data_of()
    if not form.are_days():
        return _page(person_id, form, _deputy_form(person_id)), 422
    try:
        service.grant(
            session(),
            person_id,
            chosen.role,
            section_id=chosen.section_id,
            with_children=chosen.with_children,
            limits=chosen.limits,
            by=actor(),
            now=now(),
        )
    except Refused as refused:
        form.role.errors = [_in_words(refused)]
        return _page(person_id, form, _deputy_form(person_id)), 422
    flask.flash(gettext("役割を付けました。"), "success")
    return flask.redirect(flask.url_for(".roles", person_id=person_id), 303)


@route(
    blueprint,
    "/staff/<uuid:person_id>/roles/<uuid:grant_id>/end",
    may=MAY,
    about={**PERSON, "grant_id": "role_grant"},
    method="POST",
)
def end(person_id: uuid.UUID, grant_id: uuid.UUID) -> ResponseReturnValue:
    """Take a role away."""
    register.person(session(), person_id, actor(), now())
    service.end(session(), person_id, grant_id, by=actor(), now=now())
    flask.flash(gettext("役割を外しました。"), "success")
    return flask.redirect(flask.url_for(".roles", person_id=person_id), 303)


@route(blueprint, "/staff/<uuid:person_id>/deputies", may=MAY, about=PERSON, method="POST")
def name_deputy(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody act in another's role, by the office's hand."""
    register.person(session(), person_id, actor(), now())
    form = _deputy_form(person_id)
    if _is_named(person_id, form):
        return flask.redirect(flask.url_for(".roles", person_id=person_id), 303)
    return _page(person_id, _grant_form(), form), 422


@route(
    blueprint,
    "/staff/<uuid:person_id>/deputies/<uuid:delegation_id>/end",
    may=MAY,
    about={**PERSON, "delegation_id": "delegation"},
    method="POST",
)
def end_deputy(person_id: uuid.UUID, delegation_id: uuid.UUID) -> ResponseReturnValue:
    """Let a deputy act no more, by the office's hand."""
    register.person(session(), person_id, actor(), now())
    service.end_delegation(session(), person_id, delegation_id, by=actor(), now=now())
    flask.flash(gettext("代行を終えました。"), "success")
    return flask.redirect(flask.url_for(".roles", person_id=person_id), 303)


@route(blueprint, "/deputies", may=SIGNED_IN)
def deputies() -> ResponseReturnValue:
    """Show who acts for the actor, and for whom the actor acts."""
    return _own_page(_deputy_form(actor().known_id))


@route(blueprint, "/deputies", may=SIGNED_IN, method="POST")
def name_own_deputy() -> ResponseReturnValue:
    """Let somebody act in a role of the actor's own."""
    form = _deputy_form(actor().known_id)
    if _is_named(actor().known_id, form):
        return flask.redirect(flask.url_for(".deputies"), 303)
    return _own_page(form), 422


@route(
    blueprint,
    "/deputies/<uuid:delegation_id>/end",
    may=SIGNED_IN,
    about={"delegation_id": "own delegation"},
    method="POST",
)
def end_own_deputy(delegation_id: uuid.UUID) -> ResponseReturnValue:
    """Let a deputy act no more, by the holder's or the deputy's own hand."""
    service.end_delegation(session(), actor().known_id, delegation_id, by=actor(), now=now())
    flask.flash(gettext("代行を終えました。"), "success")
    return flask.redirect(flask.url_for(".deputies"), 303)


def _page(person_id: uuid.UUID, form: GrantForm, deputy_form: DeputyForm) -> str:
    showing.person("person.roles_viewed", person_id)
    return flask.render_template(
        "people/roles.html",
        post=people.post_of(session(), person_id, now()),
        form=form,
        deputy_form=deputy_form,
        roles=queries.held_by(session(), person_id, now()),
        deputies=queries.deputies(session(), person_id, now()),
        trainings=dict(trainings()),
        is_own=person_id == actor().person_id,
        today=clock.today(now()),
        role_words=ROLES,
    )


def _own_page(form: DeputyForm) -> str:
    return flask.render_template(
        "people/deputies.html",
        form=form,
        deputies=queries.deputies(session(), actor().known_id, now()),
        today=clock.today(now()),
        role_words=ROLES,
    )


def _is_named(holder_id: uuid.UUID, form: DeputyForm) -> bool:
    """Name the deputy that a form asks for; the form says what kept it from being done."""
    if not form.are_days():
        return False
    entered = form.data_of()
    try:
        service.delegate(
            session(),
            holder_id,
            _deputy(entered.number),
            entered.role,
            period=entered.period,
            by=actor(),
            now=now(),
        )
    except Refused as refused:
        field = {"role_not_held": form.role, "deputy_needs_end": form.valid_to}
        field["period_is_none"] = form.valid_to
        field.get(refused.code, form.number).errors = [_in_words(refused)]
        return False
    flask.flash(gettext("代行者を決めました。"), "success")
    return True


def _deputy(number: str) -> uuid.UUID:
    """Return whose number it is, among those whom the actor sees."""
    found = people.person_by_number(session(), code_key(number), now())
    if found is None:
        raise Refused("deputy_unknown")
    try:
        register.seen(session(), found, actor(), now(), is_concurrent=settings().concurrent_heads)
    except NotFound as error:
        raise Refused("deputy_unknown") from error
    if people.post_of(session(), found, now()) is None:
        raise Refused("deputy_unknown")
    return found


def _grant_form() -> GrantForm:
    form = GrantForm()
    form.offer(
        [(role, str(ROLES[role])) for role in service.GRANTABLE],
        [(str(row.id), "　" * row.depth + row.name) for row in sections.tree(session(), now())],
        [(str(key), words) for key, words in trainings()],
    )
    return form


def _deputy_form(holder_id: uuid.UUID) -> DeputyForm:
    # Beside the form of roles its fields need names of their own.
    form = DeputyForm(prefix="deputy")
    held = {row.role for row in queries.held_by(session(), holder_id, now())}
    form.offer([(role, str(ROLES[role])) for role in Role if role in held & queries.DELEGABLE])
    return form


def trainings() -> list[tuple[uuid.UUID, str]]:
    """Return the trainings that a role can be limited to, as the wing of trainings lists them."""
    listed = cast(
        "Callable[[Session], list[tuple[uuid.UUID, str]]]",
        flask.current_app.extensions[TRAININGS],
    )
    return listed(session())


def _in_words(refused: Refused) -> str:
    """Return in one line what happened and what to do."""
    what, next_step = (str(sentence) % refused.data for sentence in SENTENCES[refused.code])
    return gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)
