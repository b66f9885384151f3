"""The office's page of one person's attendance: make-ups, and its own word on the rule."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.materials.queries import published_choices
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.training.attendance import queries as attendance
from app.training.attendance import text as attendance_text
from app.training.enrolment.models import Enrolment
from app.training.make_ups import queries as make_ups
from app.training.make_ups import service as making_up
from app.training.make_ups.text import STATES
from app.training.offerings.models import Offering
from app.training.plans.models import Run
from app.training.seat_page import access as seats
from app.training.seat_page import queries as seat_page
from app.training.verdicts import queries, service, text
from app.training.verdicts.forms import MaterialForm, OverrideForm

blueprint = flask.Blueprint("verdicts", __name__)
PLANNERS = having(*sorted(PLANNING))
ENROLMENT = {"enrolment_id": "enrolment"}


@route(
    blueprint,
    "/enrolments/<uuid:enrolment_id>/attendance",
    may=PLANNERS,
    about=ENROLMENT,
    audited=True,
)
def person(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Show how one person was there, with what can be decided."""
    row, _ = seats.seat(session(), actor(), enrolment_id, now(), PLANNING)
    showing.note("enrolment.viewed", "enrolment", row.id, audit.shown([row.person_id]))
    return _ask(row, OverrideForm())


@route(
    blueprint,
    "/enrolments/<uuid:enrolment_id>/attendance",
    may=PLANNERS,
    about=ENROLMENT,
    method="POST",
)
def decide(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Say otherwise than the rule, or leave it to the rule again."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now(), PLANNING)
    form = OverrideForm()
    sound = form.validate()
    if form.verdict.data != "rule" and not form.reason.data:
        form.reason.errors = [gettext("選んでください。")]
        sound = False
    if not sound:
        return _ask(row, form), 422
    chosen = form.verdict.data
    service.override(session(), row.id, chosen, form.reason.data or "", by=acting, now=now())
    flask.flash(str(text.DECIDED[chosen]), "success")
    return flask.redirect(flask.url_for("attendance.matrix", run_id=row.run_id), 303)


@route(
    blueprint,
    "/enrolments/<uuid:enrolment_id>/make-up",
    may=PLANNERS,
    about=ENROLMENT,
    method="POST",
)
def by_material(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Have a missed session made up by a material."""
    row, acting = seats.seat(session(), actor(), enrolment_id, now(), PLANNING)
    form = _material_form()
    missed = flask.request.form.get("session", type=uuid.UUID)
    material_id = form.material_id()
    if missed is None or material_id is None:
        raise Refused("make_up_material_needed")
    making_up.give_by_material(session(), row.id, missed, material_id, by=acting, now=now())
    flask.flash(gettext("補講の教材を割り当てました。本人のホームに並びます。"), "success")
    return flask.redirect(flask.url_for(".person", enrolment_id=row.id), 303)


def _material_form() -> MaterialForm:
    form = MaterialForm()
    form.offer([(each.material_id, each.title) for each in published_choices(session())])
    return form


def _ask(row: Enrolment, form: OverrideForm) -> str:
    offering = session().get_one(Offering, session().get_one(Run, row.run_id).offering_id)
    held = attendance.sittings(session(), [row.run_id]).get(row.run_id, [])
    known = attendance.marks_of(session(), row.id)
    word = queries.overrides(session(), [row.id]).get(row.id)
    missed = attendance.missed(held, known)
    return flask.render_template(
        "training/attendance_person.html",
        seat=seat_page.seat(session(), row.id, now()),
        sittings=held,
        marks=known,
        missed=missed,
        limit=offering.absence_limit,
        verdict=text.VERDICTS[queries.verdict(missed, offering.absence_limit, word)],
        word=word,
        form=form,
        materials=_material_form(),
        gaps=make_ups.gaps(session(), row, now()),
        presences=attendance_text.PRESENCES,
        announcements=attendance_text.ANNOUNCEMENTS,
        override_reasons=text.REASONS,
        make_up_states=STATES,
    )
