"""Pages of the door: the organiser's, with the code, and the one where the code is typed."""

from __future__ import annotations

import uuid

import flask
import segno
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import Refused
from app.kernel.folding import code_key
from app.kernel.language import gettext
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.training.attendance import access
from app.training.attendance import queries as attendance
from app.training.attendance.service import DOORS
from app.training.check_in import service
from app.training.check_in.forms import CodeForm, NumberForm
from app.training.check_in.service import CheckedIn
from app.training.plans import access as plans
from app.training.plans.models import RunSession
from app.training.plans.queries import RunLine

blueprint = flask.Blueprint("check_in", __name__)
LOOKING = having(*sorted(plans.LOOKING))
SESSION = {"session_id": "run_session"}


@route(blueprint, "/sessions/<uuid:session_id>/check-in", may=LOOKING, about=SESSION)
def door(session_id: uuid.UUID) -> ResponseReturnValue:
    """Show the code large and as a picture, how many have come, and a field for numbers."""
    return _door(session_id, NumberForm())


@route(
    blueprint,
    "/sessions/<uuid:session_id>/check-in",
    may=LOOKING,
    about=SESSION,
    method="POST",
)
def enter(session_id: uuid.UUID) -> ResponseReturnValue:
    """Check somebody in who stands at the organiser's terminal, by their number."""
    form = NumberForm()
    if not form.validate():
        return _door(session_id, form), 422
    wanted = code_key(form.number.data or "")
    entry = next((each for each in _list(session_id)[2] if each.number == wanted), None)
    if entry is None:
        form.number.errors = [gettext("このコマの名簿にいない職員番号です。")]
        return _door(session_id, form), 422
    done = service.enter(session(), session_id, entry.enrolment_id, by=actor(), now=now())
    flask.flash(gettext("%(name)sさん：%(what)s", name=entry.name, what=_said(done)), "success")
    return flask.redirect(flask.url_for(".door", session_id=session_id), 303)


@route(
    blueprint,
    "/sessions/<uuid:session_id>/check-in/<action>",
    may=LOOKING,
    about={**SESSION, "action": ("open", "close")},
    method="POST",
)
def act(session_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Open the door, or close it."""
    access.sitting(session(), actor(), session_id)
    do = service.open_door if action == "open" else service.close_door
    do(session(), session_id, by=actor(), now=now())
    told = gettext("受付を始めました。") if action == "open" else gettext("受付を終わりました。")
    flask.flash(told, "success")
    return flask.redirect(flask.url_for(".door", session_id=session_id), 303)


@route(blueprint, "/check-in", may=SIGNED_IN)
def ask() -> ResponseReturnValue:
    """Ask for the code; whoever has read the picture finds it filled in."""
    form = CodeForm()
    form.code.data = flask.request.args.get("code", "")[:20]
    return flask.render_template("training/check_in.html", form=form, done=None)


@route(blueprint, "/check-in", may=SIGNED_IN, method="POST")
def check_in() -> ResponseReturnValue:
    """Check in by a code."""
    form = CodeForm()
    if not form.validate():
        return flask.render_template("training/check_in.html", form=form, done=None), 422
    done = service.check_in(session(), form.code.data or "", by=actor(), now=now())
    if isinstance(done, Refused):
        form.code.errors = [" ".join(sentence(done.code, done.data))]
        return flask.render_template("training/check_in.html", form=form, done=None), 422
    return flask.render_template(
        "training/check_in.html",
        form=form,
        done=attendance.sitting_of(done.sitting),
        told=_said(done),
    )


def _said(done: CheckedIn) -> str:
    if done.again:
        return gettext("受付は済んでいます。")
    if done.is_late:
        return gettext("遅刻として受け付けました。")
    return gettext("受け付けました。")


def _list(session_id: uuid.UUID) -> tuple[RunSession, RunLine, list[attendance.Entry]]:
    sitting, run, reach = access.sitting(session(), actor(), session_id)
    today = clock.today(now())
    return sitting, run, attendance.on_list(session(), sitting, today, reach.of_person(today))


def _door(session_id: uuid.UUID, form: NumberForm) -> str:
    sitting, run, entries = _list(session_id)
    code = sitting.check_in_code
    is_held = sitting.starts_at - DOORS <= now() <= sitting.ends_at
    return flask.render_template(
        "training/check_in_door.html",
        run=run,
        sitting=attendance.sitting_of(sitting),
        code=code if is_held else None,
        picture=_picture(code) if code and is_held else "",
        address=settings().office_origin + flask.url_for(".ask"),
        is_held=is_held,
        opens_at=sitting.starts_at - DOORS,
        total=len(entries),
        entered=sum(1 for each in entries if each.mark and each.mark.checked_in_at),
        form=form,
    )


def _picture(code: str) -> str:
    """Return the QR code of the page with the code filled in, as a data: address."""
    address = settings().office_origin + flask.url_for(".ask", code=code)
    return segno.make(address, error="m").svg_data_uri(scale=8, border=4, light="#fff")
