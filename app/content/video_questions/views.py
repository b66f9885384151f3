"""Authors' pages of what a video asks: its questions, and the code that it shows."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.authoring import service as authoring
from app.content.findings import text as findings_text
from app.content.materials.models import Material, MaterialKind, Version
from app.content.materials.states import VersionState
from app.content.video_questions import forms, queries, service
from app.content.video_questions.forms import CodeForm, QuestionForm
from app.content.videos import access
from app.content.videos import queries as videos
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
MATERIAL = {"material_id": "material"}

blueprint = flask.Blueprint("video_questions", __name__, url_prefix="/videos")


@route(blueprint, "/<uuid:material_id>/questions", may=AUTHORS, about=MATERIAL)
def questions(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show the questions of a video by their time, and its code."""
    row, form = access.video(session(), material_id), CodeForm(formdata=None)
    form.code.data = videos.beside(_newest(row)).code
    return _list(row, form)


@route(blueprint, "/<uuid:material_id>/code", may=AUTHORS, about=MATERIAL, method="POST")
def set_code(material_id: uuid.UUID) -> ResponseReturnValue:
    """Say which code the film shows."""
    row, form = access.video(session(), material_id), CodeForm()
    if not form.validate_on_submit():
        return _list(row, form), 422
    service.set_code(session(), row.id, form.code.data or "", by=actor(), now=now())
    told = (
        gettext("確認コードを保存しました。")
        if form.code.data
        else gettext("確認コードをなくしました。")
    )
    flask.flash(told, "success")
    return _to(row)


@route(blueprint, "/<uuid:material_id>/questions/question", may=AUTHORS, about=MATERIAL)
def question(material_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a question: `?question=` as it should be, or a new one."""
    row, name = access.video(session(), material_id), flask.request.args.get("question")
    return _ask(row, forms.of(_question(row, name)) if name else forms.blank(), name)


@route(
    blueprint, "/<uuid:material_id>/questions/question", may=AUTHORS, about=MATERIAL, method="POST"
)
def put(material_id: uuid.UUID) -> ResponseReturnValue:
    """Put a question into the draft; another button shows the form again, with more choices."""
    row, name = access.video(session(), material_id), flask.request.args.get("question")
    form, is_shown_again = forms.sent(flask.request.form)
    if name:
        form.question.data = _question(row, name).id
    if is_shown_again:
        return _ask(row, form, name)
    if not form.check(videos.length(videos.video(session(), _newest(row)))):
        return _ask(row, form, name), 422
    service.put(session(), row.id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("確認問題を保存しました。"), "success")
    return _to(row)


@route(
    blueprint, "/<uuid:material_id>/questions/delete", may=AUTHORS, about=MATERIAL, method="POST"
)
def remove(material_id: uuid.UUID) -> ResponseReturnValue:
    """Take a question out."""
    row = access.video(session(), material_id)
    name = flask.request.form.get("question", "")
    service.remove(session(), row.id, name, by=actor(), now=now())
    flask.flash(gettext("確認問題を削除しました。"), "success")
    return _to(row)


def _newest(row: Material) -> Version:
    return authoring.newest(session(), row.id, MaterialKind.VIDEO)


def _question(row: Material, name: str) -> queries.VideoQuestion:
    for each in queries.questions(_newest(row)):
        if each.id == name:
            return each
    raise NotFound


def _to(row: Material) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".questions", material_id=row.id), 303)


def _list(row: Material, form: CodeForm) -> str:
    version = _newest(row)
    return flask.render_template(
        "content/video_questions.html",
        material=row,
        questions=queries.questions(version),
        form=form,
        moment=forms.moment_text,
        findings=[
            findings_text.finding(found["code"], found["data"])
            for found in version.findings
            if found["severity"] == "error"
        ],
        is_draft=version.state == VersionState.DRAFT,
    )


def _ask(row: Material, form: QuestionForm, name: str | None) -> str:
    return flask.render_template(
        "content/video_question.html",
        material=row,
        form=form,
        is_new=not name,
        can_grow=len(form.choices) < forms.MOST_CHOICES,
    )
