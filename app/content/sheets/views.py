"""Pages on which a survey is written: the survey, its questions, how it looks, its publication."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.materials import queries as materials
from app.content.materials import text as materials_text
from app.content.materials.models import Material
from app.content.materials.states import VersionState
from app.content.sheets import access, queries, service, text
from app.content.sheets.forms import MannerForm, NewForm, QuestionForm, answer_form
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.fields import key_or_none
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.kernel.workflow import can
from app.people.permission.models import Role
from content_packages.questions.sheet import Sheet, check

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
OFFICE = having(Role.OFFICE)
MATERIAL = {"material_id": "material"}


blueprint = flask.Blueprint("sheets", __name__, url_prefix="/sheets")


@route(blueprint, "/new", may=AUTHORS)
def new() -> ResponseReturnValue:
    """Ask what a new survey is called, and what it begins with."""
    form = NewForm()
    form.offer(queries.copies(session()))
    return flask.render_template("content/sheet_new.html", form=form)


@route(blueprint, "/new", may=AUTHORS, method="POST")
def make() -> ResponseReturnValue:
    """Make a survey."""
    form = NewForm()
    form.offer(queries.copies(session()))
    if not form.validate_on_submit():
        return flask.render_template("content/sheet_new.html", form=form), 422
    title, copied = form.title.data or "", key_or_none(form.source.data)
    if copied:
        row = service.copy(session(), form.key.key, title, copied, by=actor(), now=now())
    else:
        sheet = text.after_training() if form.source.data else Sheet()
        row = service.make(session(), form.key.key, title, sheet, by=actor(), now=now())
    flask.flash(gettext("アンケートを作りました。質問を確かめてから公開してください。"), "success")
    return _to(row.id)


@route(blueprint, "/common", may=OFFICE, method="POST")
def common() -> ResponseReturnValue:
    """Lead to the questions that every survey asks; the set is made when it is first wanted."""
    title = gettext("全研修共通の設問")
    row = service.make_common_set(session(), title, by=actor(), now=now())
    return _to(row.id)


@route(blueprint, "/<uuid:material_id>", may=AUTHORS, about=MATERIAL)
def sheet(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show a survey by its newest version, with all that can be done with it."""
    return _page(access.survey(session(), material_id))


@route(blueprint, "/<uuid:material_id>/preview", may=AUTHORS, about=MATERIAL)
def preview(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show a version, by `?version=` of it, as those who answer will see it."""
    row = access.survey(session(), material_id)
    shown = queries.shown(session(), row.id, flask.request.args.get("version", type=int))
    return flask.render_template(
        "content/sheet_preview.html",
        survey=row,
        version=shown.version,
        sheet=shown.sheet,
        form=answer_form(shown.sheet),
    )


@route(blueprint, "/<uuid:material_id>/manner", may=AUTHORS, about=MATERIAL, method="POST")
def configure(material_id: uuid.UUID) -> ResponseReturnValue:
    """Say how the survey is held."""
    row = access.to_write(session(), actor(), material_id)
    form = MannerForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    service.configure(session(), row.id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("設定を保存しました。公開すると、回答の画面に反映されます。"), "success")
    return _to(row.id)


@route(blueprint, "/<uuid:material_id>/question", may=AUTHORS, about=MATERIAL)
def question(material_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a question: the one of `?question=`, or a new one of `?kind=`."""
    row = access.to_write(session(), actor(), material_id)
    form, name = QuestionForm(formdata=None), flask.request.args.get("question", "")
    known = {each.id: each for each in queries.shown(session(), row.id).sheet.own}
    if name in known:
        form.fill(known[name])
    else:
        form.begin(flask.request.args.get("kind", ""))
    return _ask(row, form, is_new=name not in known)


@route(blueprint, "/<uuid:material_id>/question", may=AUTHORS, about=MATERIAL, method="POST")
def put(material_id: uuid.UUID) -> ResponseReturnValue:
    """Put a question into the draft."""
    row = access.to_write(session(), actor(), material_id)
    form = QuestionForm()
    if not form.validate():
        return _ask(row, form, is_new=False), 422
    service.put(session(), row.id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("質問を保存しました。"), "success")
    return _to(row.id, "questions")


@route(blueprint, "/<uuid:material_id>/arrange", may=AUTHORS, about=MATERIAL, method="POST")
def arrange(material_id: uuid.UUID) -> ResponseReturnValue:
    """Move a question up or down, or take it out."""
    row = access.to_write(session(), actor(), material_id)
    name, wanted = flask.request.form.get("question", ""), flask.request.form.get("to", "")
    if wanted == "out":
        service.remove(session(), row.id, name, by=actor(), now=now())
        flask.flash(gettext("質問を削除しました。"), "success")
    elif wanted in ("up", "down"):
        step = -1 if wanted == "up" else 1
        service.arrange(session(), row.id, name, step, by=actor(), now=now())
    else:
        raise NotFound
    return _to(row.id, "questions")


@route(blueprint, "/<uuid:material_id>/publish", may=AUTHORS, about=MATERIAL, method="POST")
def publish(material_id: uuid.UUID) -> ResponseReturnValue:
    """Publish the newest version, with the questions that every survey asks."""
    row = access.to_write(session(), actor(), material_id)
    version = service.publish(
        session(), row.id, by_another=settings().separate_publisher, by=actor(), now=now()
    )
    flask.flash(
        gettext("第%(number)s版を公開しました。研修で選べます。", number=version.number), "success"
    )
    return _to(row.id)


@route(blueprint, "/<uuid:material_id>/take-common", may=AUTHORS, about=MATERIAL, method="POST")
def take_common(material_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a draft that asks the common questions as they are now."""
    row = access.to_write(session(), actor(), material_id)
    service.take_common(session(), row.id, by=actor(), now=now())
    flask.flash(
        gettext("共通の設問を新しくした下書きを作りました。確かめて公開してください。"), "success"
    )
    return _to(row.id)


def _to(material_id: uuid.UUID, part: str | None = None) -> ResponseReturnValue:
    address = flask.url_for(".sheet", material_id=material_id, _anchor=part)
    return flask.redirect(address, 303)


def _ask(row: Material, form: QuestionForm, *, is_new: bool) -> str:
    return flask.render_template(
        "content/sheet_question.html",
        survey=row,
        form=form,
        kind=form.sheet_kind,
        kinds=text.KINDS,
        is_new=is_new,
    )


def _page(row: Material, form: MannerForm | None = None) -> str:
    shown = queries.shown(session(), row.id)
    if form is None:
        form = MannerForm(formdata=None)
        form.fill(shown.sheet)
    version = shown.version
    is_draft = version.state == VersionState.DRAFT
    common = shown.sheet.common
    if is_draft and not shown.sheet.is_common_set:
        common = queries.common_questions(session())
    faults = [text.fault(each.code, each.data) for each in check(shown.sheet.with_common(common))]
    is_apart = settings().separate_publisher and version.created_by == actor().person_id
    return flask.render_template(
        "content/sheet.html",
        survey=row,
        version=version,
        sheet=shown.sheet,
        common=common,
        is_draft=is_draft,
        is_behind=queries.is_behind(session(), shown),
        faults=faults,
        form=form,
        may_write=access.may_write(actor(), row.id) and row.archived_at is None,
        may_publish=is_draft and not faults and not row.archived_at and not is_apart,
        may_retire=can(version, "retire", actor()),
        may_keep_common=Role.OFFICE in actor().roles,
        versions=materials.versions_of(session(), row.id),
        states=materials_text.STATES,
        kinds=text.KINDS,
    )
