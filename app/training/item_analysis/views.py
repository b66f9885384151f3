"""The page of a test's figures, for who plans trainings and who writes tests."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.materials import access as materials
from app.kernel.web.fields import key_or_none
from app.kernel.web.routing import route, session
from app.kernel.web.rules import having
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.training.item_analysis import queries, text
from content_packages.questions.analysis import LEAST
from content_packages.questions.item import MARKER

blueprint = flask.Blueprint("item_analysis", __name__)


@route(
    blueprint,
    "/materials/<uuid:material_id>/analysis",
    may=having(*sorted(PLANNING | {Role.AUTHOR})),
    about={"material_id": "material"},
)
def analysis(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show how a version of a test was answered, over all runs or in one."""
    material = materials.material(session(), material_id)
    versions = queries.versions(session(), material_id)
    asked = key_or_none(flask.request.args.get("version"))
    version = next((each for each in versions if each.key == asked), next(iter(versions), None))
    runs = queries.runs(session(), version.key) if version else []
    wanted = key_or_none(flask.request.args.get("run"))
    run = next((each for each in runs if each.key == wanted), None)
    return flask.render_template(
        "training/item_analysis.html",
        material=material,
        versions=versions,
        version=version,
        runs=runs,
        run=run,
        analysis=queries.analysis(session(), version.key, run.key if run else None)
        if version
        else None,
        difficulty=text.difficulty,
        discrimination=text.discrimination,
        least=LEAST,
        marker=MARKER,
    )
