"""Pages of materials: the list, one material with its versions, and what can be done to them."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.findings import text as findings_text
from app.content.imports import queries as imports
from app.content.materials import access, queries, service, text
from app.content.materials.forms import PlayForm, TitleForm
from app.content.materials.models import MaterialKind, Version
from app.content.sheets import access as sheets
from app.kernel.errors import Forbidden, Refused
from app.kernel.language import gettext
from app.kernel.web import paging
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.kernel.workflow import can
from app.people.permission.models import Role
from app.people.saved_filters import views as saved_filters

#: The page of a material that is written here, by its kind.
EDITORS: dict[str, str] = {
    MaterialKind.VIDEO: "videos.video",
    MaterialKind.EXAM: "test_papers.paper",
    MaterialKind.SURVEY: "sheets.sheet",
    MaterialKind.DOCUMENT: "readings.reading",
    MaterialKind.LINK: "readings.reading",
}
AUTHORS = having(Role.AUTHOR, Role.OFFICE)
MATERIAL = {"material_id": "material"}
VERSION = {"version_id": "material_version"}

blueprint = flask.Blueprint("materials", __name__, url_prefix="/materials")


@route(blueprint, "", may=AUTHORS)
def materials() -> ResponseReturnValue:
    """List the materials, the newest upload first, and the imports under way."""
    words = flask.request.args.get("q", "").strip()
    archived = flask.request.args.get("use") == "ended"
    kind = flask.request.args.get("kind", "")
    page = paging.page_of(
        session(),
        queries.materials(words, kind=kind, archived=archived),
        queries.Row,
        paging.number(),
    )
    return flask.render_template(
        "content/materials.html",
        page=page,
        saved=saved_filters.shown(),
        words=words,
        archived=archived,
        kind=kind,
        kinds=text.MATERIAL_KINDS,
        kind_choices=[
            {"value": "", "label": gettext("すべて")},
            *({"value": key, "label": word} for key, word in text.MATERIAL_KINDS.items()),
        ],
        pages=EDITORS,
        running=imports.running(session()),
        states=text.STATES,
        editions=text.EDITIONS,
    )


@route(blueprint, "/<uuid:material_id>", may=AUTHORS, about=MATERIAL)
def material(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show one material, by its newest version or by `?version=` of it."""
    kind = access.material(session(), material_id).kind
    if kind in EDITORS:
        number = flask.request.args.get("version", type=int)
        return flask.redirect(flask.url_for(EDITORS[kind], material_id=material_id, version=number))
    return _page(material_id)


@route(blueprint, "/<uuid:material_id>/title", may=AUTHORS, about=MATERIAL, method="POST")
def rename(material_id: uuid.UUID) -> ResponseReturnValue:
    """Give a material another name."""
    form = TitleForm()
    if not form.validate_on_submit():
        if access.material(session(), material_id).kind in EDITORS:
            flask.flash(form.title.errors[0], "error")
            return flask.redirect(flask.url_for(".material", material_id=material_id), 303)
        return _page(material_id, title_form=form), 422
    _refuse_unless_theirs(material_id)
    row = service.rename(session(), material_id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("教材名を「%(title)s」に変えました。", title=row.title), "success")
    return flask.redirect(flask.url_for(".material", material_id=material_id), 303)


@route(blueprint, "/<uuid:material_id>/play", may=AUTHORS, about=MATERIAL, method="POST")
def play(material_id: uuid.UUID) -> ResponseReturnValue:
    """Change how a material is played."""
    form = PlayForm()
    if not form.validate_on_submit():
        return _page(material_id, play_form=form), 422
    service.set_play(session(), material_id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("教材の開き方を保存しました。次に開くときから変わります。"), "success")
    return flask.redirect(flask.url_for(".material", material_id=material_id), 303)


@route(blueprint, "/<uuid:material_id>/archive", may=AUTHORS, about=MATERIAL, method="POST")
def archive(material_id: uuid.UUID) -> ResponseReturnValue:
    """Put a material out of use."""
    _refuse_unless_theirs(material_id)
    service.archive(session(), material_id, by=actor(), now=now())
    flask.flash(gettext("教材の使用を終えました。「もう一度使う」で元に戻せます。"), "success")
    return flask.redirect(flask.url_for(".material", material_id=material_id), 303)


@route(blueprint, "/<uuid:material_id>/restore", may=AUTHORS, about=MATERIAL, method="POST")
def restore(material_id: uuid.UUID) -> ResponseReturnValue:
    """Take a material into use again."""
    _refuse_unless_theirs(material_id)
    service.restore(session(), material_id, by=actor(), now=now())
    flask.flash(gettext("教材をもう一度使えるようにしました。"), "success")
    return flask.redirect(flask.url_for(".material", material_id=material_id), 303)


@route(blueprint, "/versions/<uuid:version_id>/publish", may=AUTHORS, about=VERSION, method="POST")
def publish(version_id: uuid.UUID) -> ResponseReturnValue:
    """Publish a version; the one published before is retired.

    What has a page of its own is published there, where all that it takes is done.
    """
    material_id = access.version(session(), version_id).material_id
    if access.material(session(), material_id).kind in EDITORS:
        raise Refused("own_editor")
    starts_anew = flask.request.form.get("takers") == "anew"
    version = service.publish(
        session(),
        version_id,
        starts_anew=starts_anew,
        by_another=settings().separate_publisher,
        by=actor(),
        now=now(),
    )
    flask.flash(
        gettext("第%(number)s版を公開しました。研修で選べます。", number=version.number), "success"
    )
    return _to(version)


@route(blueprint, "/versions/<uuid:version_id>/retire", may=AUTHORS, about=VERSION, method="POST")
def retire(version_id: uuid.UUID) -> ResponseReturnValue:
    """Let nobody begin a version any more."""
    _refuse_unless_theirs(access.version(session(), version_id).material_id)
    version = service.retire(session(), version_id, by=actor(), now=now())
    flask.flash(
        gettext(
            "第%(number)s版の公開を終えました。受講中の人は、そのまま続けられます。",
            number=version.number,
        ),
        "success",
    )
    return _to(version)


def _refuse_unless_theirs(material_id: uuid.UUID) -> None:
    """Raise Forbidden where what every training asks would be changed by somebody else's hand."""
    if not sheets.may_write(actor(), material_id):
        raise Forbidden("common_set_of_office")


def _to(version: Version) -> ResponseReturnValue:
    address = flask.url_for(".material", material_id=version.material_id, version=version.number)
    return flask.redirect(address, 303)


def _page(
    material_id: uuid.UUID,
    *,
    title_form: TitleForm | None = None,
    play_form: PlayForm | None = None,
) -> str:
    number = flask.request.args.get("version", type=int)
    shown = queries.detail(session(), material_id, number)
    version = access.version(session(), shown.shown.id)
    if title_form is None:
        title_form = TitleForm(formdata=None)
        title_form.title.data = shown.title
    if play_form is None:
        play_form = PlayForm(formdata=None)
        play_form.fill(queries.play_options(access.material(session(), material_id).play))
    return flask.render_template(
        "content/material.html",
        material=shown,
        form=title_form,
        play_form=play_form,
        back=flask.url_for(".material", material_id=material_id, version=number),
        may_publish=can(version, "publish", actor())
        and not shown.archived_at
        and not (settings().separate_publisher and version.created_by == actor().person_id),
        may_retire=can(version, "retire", actor()),
        takers=_takers(shown),
        states=text.STATES,
        editions=text.EDITIONS,
        severities=text.SEVERITIES,
        kinds=text.KINDS,
        conditions=text.CONDITIONS,
        finding=findings_text.finding,
    )


def _takers(shown: queries.Detail) -> dict[uuid.UUID, int] | None:
    """Count who is on each version; None where no wing above has said how to count them."""
    count = flask.current_app.extensions.get("kenshu.takers")
    if count is None:
        return None
    found: dict[uuid.UUID, int] = count(session(), [row.id for row in shown.versions])
    return found
