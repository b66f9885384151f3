"""The learner's page of a document or a link."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.materials import access as materials
from app.content.materials import queries
from app.content.materials.models import Material, MaterialKind, Version
from app.content.readings import access as readings
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor
from app.learning.readings import service
from app.learning.records import access
from app.learning.records.models import LearnerRecord
from app.learning.records.states import DONE

RECORD = {"record_id": "own learner_record"}

blueprint = flask.Blueprint("reading", __name__, url_prefix="/reading")


@route(blueprint, "/<uuid:record_id>", may=SIGNED_IN, about=RECORD)
def reading(record_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is to be read, and ask for the word that it was."""
    record, material, version = _taken(record_id)
    assigned = access.to_take(session(), record, now())
    return flask.render_template(
        "learning/reading.html",
        record=record,
        is_link="url" in version.document,
        assigned=assigned,
        title=material.title,
        is_done=record.status in DONE,
    )


@route(blueprint, "/<uuid:record_id>/open", may=SIGNED_IN, about=RECORD)
def opened(record_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the document, or lead to the link's address."""
    record, _, version = _taken(record_id)
    access.to_take(session(), record, now())
    return readings.opened(version)


@route(blueprint, "/<uuid:record_id>/finish", may=SIGNED_IN, about=RECORD, method="POST")
def finish(record_id: uuid.UUID) -> ResponseReturnValue:
    """Take the word that it was read."""
    record, _, _ = _taken(record_id)
    assigned = access.to_take(session(), record, now())
    service.finish(session(), record.id, now())
    flask.flash(gettext("完了として記録しました。"), "success")
    return flask.redirect(assigned.back, 303)


def _taken(record_id: uuid.UUID) -> tuple[LearnerRecord, Material, Version]:
    """Return one's own record with what is read; raises NotFound for a record of anything else."""
    record = access.own(session(), actor(), record_id)
    material = materials.material(session(), record.material_id)
    if material.kind not in (MaterialKind.DOCUMENT, MaterialKind.LINK):
        raise NotFound
    return record, material, queries.published_version(session(), material.id)
