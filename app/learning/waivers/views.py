"""The office's page on which a unit of somebody's course is waived."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.learning.records import access
from app.learning.sessions.service import Place
from app.learning.waivers import service
from app.learning.waivers.forms import WaiverForm
from app.people.permission import access as permission

PLANNING = having(*sorted(permission.PLANNING))
RECORD = {"record_id": "learner_record"}

blueprint = flask.Blueprint("waivers", __name__, url_prefix="/records")


@route(blueprint, "/<uuid:record_id>/waive", may=PLANNING, about=RECORD)
def ask(record_id: uuid.UUID) -> ResponseReturnValue:
    """Ask which unit, and why."""
    access.record(session(), actor(), record_id, now())
    return _asking(WaiverForm(formdata=None), record_id)


@route(blueprint, "/<uuid:record_id>/waive", may=PLANNING, about=RECORD, method="POST")
def waive(record_id: uuid.UUID) -> ResponseReturnValue:
    """Have a unit count as done."""
    access.record(session(), actor(), record_id, now())
    attempt, form = service.newest(session(), record_id), WaiverForm()
    form.offer(service.open_units(session(), attempt))
    if not form.validate():
        return _asking(form, record_id), 422
    place = Place(settings().office_origin, now())
    unit, reason = form.unit.data, form.reason.data
    service.waive(session(), attempt, unit, reason, by=actor(), place=place)
    flask.flash(gettext("項目を免除しました。"), "success")
    return flask.redirect(flask.url_for("reports.record", record_id=record_id), 303)


def _asking(form: WaiverForm, record_id: uuid.UUID) -> str:
    units = service.open_units(session(), service.newest(session(), record_id))
    form.offer(units)
    return flask.render_template(
        "learning/waiver.html", form=form, units=units, record_id=record_id
    )
