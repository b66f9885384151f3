"""Authors' pages of what is read beside a video: captions, chapters, the transcript."""

from __future__ import annotations

import re
import uuid
from typing import Final, cast

import flask
from flask.typing import ResponseReturnValue
from wtforms import Field

from app.content.authoring import service as authoring
from app.content.captions import queries, service, text
from app.content.captions.forms import ChaptersForm, TextForm, UploadForm
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.videos import access
from app.content.videos import queries as videos
from app.kernel.errors import NotFound, Refused
from app.kernel.language import gettext
from app.kernel.web.problems import sentence
from app.kernel.web.routing import About, now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
MATERIAL = {"material_id": "material"}
LANGUAGE: About = {**MATERIAL, "language": tuple(text.LANGUAGES)}

#: What captions that are written on screen begin with.
BEGINNING: Final = "WEBVTT\n\n"

blueprint = flask.Blueprint("captions", __name__, url_prefix="/videos")


@route(blueprint, "/<uuid:material_id>/captions", may=AUTHORS, about=MATERIAL)
def captions(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show the languages that a video has captions in, and ask for a file of more."""
    return _list(access.video(session(), material_id), UploadForm(formdata=None))


@route(
    blueprint,
    "/<uuid:material_id>/captions",
    may=AUTHORS,
    about=MATERIAL,
    method="POST",
    takes_files=True,
)
def upload(material_id: uuid.UUID) -> ResponseReturnValue:
    """Take a file of captions, once it is without errors."""
    row, form = access.video(session(), material_id), UploadForm()
    found = form.checked(_duration(_newest(row))) if form.validate() else None
    if found is None or not _keep(row, form.language.data, found.text, form.file):
        return _list(row, form), 422
    return _kept(row, form.language.data, len(found.warnings))


@route(blueprint, "/<uuid:material_id>/captions/<language>", may=AUTHORS, about=LANGUAGE)
def edit(material_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """Show the captions of a language as a text, with what is odd about them; or begin some."""
    row, form = access.video(session(), material_id), TextForm(formdata=None)
    _known(language)
    tracks = {each.language: each.text for each in queries.tracks(_newest(row))}
    form.text.data = tracks.get(language, BEGINNING)
    return _text(row, language, form)


@route(
    blueprint, "/<uuid:material_id>/captions/<language>", may=AUTHORS, about=LANGUAGE, method="POST"
)
def put(material_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """Take the text of a language's captions, once it is without errors."""
    row, form = access.video(session(), material_id), TextForm()
    _known(language)
    found = form.checked(_duration(_newest(row))) if form.validate_on_submit() else None
    if found is None or not _keep(row, language, found.text, form.text):
        return _text(row, language, form), 422
    return _kept(row, language, len(found.warnings))


@route(blueprint, "/<uuid:material_id>/captions/<language>/file", may=AUTHORS, about=LANGUAGE)
def file(material_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """Answer the captions of a language as a file."""
    row = access.video(session(), material_id)
    response = flask.make_response(queries.track(_newest(row), language).text)
    response.headers["Content-Type"] = "text/vtt; charset=utf-8"
    name = re.sub(r'[\\/:*?"<>|\s]+', "_", row.title)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{language}.vtt")
    return response


@route(
    blueprint,
    "/<uuid:material_id>/captions/<language>/delete",
    may=AUTHORS,
    about=LANGUAGE,
    method="POST",
)
def remove(material_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """Take the captions of a language out."""
    row = access.video(session(), material_id)
    service.remove(session(), row.id, language, by=actor(), now=now())
    told = gettext("%(language)sの字幕を削除しました。", language=text.LANGUAGES[language])
    flask.flash(told, "success")
    return _to(row)


@route(blueprint, "/<uuid:material_id>/chapters", may=AUTHORS, about=MATERIAL)
def chapters(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show the chapters of a video and its transcript."""
    row, form = access.video(session(), material_id), ChaptersForm(formdata=None)
    version = _newest(row)
    form.fill(queries.chapters(version), videos.beside(version).transcript)
    return _chapters(row, form)


@route(blueprint, "/<uuid:material_id>/chapters", may=AUTHORS, about=MATERIAL, method="POST")
def set_chapters(material_id: uuid.UUID) -> ResponseReturnValue:
    """Take the chapters of a video and its transcript."""
    row, form = access.video(session(), material_id), ChaptersForm()
    found = form.read(_duration(_newest(row))) if form.validate_on_submit() else None
    if found is None:
        return _chapters(row, form), 422
    try:
        service.set_chapters(
            session(), row.id, found.chapters, form.transcript.data or "", by=actor(), now=now()
        )
    except Refused as refusal:
        form.transcript.errors = [" ".join(sentence(refusal.code, refusal.data))]
        return _chapters(row, form), 422
    flask.flash(gettext("目次と、文字で読む内容を保存しました。"), "success")
    return flask.redirect(flask.url_for(".chapters", material_id=row.id), 303)


def _known(language: str) -> None:
    if language not in text.LANGUAGES:
        raise NotFound


def _newest(row: Material) -> Version:
    return authoring.newest(session(), row.id, MaterialKind.VIDEO)


def _duration(version: Version) -> float | None:
    return videos.length(videos.video(session(), version))


def _keep(row: Material, language: str, words: str, field: Field) -> bool:
    """Keep captions, or say at a field why they cannot be; return whether they are kept."""
    try:
        service.keep(session(), row.id, language, words, by=actor(), now=now())
    except Refused as refusal:
        field.errors = [" ".join(sentence(refusal.code, refusal.data))]
        return False
    return True


def _kept(row: Material, language: str, warnings: int) -> ResponseReturnValue:
    """Lead to the list, or to what is odd about captions that were kept."""
    name = text.LANGUAGES[language]
    flask.flash(gettext("%(language)sの字幕を保存しました。", language=name), "success")
    if not warnings:
        return _to(row)
    address = flask.url_for(".edit", material_id=row.id, language=language)
    return flask.redirect(address, 303)


def _to(row: Material) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".captions", material_id=row.id), 303)


def _list(row: Material, form: UploadForm) -> str:
    version = _newest(row)
    tracks = queries.tracks(version)
    return flask.render_template(
        "content/captions.html",
        material=row,
        tracks=tracks,
        form=form,
        names=text.LANGUAGES,
        others=[each for each in text.LANGUAGES if each not in {one.language for one in tracks}],
        is_draft=version.state == VersionState.DRAFT,
    )


def _text(row: Material, language: str, form: TextForm) -> str:
    """Return the page of a text: what is odd about it is told where nothing is wrong with it."""
    version = _newest(row)
    found = None
    if not form.errors:
        found = queries.checked(cast("str", form.text.data).encode(), _duration(version))
    return flask.render_template(
        "content/caption_text.html",
        material=row,
        name=text.LANGUAGES[language],
        form=form,
        warnings=text.listed(found.warnings, form.text.data or "") if found else (),
        is_draft=version.state == VersionState.DRAFT,
    )


def _chapters(row: Material, form: ChaptersForm) -> str:
    version = _newest(row)
    warnings = [] if form.errors else form.warnings(_duration(version))
    return flask.render_template(
        "content/chapters.html",
        material=row,
        form=form,
        warnings=text.listed(warnings, form.chapters.data or ""),
        has_captions=bool(queries.tracks(version)),
        is_draft=version.state == VersionState.DRAFT,
    )
