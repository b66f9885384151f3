"""Pages of absences: giving notice, taking it back, and making the session up elsewhere."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission.access import PLANNING
from app.training.absences import text
from app.training.absences.forms import AbsenceForm
from app.training.attendance import queries as attendance
from app.training.attendance import service as notices
from app.training.attendance.models import Announcement, Attendance, MakeUp
from app.training.attendance.queries import Sitting
from app.training.enrolment.models import Enrolment
from app.training.make_ups import queries as make_ups
from app.training.make_ups import service as making_up
from app.training.make_ups.text import STATES
from app.training.offerings.models import ChangePath, Offering
from app.training.plans.models import Run
from app.training.seat_page import access as seats
from app.training.seat_page import queries as seat_page
from app.training.seat_page.views import shown

blueprint = flask.Blueprint("absences", __name__)
SEAT = {"enrolment_id": "near enrolment"}
PLANNERS = having(*sorted(PLANNING))


@route(blueprint, "/seats/<uuid:enrolment_id>/absence", may=SIGNED_IN, about=SEAT, audited=True)
def absence(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which sessions somebody misses; the next one is chosen already."""
    row, _ = seats.seat(session(), actor(), enrolment_id, now())
    coming = _coming(row)
    form = AbsenceForm()
    if coming:
        form.sessions.data = [str(coming[0].id)]
    return _ask(row, form, coming)


@route(blueprint, "/seats/<uuid:enrolment_id>/absence", may=SIGNED_IN, about=SEAT, method="POST")
def do_absence(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Give the notice, say who is told, and lead to where it can be made up for."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    form, coming = AbsenceForm(), _coming(row)
    form.offer(coming)
    if not form.validate():
        return _ask(row, form, coming), 422
    what = form.what.data
    notices.announce(
        session(), row.id, form.session_ids(), what, form.reason.data, by=acting, now=now()
    )
    flask.flash(str(text.ANNOUNCED[what]), "success")
    gaps = make_ups.gaps(session(), row, now()) if what == Announcement.ABSENT else []
    if any(place.is_open for gap in gaps if not gap.mark.make_up for place in gap.places):
        return flask.redirect(flask.url_for(".make_up", enrolment_id=row.id), 303)
    return _back(row)


@route(
    blueprint,
    "/seats/<uuid:enrolment_id>/absence/withdraw",
    may=SIGNED_IN,
    about=SEAT,
    method="POST",
)
def withdraw(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Take a notice back: somebody can come after all."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    notices.take_back(session(), row.id, by=acting, now=now())
    flask.flash(gettext("欠席等の連絡を取り消しました。予定どおり出席してください。"), "success")
    return _back(row)


@route(blueprint, "/seats/<uuid:enrolment_id>/make-up", may=SIGNED_IN, about=SEAT, audited=True)
def make_up(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Show where each missed session can be made up for."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    offering = _offering(row)
    shown(row)
    return flask.render_template(
        "training/make_up.html",
        seat=seat_page.seat(session(), row.id, now()),
        gaps=make_ups.gaps(session(), row, now()),
        is_at_once=bool(acting.roles & PLANNING) or offering.change_path == ChangePath.NOBODY,
        is_own=row.person_id == actor().person_id,
        states=STATES,
    )


@route(blueprint, "/seats/<uuid:enrolment_id>/make-up", may=SIGNED_IN, about=SEAT, method="POST")
def do_make_up(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Take a session of another run for a missed one, ask for it, or give it back."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now())
    asked = flask.request.form
    missed = asked.get("session", type=uuid.UUID)
    to = asked.get("to", type=uuid.UUID)
    if missed is None:
        raise Refused("make_up_elsewhere")
    if to is None:
        making_up.withdraw(session(), row.id, missed, by=acting, now=now())
        flask.flash(gettext("補講を取り消しました。"), "success")
        return flask.redirect(flask.url_for(".make_up", enrolment_id=row.id), 303)
    mark = making_up.ask(session(), row.id, missed, to, by=acting, now=now())
    flask.flash(_said(mark), "success")
    return _back(row)


@route(
    blueprint,
    "/make-ups/<uuid:mark_id>/<action>",
    may=PLANNERS,
    about={"mark_id": "attendance", "action": ("give", "refuse")},
    method="POST",
)
def decide(mark_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Give a make-up that was asked for, or refuse it."""
    mark = session().get(Attendance, mark_id)
    _, acting = seats.seat(
        session(), actor(), mark.enrolment_id if mark else mark_id, now(), PLANNING
    )
    making_up.decide(session(), mark_id, action, by=acting, now=now())
    flask.flash(str(text.DECIDED[action]), "success")
    return flask.redirect(flask.url_for("changes.waiting"), 303)


def _said(mark: Attendance) -> str:
    if mark.make_up == MakeUp.GIVEN:
        return gettext("補講のコマが決まりました。その日に出席してください。")
    return gettext("補講の希望を出しました。研修管理者が決めると知らせます。")


def _ask(row: Enrolment, form: AbsenceForm, coming: list[Sitting]) -> str:
    form.offer(coming)
    shown(row)
    return flask.render_template(
        "training/absence.html",
        form=form,
        coming=coming,
        seat=seat_page.seat(session(), row.id, now()),
        is_own=row.person_id == actor().person_id,
    )


def _coming(row: Enrolment) -> list[Sitting]:
    held = attendance.sittings(session(), [row.run_id]).get(row.run_id, [])
    return [sitting for sitting in held if sitting.ends_at >= now()]


def _offering(row: Enrolment) -> Offering:
    return session().get_one(Offering, session().get_one(Run, row.run_id).offering_id)


def _back(row: Enrolment) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("seats.seat", enrolment_id=row.id), 303)
