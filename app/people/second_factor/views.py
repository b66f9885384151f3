"""Pages of the second factor: giving it, setting it up, and taking away one that was lost."""

from __future__ import annotations

import uuid

import flask
import pyotp
import segno
from flask.typing import ResponseReturnValue

from app.kernel import sealing
from app.kernel.actor import Step
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, at, having
from app.people.accounts import queries as holders
from app.people.permission.models import Role
from app.people.register import access as register
from app.people.second_factor import queries, service
from app.people.second_factor.forms import CodeForm
from app.people.second_factor.text import SENTENCES
from app.people.sign_in.access import onward, wanted

blueprint = flask.Blueprint("second_factor", __name__)

MINE = at(Step.SECOND_FACTOR)
ADMINISTRATORS = having(Role.ADMINISTRATOR)


@route(blueprint, "/second-factor", may=MINE)
def ask() -> ResponseReturnValue:
    """Ask for a code; whoever has no second factor yet is led to setting one up."""
    if not (_is_waited_for() and _state().is_set_up):
        return flask.redirect(flask.url_for(".set_up"), 303)
    return _ask_page(CodeForm())


@route(blueprint, "/second-factor", may=MINE, method="POST", even_read_only=True)
def give() -> ResponseReturnValue:
    """Take a code, and let the person in."""
    form = CodeForm()
    if form.validate():
        refused = service.give(session(), actor(), form.data_of(), now(), settings())
        if refused is None:
            return onward(Step.SECOND_FACTOR)
        _tell(form, refused)
    return _ask_page(form), 422


@route(blueprint, "/second-factor/set-up", may=MINE)
def set_up() -> ResponseReturnValue:
    """Show how it stands, or the secret that waits for its first code."""
    if _is_waited_for() and _state().is_set_up:
        return flask.redirect(flask.url_for(".ask"), 303)
    return _set_up_page(CodeForm())


@route(blueprint, "/second-factor/set-up", may=MINE, method="POST", even_read_only=True)
def propose() -> ResponseReturnValue:
    """Make a new secret, and show it."""
    service.propose(session(), actor(), settings())
    return flask.redirect(flask.url_for(".set_up"), 303)


@route(blueprint, "/second-factor/confirm", may=MINE, method="POST", even_read_only=True)
def confirm() -> ResponseReturnValue:
    """Take the secret into use by its first code, and show the recovery codes this once."""
    form = CodeForm()
    if form.validate():
        found = service.confirm(session(), actor(), form.data_of(), now(), settings())
        if not isinstance(found, Refused):
            return _codes_page(found)
        _tell(form, found)
    return _set_up_page(form), 422


@route(blueprint, "/second-factor/codes", may=MINE, method="POST")
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes, and show them this once."""
    return _codes_page(service.renew_codes(session(), actor(), now()))


@route(blueprint, "/second-factor/give-up", may=MINE, method="POST")
def give_up() -> ResponseReturnValue:
    """Do without a second factor from now on."""
    service.give_up(session(), actor(), now(), settings())
    flask.flash(gettext("2段階の確認をやめました。"), "success")
    return flask.redirect(flask.url_for("accounts.account"), 303)


@route(
    blueprint,
    "/staff/<uuid:person_id>/second-factor/reset",
    may=ADMINISTRATORS,
    method="POST",
    even_read_only=True,
)
def reset(person_id: uuid.UUID) -> ResponseReturnValue:
    """Take away the second factor of somebody who has lost it."""
    register.person(session(), person_id, actor(), now())
    service.reset(session(), person_id, by=actor(), now=now())
    flask.flash(
        gettext("2段階の確認を取り消しました。本人が、次のサインインで設定し直します。"), "success"
    )
    return flask.redirect(flask.url_for("staff.person", person_id=person_id), 303)


def _is_waited_for() -> bool:
    return Step.SECOND_FACTOR in actor().steps


def _state() -> queries.FactorState:
    return queries.state_of(session(), actor().known_id)


def _tell(form: CodeForm, refused: Refused) -> None:
    what, next_step = map(str, SENTENCES[refused.code])
    form.code.errors = [gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)]


def _ask_page(form: CodeForm) -> str:
    return flask.render_template("people/second_factor.html", form=form)


def _set_up_page(form: CodeForm) -> flask.Response:
    state = _state()
    secret = sealing.unseal(settings(), state.proposed) if state.proposed else ""
    needed = settings().second_factor_roles.split()
    page = flask.render_template(
        "people/second_factor_set_up.html",
        form=form,
        state=state,
        is_needed=bool((actor().roles | actor().withheld).intersection(needed)),
        groups=[secret[place : place + 4] for place in range(0, len(secret), 4)],
        picture=_picture(secret) if secret else "",
    )
    return _unkept(page)


def _picture(secret: str) -> str:
    """Return the QR code of a secret as a data: address, as the pages' policy allows pictures."""
    holder = holders.holder_of(session(), actor().known_id, now())
    address = pyotp.TOTP(secret).provisioning_uri(
        name=holder.number if holder else "", issuer_name=settings().organisation or "Kenshu"
    )
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def _codes_page(codes: list[str]) -> flask.Response:
    page = flask.render_template("people/recovery_codes.html", codes=codes, onward_url=wanted())
    return _unkept(page)


def _unkept(page: str) -> flask.Response:
    """Return a page with a secret on it, which no cache may keep."""
    response = flask.make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
