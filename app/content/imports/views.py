"""Pages of an upload: choosing the file, watching it being checked, and what came of it."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.imports import queries, service, text
from app.content.imports.forms import UploadForm
from app.content.materials import access
from app.kernel.jobs import State
from app.kernel.web import filters
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role

AUTHORS = having(Role.AUTHOR, Role.OFFICE)

blueprint = flask.Blueprint("imports", __name__, url_prefix="/materials")


@route(blueprint, "/upload", may=AUTHORS)
def upload() -> ResponseReturnValue:
    """Ask for the file of a new material."""
    return _form(UploadForm(), None)


@route(blueprint, "/upload", may=AUTHORS, method="POST", takes_files=True)
def do_upload() -> ResponseReturnValue:
    """Take the file of a new material, and have it imported."""
    return _take(None)


@route(blueprint, "/<uuid:material_id>/versions/upload", may=AUTHORS)
def upload_version(material_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the file of a material's next version."""
    return _form(UploadForm(), material_id)


@route(blueprint, "/<uuid:material_id>/versions", may=AUTHORS, method="POST", takes_files=True)
def do_upload_version(material_id: uuid.UUID) -> ResponseReturnValue:
    """Take the file of a material's next version, and have it imported."""
    return _take(material_id)


@route(blueprint, "/imports/<uuid:job_id>", may=AUTHORS)
def progress(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show how far an import is; once it is done, lead to the version."""
    shown = queries.one(session(), job_id)
    if shown.version_id:
        return flask.redirect(_address(shown.version_id), 303)
    return flask.render_template("content/import.html", **_told(shown))


@route(blueprint, "/imports/<uuid:job_id>/progress", may=AUTHORS)
def progress_part(job_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the part of that page which changes; the page asks for it each second."""
    shown = queries.one(session(), job_id)
    answer = flask.make_response(flask.render_template("content/_import.html", **_told(shown)))
    if shown.version_id:
        answer.headers["HX-Redirect"] = _address(shown.version_id)
    elif not shown.is_running:
        answer.headers["HX-Refresh"] = "true"  # the page's heading says so, too
    return answer


def _form(form: UploadForm, material_id: uuid.UUID | None) -> str:
    material = access.material(session(), material_id) if material_id else None
    return flask.render_template(
        "content/upload.html",
        form=form,
        material_id=material_id,
        title=material.title if material else None,
        limit=settings().upload_limit,
    )


def _take(material_id: uuid.UUID | None) -> ResponseReturnValue:
    form = UploadForm()
    if not form.validate_on_submit():
        return _form(form, material_id), 422
    if material_id is not None:
        access.material(session(), material_id)
    let_go()  # a large file goes to the disk
    file = form.data_of(settings().uploads)
    job = service.ask(session(), file.name, file.file_name, material_id, by=actor(), now=now())
    return flask.redirect(flask.url_for(".progress", job_id=job.id), 303)


def _address(version_id: uuid.UUID) -> str:
    place = queries.place_of(session(), version_id)
    return flask.url_for("materials.material", material_id=place.material_id, version=place.number)


def _told(shown: queries.Import) -> dict[str, object]:
    refused = shown.status in (State.REFUSED, State.FAILED)
    what, mending = text.refusal(shown.code, shown.data, filters.size) if refused else ("", "")
    return {"shown": shown, "refused": refused, "what": what, "mending": mending}
