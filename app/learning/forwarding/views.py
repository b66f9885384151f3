"""The office's pages of other record stores: proposed, approved, watched, stopped, ended."""

from __future__ import annotations

import uuid
from typing import Final

import flask
from flask.typing import ResponseReturnValue

from app.kernel.actor import Actor
from app.kernel.language import gettext
from app.kernel.web import paging
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.kernel.workflow import can
from app.learning.forwarding import queries, service, text
from app.learning.forwarding.forms import ForwardForm, KeyForm
from app.learning.forwarding.models import XapiForward
from app.learning.forwarding.states import ForwardState
from app.learning.other_stores import service as other_stores
from app.learning.other_stores.service import StoreAway
from app.learning.outgoing.service import KINDS
from app.learning.sending import service as sending
from app.learning.statement_pages.text import VERBS
from app.people.permission.models import Role
from app.people.register import queries as register

blueprint = flask.Blueprint("xapi_forwards", __name__, url_prefix="/record-store/forwards")

#: Whoever looks after the system, and whoever watches over it.
READERS = having(Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATORS = having(Role.ADMINISTRATOR)
FORWARD = {"forward_id": "xapi_forward"}
#: Refused statements of a page.
SIZE: Final = 20

_STEPS = {
    "approve": service.approve,
    "stop": service.stop,
    "resume": service.resume,
    "end": service.end,
}


@route(blueprint, "", may=READERS)
def forwards() -> ResponseReturnValue:
    """List the destinations: how each stands, and what waits for it."""
    return flask.render_template(
        "learning/forwards.html",
        rows=queries.listed(session()),
        states=text.STATES,
        trouble=text.trouble,
        may_change=_may_change(),
    )


@route(blueprint, "/new", may=ADMINISTRATORS)
def new() -> ResponseReturnValue:
    """Ask where statements are to go, and which."""
    return _asking(ForwardForm(formdata=None))


@route(blueprint, "", may=ADMINISTRATORS, method="POST")
def propose() -> ResponseReturnValue:
    """Add a destination, which then waits for another administrator."""
    form = ForwardForm()
    if not form.validate():
        return _asking(form), 422
    row = service.propose(session(), form.data_of(), by=actor(), now=now(), settings=settings())
    flask.flash(
        gettext("登録しました。ほかのシステム管理者が承認すると、転送が始まります。"), "success"
    )
    return _back(row.id)


@route(blueprint, "/<uuid:forward_id>", may=READERS, about=FORWARD)
def forward(forward_id: uuid.UUID) -> ResponseReturnValue:
    """Show a destination: how it stands, where it is, what it gets, what it has refused."""
    row, by = service.found(session(), forward_id), actor()
    query = queries.refused(forward_id)
    verbs, activities = (queries.rule(session(), forward_id, kind) for kind in KINDS)
    return flask.render_template(
        "learning/forward.html",
        forward=row,
        names=register.names(session(), [key for key in (row.proposed_by, row.approved_by) if key]),
        states=text.STATES,
        versions=text.VERSIONS,
        trouble=text.trouble,
        counts=queries.counts(session(), forward_id),
        oldest=queries.oldest(session(), forward_id),
        page=paging.page_of(session(), query, queries.RefusedRow, paging.number(), SIZE),
        verbs=verbs,
        activities=activities,
        known=VERBS,
        now=now(),
        may=_may(row, by),
    )


def _may(row: XapiForward, by: Actor) -> dict[str, bool]:
    """Return what whoever is here may do with a destination as it stands."""
    is_own = row.proposed_by == by.person_id
    return {
        **{step: can(row, step, by) for step in _STEPS},
        "approve": can(row, "approve", by) and not is_own,
        "wait": can(row, "approve", by) and is_own,
        "renew": can(row, "approve", by) or can(row, "propose", by),
        "hurry": can(row, "stop", by) and bool(row.error) and row.next_at > now(),
        "change": _may_change() and row.state != ForwardState.ENDED,
    }


def _may_change() -> bool:
    return Role.ADMINISTRATOR in actor().roles


@route(
    blueprint,
    "/<uuid:forward_id>/<any(approve, resume, end):step>",
    may=ADMINISTRATORS,
    about={**FORWARD, "step": ("approve", "resume", "end")},
    method="POST",
)
def move(forward_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Let statements go out, again or for the first time, or no more for good."""
    return _moved(forward_id, step)


@route(
    blueprint,
    "/<uuid:forward_id>/stop",
    may=ADMINISTRATORS,
    about=FORWARD,
    method="POST",
    even_read_only=True,
)
def stop(forward_id: uuid.UUID) -> ResponseReturnValue:
    """Let nothing go out any more: also in an incident, in which nothing may change."""
    return _moved(forward_id, "stop")


def _moved(forward_id: uuid.UUID, step: str) -> ResponseReturnValue:
    row = service.found(session(), forward_id, to_change=True)
    _STEPS[step](session(), row, by=actor(), now=now())
    flask.flash(str(text.MOVED[step]), "success")
    return _back(forward_id)


@route(blueprint, "/<uuid:forward_id>/test", may=ADMINISTRATORS, about=FORWARD, method="POST")
def try_out(forward_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a destination what it speaks, and whether it knows our key; nothing is sent there."""
    row = service.found(session(), forward_id)
    try:
        store = sending.store_of(row, settings())
        let_go()
        told = other_stores.tried(store, settings())
        flask.flash(*text.answered(told, store.version))
    except StoreAway as error:
        flask.flash(text.not_answered(error), "error")
    return _back(forward_id)


@route(blueprint, "/<uuid:forward_id>/key", may=ADMINISTRATORS, about=FORWARD)
def key(forward_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for another key and secret."""
    row = service.found(session(), forward_id)
    return _asking_key(KeyForm(formdata=None, key=row.key), row)


@route(blueprint, "/<uuid:forward_id>/key", may=ADMINISTRATORS, about=FORWARD, method="POST")
def renew(forward_id: uuid.UUID) -> ResponseReturnValue:
    """Give a destination another key; whoever does has proposed it."""
    row, form = service.found(session(), forward_id, to_change=True), KeyForm()
    if not form.validate():
        return _asking_key(form, row), 422
    service.renew(
        session(),
        row,
        form.key.data or "",
        form.secret.data or "",
        by=actor(),
        now=now(),
        settings=settings(),
    )
    flask.flash(gettext("キーを変えました。ほかのシステム管理者が承認します。"), "success")
    return _back(forward_id)


@route(blueprint, "/<uuid:forward_id>/hurry", may=ADMINISTRATORS, about=FORWARD, method="POST")
def hurry(forward_id: uuid.UUID) -> ResponseReturnValue:
    """Have it tried now what would be tried later."""
    row = service.found(session(), forward_id, to_change=True)
    service.hurry(session(), row, now())
    flask.flash(
        gettext("いま送り直しています。少し待ってから、この画面を開き直してください。"), "success"
    )
    return _back(forward_id)


@route(blueprint, "/<uuid:forward_id>/again", may=ADMINISTRATORS, about=FORWARD, method="POST")
def send_again(forward_id: uuid.UUID) -> ResponseReturnValue:
    """Send what was refused once more: the one that the form names, or all."""
    row = service.found(session(), forward_id, to_change=True)
    named = flask.request.form.get("seq", "")
    seq = int(named) if named.isdecimal() and len(named) < 19 else None
    if named and seq is None:
        count = 0
    else:
        count = service.send_again(session(), row, seq, by=actor(), now=now())
    flask.flash(
        gettext("%(count)s件を、もう一度送ります。", count=f"{count:,}"),
        "success" if count else "info",
    )
    return _back(forward_id)


def _asking(form: ForwardForm) -> str:
    form.ask_again()
    return flask.render_template("learning/forward_new.html", form=form, known=VERBS)


def _asking_key(form: KeyForm, row: XapiForward) -> str:
    form.ask_again()
    return flask.render_template("learning/forward_key.html", form=form, forward=row)


def _back(forward_id: uuid.UUID) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".forward", forward_id=forward_id), 303)
