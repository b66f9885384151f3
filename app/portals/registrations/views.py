"""Pages of portals for who looks after the system: registered, approved, limited, stopped."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

import flask
from flask.typing import ResponseReturnValue

from app.content.materials.text import MATERIAL_KINDS
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Refused
from app.kernel.language import gettext
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.kernel.workflow import can
from app.people.permission.models import Role
from app.people.register import queries as register
from app.portals.gate import queries as gate
from app.portals.gate import text as gate_text
from app.portals.keys import service as keys
from app.portals.registrations import queries, service, text
from app.portals.registrations.forms import AddressForm, DeploymentForm, LimitForm, MaterialForm
from app.portals.registrations.models import Portal
from app.portals.registrations.states import PortalState
from app.portals.scores import queries as checks

blueprint = flask.Blueprint("portals", __name__, url_prefix="/portals")

#: Whoever looks after the system, and whoever watches over it.
READERS = having(Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATORS = having(Role.ADMINISTRATOR)
PORTAL = {"portal_id": "portal"}
#: What a page counts as lately.
LATELY: Final = timedelta(days=7)
#: Launches of unknown portals that the list shows.
STRANGERS: Final = 20

_STEPS = {"approve": service.approve, "stop": service.stop, "propose": service.propose_again}


def may_change() -> bool:
    """Whether whoever is here may change portals."""
    return Role.ADMINISTRATOR in actor().roles


@route(blueprint, "", may=READERS)
def portals() -> ResponseReturnValue:
    """List the portals, and who came from none of them."""
    return flask.render_template(
        "portals/portals.html",
        rows=session().execute(checks.overview(now() - LATELY)).all(),
        strangers=session().scalars(gate.launches().limit(STRANGERS)).all(),
        states=text.STATES,
        is_open=lambda portal: queries.is_open(portal, clock.today(now())),
        what=gate_text.what,
        may_change=may_change(),
    )


@route(blueprint, "/new", may=ADMINISTRATORS)
def new() -> ResponseReturnValue:
    """Ask for what a platform gives, and show what it must be told."""
    return _editing(AddressForm(formdata=None), None)


@route(blueprint, "", may=ADMINISTRATORS, method="POST")
def propose() -> ResponseReturnValue:
    """Register a portal, which then waits for another administrator."""
    form = AddressForm()
    if not form.validate():
        return _editing(form, None), 422
    try:
        portal = service.propose(
            session(), form.data_of(), by=actor(), now=now(), settings=settings()
        )
    except Refused as refused:
        return _editing(_marked(form, refused), None), 422
    if form.deployment_id.data:
        _allow(portal, form.deployment_id.data, is_allowed=True)
    flask.flash(
        gettext("登録しました。ほかのシステム管理者が承認すると、接続が始まります。"), "success"
    )
    return _back(portal.id)


@route(blueprint, "/<uuid:portal_id>", may=READERS, about=PORTAL)
def portal(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Show a portal: how it stands, its addresses and limits, its deployments and keys."""
    return _page(service.found(session(), portal_id), DeploymentForm(formdata=None))


@route(blueprint, "/<uuid:portal_id>/edit", may=ADMINISTRATORS, about=PORTAL)
def edit(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a portal's addresses as they should be."""
    row, form = service.found(session(), portal_id), AddressForm(formdata=None)
    form.fill(row)
    return _editing(form, row)


@route(blueprint, "/<uuid:portal_id>/edit", may=ADMINISTRATORS, about=PORTAL, method="POST")
def mend(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Change a portal's addresses; whoever does has proposed them."""
    row, form = service.found(session(), portal_id, to_change=True), AddressForm()
    if not form.validate():
        return _editing(form, row), 422
    try:
        service.mend(session(), row, form.data_of(), by=actor(), now=now())
    except Refused as refused:
        return _editing(_marked(form, refused), row), 422
    flask.flash(gettext("アドレスを保存しました。ほかのシステム管理者が承認します。"), "success")
    return _back(portal_id)


@route(blueprint, "/<uuid:portal_id>/limits", may=ADMINISTRATORS, about=PORTAL)
def limits(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for what a portal may do."""
    row, form = service.found(session(), portal_id), LimitForm(formdata=None)
    form.fill(row)
    return flask.render_template("portals/portal_limits.html", portal=row, form=form)


@route(blueprint, "/<uuid:portal_id>/limits", may=ADMINISTRATORS, about=PORTAL, method="POST")
def limit(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Change what a portal may do."""
    row, form = service.found(session(), portal_id, to_change=True), LimitForm()
    if not form.validate():
        return flask.render_template("portals/portal_limits.html", portal=row, form=form), 422
    service.limit(session(), row, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("決まりを保存しました。いまから、この決まりになります。"), "success")
    return _back(portal_id)


@route(blueprint, "/<uuid:portal_id>/materials", may=ADMINISTRATORS, about=PORTAL)
def materials(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which materials a portal may open."""
    row, form = service.found(session(), portal_id), _material_form(sent=False)
    form.reach.data = "all" if row.has_all_materials else "chosen"
    form.materials.data = [str(key) for key in session().scalars(queries.chosen(portal_id))]
    return flask.render_template("portals/portal_materials.html", portal=row, form=form)


@route(blueprint, "/<uuid:portal_id>/materials", may=ADMINISTRATORS, about=PORTAL, method="POST")
def offer(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Say which materials a portal may open; one that is not published now stays as it is."""
    row, form = service.found(session(), portal_id, to_change=True), _material_form(sent=True)
    if not form.validate():
        return flask.render_template("portals/portal_materials.html", portal=row, form=form), 422
    unseen = {
        key for key in session().scalars(queries.chosen(portal_id)) if str(key) not in form.offered
    }
    wanted = form.chosen() | unseen
    service.offer(session(), row, wanted, has_all=form.has_all, by=actor(), now=now())
    flask.flash(gettext("開ける教材を保存しました。"), "success")
    return _back(portal_id)


@route(
    blueprint,
    "/<uuid:portal_id>/<any(approve, propose):step>",
    may=ADMINISTRATORS,
    about={**PORTAL, "step": ("approve", "propose")},
    method="POST",
)
def move(portal_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Connect a portal, or ask for it again."""
    return _moved(portal_id, step)


@route(
    blueprint,
    "/<uuid:portal_id>/stop",
    may=ADMINISTRATORS,
    about=PORTAL,
    method="POST",
    even_read_only=True,
)
def stop(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Let nobody come from a portal any more: also in an incident, in which nothing may change."""
    return _moved(portal_id, "stop")


def _moved(portal_id: uuid.UUID, step: str) -> ResponseReturnValue:
    row = service.found(session(), portal_id, to_change=True)
    _STEPS[step](session(), row, by=actor(), now=now())
    flask.flash(str(text.MOVED[step]), "success")
    return _back(portal_id)


@route(blueprint, "/<uuid:portal_id>/deployments", may=ADMINISTRATORS, about=PORTAL, method="POST")
def deployment(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Let a deployment in, or out again."""
    row, form = service.found(session(), portal_id, to_change=True), DeploymentForm()
    if not form.validate():
        return _page(row, form), 422
    is_allowed = flask.request.form.get("allowed", "1") == "1"
    _allow(row, form.deployment_id.data or "", is_allowed=is_allowed)
    told = (
        gettext("配置を許可しました。") if is_allowed else gettext("配置の許可を取り消しました。")
    )
    flask.flash(told, "success")
    return _back(portal_id)


@route(blueprint, "/<uuid:portal_id>/keys", may=ADMINISTRATORS, about=PORTAL, method="POST")
def change_key(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Have a new key sign from tomorrow on."""
    service.found(session(), portal_id, to_change=True)
    keys.change(session(), portal_id, by=actor(), now=now(), settings=settings())
    flask.flash(gettext("新しい鍵を公開しました。24時間後から、署名に使います。"), "success")
    return _back(portal_id)


@route(
    blueprint, "/<uuid:portal_id>/keys/withdraw", may=ADMINISTRATORS, about=PORTAL, method="POST"
)
def withdraw_key(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Publish a key no more."""
    service.found(session(), portal_id, to_change=True)
    kid = flask.request.form.get("kid", "")
    if kid not in {key.kid for key in keys.listed(session(), portal_id)}:
        raise Conflict("wrong_state")  # somebody else has withdrawn it
    keys.withdraw(session(), kid, by=actor(), now=now())
    flask.flash(gettext("鍵を無効にしました。"), "success")
    return _back(portal_id)


def _allow(row: Portal, deployment_id: str, *, is_allowed: bool) -> None:
    service.allow_deployment(
        session(), row, deployment_id, is_allowed=is_allowed, by=actor(), now=now()
    )


def _back(portal_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".portal", portal_id=portal_id), 303)


def _marked(form: AddressForm, refused: Refused) -> AddressForm:
    what, next_step = sentence(refused.code, refused.data)
    form.client_id.errors = [gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)]
    return form


def _editing(form: AddressForm, row: Portal | None) -> str:
    return flask.render_template(
        "portals/portal_edit.html", form=form, portal=row, origin=settings().office_origin
    )


def _material_form(*, sent: bool) -> MaterialForm:
    form = MaterialForm() if sent else MaterialForm(formdata=None)
    form.offer(session().scalars(queries.published()).all(), MATERIAL_KINDS)
    return form


def _page(row: Portal, form: DeploymentForm) -> str:
    who = [key for key in (row.proposed_by, row.approved_by) if key]
    offered = queries.offered(row.id, has_all=row.has_all_materials)
    return flask.render_template(
        "portals/portal.html",
        portal=row,
        form=form,
        names=register.names(session(), who),
        deployments=session().scalars(queries.deployments(row.id)).all(),
        materials=session().scalars(offered).all(),
        keys=keys.listed(session(), row.id),
        now=now(),
        may=_may(row, actor()),
        states=text.STATES,
        score_rules=text.SCORE_RULES,
        is_open=queries.is_open(row, clock.today(now())),
        origin=settings().office_origin,
    )


def _may(row: Portal, by: Actor) -> dict[str, bool]:
    """Return what whoever is here may do with a portal as it stands."""
    is_own = row.proposed_by == by.person_id
    return {
        **{step: can(row, step, by) for step in _STEPS},
        "approve": can(row, "approve", by) and not is_own,
        "wait": can(row, "approve", by) and is_own,
        "change": may_change(),
        "edit": may_change() and row.state != PortalState.ACTIVE and not row.package_key,
    }
