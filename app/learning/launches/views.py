"""What the office does with a learner's attempt: begin anew, forget what is shared, keep a log."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.language import gettext
from app.kernel.web.addresses import is_local
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.learning.launches import service
from app.learning.records import access
from app.people.permission import access as permission

PLANNING = having(*sorted(permission.PLANNING))
RECORD = {"record_id": "learner_record"}

blueprint = flask.Blueprint("launches", __name__, url_prefix="/records")


@route(blueprint, "/<uuid:record_id>/reset", may=PLANNING, about=RECORD, method="POST")
def reset(record_id: uuid.UUID) -> ResponseReturnValue:
    """Have the learner begin anew; what was done stays on the record."""
    access.record(session(), actor(), record_id, now())
    service.reset(session(), record_id, by=actor(), now=now())
    return _back(gettext("次に受講するときは、最初から始まります。これまでの記録は残っています。"))


@route(blueprint, "/<uuid:record_id>/forget", may=PLANNING, about=RECORD, method="POST")
def forget(record_id: uuid.UUID) -> ResponseReturnValue:
    """Make unknown again what the course shares with the learner's other courses."""
    access.record(session(), actor(), record_id, now())
    count = service.forget(session(), record_id, by=actor(), now=now())
    return _back(gettext("ほかの教材と共有している到達状況を消しました（%(num)s件）。", num=count))


@route(blueprint, "/<uuid:record_id>/trace", may=PLANNING, about=RECORD, method="POST")
def trace(record_id: uuid.UUID) -> ResponseReturnValue:
    """Write down, or no more, what the content calls in the attempt that is open."""
    access.record(session(), actor(), record_id, now())
    is_traced = flask.request.form.get("on") == "1"
    service.trace(session(), record_id, is_traced=is_traced, by=actor(), now=now())
    if is_traced:
        return _back(gettext("次に教材を開いたときから、動作の記録をとります。"))
    return _back(gettext("動作の記録をとるのをやめました。"))


def _back(said: str) -> ResponseReturnValue:
    flask.flash(said, "success")
    back = flask.request.form.get("back", "/")
    return flask.redirect(back if is_local(back) else "/", 303)
