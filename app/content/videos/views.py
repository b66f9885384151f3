"""Authors' pages of videos: sent, seen through their conversion, published, replaced."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.authoring import service as authoring
from app.content.findings import text as findings_text
from app.content.materials import queries as material_queries
from app.content.materials import text as materials_text
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.uploads import service as uploads
from app.content.videos import access, queries, service, text
from app.content.videos.forms import RuleForm, VideoForm
from app.content.videos.models import Video, VideoStatus, WatchingRule
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import uploads as files
from app.kernel.web.problems import sentence
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.kernel.workflow import can
from app.people.permission.models import Role

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
MATERIAL = {"material_id": "material"}

blueprint = flask.Blueprint("videos", __name__, url_prefix="/videos")


@route(blueprint, "/new", may=AUTHORS)
def new() -> ResponseReturnValue:
    """Ask for a film."""
    return _form(VideoForm(), None)


@route(blueprint, "/new", may=AUTHORS, method="POST", takes_files=True)
def make() -> ResponseReturnValue:
    """Take a film, and have it looked at."""
    return _take(None)


@route(blueprint, "/<uuid:material_id>/versions/new", may=AUTHORS, about=MATERIAL)
def new_version(material_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the film of a video's next version."""
    return _form(VideoForm(), access.video(session(), material_id))


@route(
    blueprint,
    "/<uuid:material_id>/versions/new",
    may=AUTHORS,
    about=MATERIAL,
    method="POST",
    takes_files=True,
)
def replace(material_id: uuid.UUID) -> ResponseReturnValue:
    """Take the film of a video's next version."""
    return _take(access.video(session(), material_id))


@route(blueprint, "/<uuid:material_id>", may=AUTHORS, about=MATERIAL)
def video(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show a video by its newest version, with how its conversion goes."""
    return _page(access.video(session(), material_id))


@route(blueprint, "/<uuid:material_id>/progress", may=AUTHORS, about=MATERIAL)
def progress_part(material_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the part of that page which changes; the page asks for it again and again."""
    row = access.video(session(), material_id)
    version = _newest(row)
    film = _film(version)
    answer = flask.make_response(
        flask.render_template("content/_video.html", **_told(row, version, film))
    )
    if film.status != VideoStatus.MAKING:
        answer.headers["HX-Refresh"] = "true"  # what can be done with it has changed
    return answer


@route(blueprint, "/<uuid:material_id>/rule", may=AUTHORS, about=MATERIAL, method="POST")
def set_rule(material_id: uuid.UUID) -> ResponseReturnValue:
    """Say when the video counts as watched, where a training says nothing else."""
    row, form = access.video(session(), material_id), RuleForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    try:
        service.set_rule(session(), row.id, form.data_of(), by=actor(), now=now())
    except Refused as refusal:
        form.completion.errors = [" ".join(sentence(refusal.code, refusal.data))]
        return _page(row, form), 422
    flask.flash(
        gettext("視聴の条件を保存しました。次に視聴を始めるときから変わります。"), "success"
    )
    return _to(row)


@route(blueprint, "/<uuid:material_id>/cancel", may=AUTHORS, about=MATERIAL, method="POST")
def cancel(material_id: uuid.UUID) -> ResponseReturnValue:
    """Give a conversion up."""
    row = access.video(session(), material_id)
    service.cancel(session(), _film(_newest(row)).id, by=actor(), now=now())
    flask.flash(gettext("変換を取り消しました。「もう一度変換する」でやり直せます。"), "success")
    return _to(row)


@route(blueprint, "/<uuid:material_id>/retry", may=AUTHORS, about=MATERIAL, method="POST")
def retry(material_id: uuid.UUID) -> ResponseReturnValue:
    """Convert once more."""
    row = access.video(session(), material_id)
    service.retry(session(), _film(_newest(row)).id, by=actor(), now=now())
    flask.flash(gettext("もう一度、変換を始めました。"), "success")
    return _to(row)


@route(blueprint, "/<uuid:material_id>/publish", may=AUTHORS, about=MATERIAL, method="POST")
def publish(material_id: uuid.UUID) -> ResponseReturnValue:
    """Publish the newest version, once it can be watched."""
    row = access.video(session(), material_id)
    version = service.publish(
        session(), _newest(row), starts_anew=flask.request.form.get("takers") == "anew",
        by_another=settings().separate_publisher, by=actor(), now=now(),
    )  # fmt: skip
    told = gettext("第%(number)s版を公開しました。研修で選べます。", number=version.number)
    flask.flash(told, "success")
    return _to(row)


def _newest(row: Material) -> Version:
    return authoring.newest(session(), row.id, MaterialKind.VIDEO)


def _film(version: Version) -> Video:
    return queries.video(session(), version)


def _to(row: Material) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".video", material_id=row.id), 303)


def _form(form: VideoForm, row: Material | None) -> str:
    return flask.render_template(
        "content/new_video.html",
        form=form,
        material=row,
        limit=settings().video_limit,
        may_publish=not settings().separate_publisher,
    )


def _take(row: Material | None) -> ResponseReturnValue:
    """Have a film looked at: the one that was sent piece by piece, else the form's own file."""
    form = VideoForm()
    if not form.validate_on_submit():
        return _form(form, row), 422
    if form.upload_id is not None:
        name, file_name = uploads.take_over(session(), form.upload_id, settings(), by=actor())
    else:
        let_go()  # a large file goes to the disk
        kept = files.keep(form.video.data, settings().uploads)
        name, file_name = kept.name, kept.file_name
    job = service.ask(
        session(), name, file_name, form.title.data or "", row.id if row else None,
        publishes=bool(form.publishes.data) and not settings().separate_publisher,
        by=actor(), now=now(),
    )  # fmt: skip
    return flask.redirect(flask.url_for("imports.progress", job_id=job.id), 303)


def _told(row: Material, version: Version, film: Video) -> dict[str, object]:
    """Return what a page says of a conversion."""
    return {
        "material": row,
        "version": version,
        "film": film,
        "source": film.source,
        "shown": queries.film_of(film.edition) if film.edition else None,
        "statuses": text.STATUSES,
        "progress": queries.progress(session(), film),
        "failure": text.failure(film.failure) if film.status == VideoStatus.FAILED else None,
    }


def _page(row: Material, form: RuleForm | None = None) -> str:
    version = _newest(row)
    film = _film(version)
    if form is None:
        form = RuleForm(formdata=None)
        form.fill(WatchingRule.of(row.play))
    is_own = settings().separate_publisher and version.created_by == actor().person_id
    count = flask.current_app.extensions["kenshu.takers"]
    versions = material_queries.versions_of(session(), row.id)
    return flask.render_template(
        "content/video.html",
        **_told(row, version, film),
        beside=queries.beside(version),
        form=form,
        finding=findings_text.finding,
        is_draft=version.state == VersionState.DRAFT,
        may_publish=can(version, "publish", actor())
        and bool(film.edition)
        and not any(found["severity"] == "error" for found in version.findings)
        and not row.archived_at
        and not is_own,
        may_retire=can(version, "retire", actor()),
        versions=versions,
        takers=sum(count(session(), [each.id for each in versions]).values()),
        states=materials_text.STATES,
    )
