"""Authors' pages of documents and links: made, looked at, published, replaced."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import flask
from flask.typing import ResponseReturnValue

from app.content.authoring import service as authoring
from app.content.materials import access as materials
from app.content.materials import queries, text
from app.content.materials import service as publishing
from app.content.materials.models import MaterialKind, Version
from app.content.readings import access, service
from app.content.readings.forms import AddressForm, DocumentForm, FileForm, LinkForm
from app.kernel.errors import NotFound, Refused
from app.kernel.language import gettext
from app.kernel.web import uploads
from app.kernel.web.problems import sentence
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.kernel.workflow import can
from app.people.permission.models import Role

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
MATERIAL = {"material_id": "material"}

blueprint = flask.Blueprint("readings", __name__, url_prefix="/readings")


@route(blueprint, "/documents/new", may=AUTHORS)
def new_document() -> ResponseReturnValue:
    """Ask for a document."""
    return flask.render_template("content/new_document.html", form=DocumentForm())


@route(blueprint, "/documents/new", may=AUTHORS, method="POST", takes_files=True)
def do_new_document() -> ResponseReturnValue:
    """Take a document."""
    form = DocumentForm()
    kept = _kept(form) if form.validate() else None
    if kept is None:
        return flask.render_template("content/new_document.html", form=form), 422
    title = form.title.data or ""
    key = service.make_document(session(), form.key.key, title, kept, by=actor(), now=now())
    flask.flash(gettext("文書を登録しました。中身を確かめて、公開してください。"), "success")
    return flask.redirect(flask.url_for(".reading", material_id=key), 303)


@route(blueprint, "/links/new", may=AUTHORS)
def new_link() -> ResponseReturnValue:
    """Ask for a link."""
    return flask.render_template("content/new_link.html", form=LinkForm())


@route(blueprint, "/links/new", may=AUTHORS, method="POST")
def do_new_link() -> ResponseReturnValue:
    """Take a link."""
    form = LinkForm()
    if not form.validate():
        return flask.render_template("content/new_link.html", form=form), 422
    title, url = form.title.data or "", form.url.data or ""
    key = service.make_link(session(), form.key.key, title, url, by=actor(), now=now())
    flask.flash(gettext("リンクを登録しました。開いて確かめて、公開してください。"), "success")
    return flask.redirect(flask.url_for(".reading", material_id=key), 303)


@route(blueprint, "/<uuid:material_id>", may=AUTHORS, about=MATERIAL)
def reading(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show a document or a link, with its versions."""
    return _page(material_id)


@route(blueprint, "/<uuid:material_id>/open", may=AUTHORS, about=MATERIAL)
def opened(material_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the newest file of a document, or lead to the newest address of a link."""
    return access.opened(_newest(material_id))


@route(
    blueprint,
    "/<uuid:material_id>/versions",
    may=AUTHORS,
    about=MATERIAL,
    method="POST",
    takes_files=True,
)
def replace(material_id: uuid.UUID) -> ResponseReturnValue:
    """Take another file, or another address, as a draft."""
    _newest(material_id)
    if materials.material(session(), material_id).kind == MaterialKind.LINK:
        link = AddressForm()
        if not link.validate():
            return _page(material_id, link), 422
        service.replace_link(session(), material_id, link.url.data or "", by=actor(), now=now())
    else:
        form = FileForm()
        kept = _kept(form) if form.validate() else None
        if kept is None:
            return _page(material_id, form), 422
        service.replace_document(session(), material_id, kept, by=actor(), now=now())
    told = gettext("新しい版を登録しました。公開するまで、いまの版がそのまま使われます。")
    flask.flash(told, "success")
    return flask.redirect(flask.url_for(".reading", material_id=material_id), 303)


@route(blueprint, "/<uuid:material_id>/publish", may=AUTHORS, about=MATERIAL, method="POST")
def publish(material_id: uuid.UUID) -> ResponseReturnValue:
    """Publish the newest version."""
    version = publishing.publish(
        session(),
        _newest(material_id).id,
        by_another=settings().separate_publisher,
        by=actor(),
        now=now(),
    )
    told = gettext("第%(number)s版を公開しました。研修で選べます。", number=version.number)
    flask.flash(told, "success")
    return flask.redirect(flask.url_for(".reading", material_id=material_id), 303)


def _newest(material_id: uuid.UUID) -> Version:
    """Return the newest version of a document or a link; raises NotFound for anything else."""
    kind = materials.material(session(), material_id).kind
    if kind not in (MaterialKind.DOCUMENT, MaterialKind.LINK):
        raise NotFound
    return authoring.newest(session(), material_id, MaterialKind(kind))


def _kept(form: FileForm) -> service.Kept | None:
    """Put the file of a form into the store, or say in the form why it cannot be."""
    folder = settings().uploads
    let_go()  # a large file goes to the disk
    upload = uploads.keep(form.document.data, folder, ".pdf")
    try:
        return service.keep(
            materials.store(settings()), folder / upload.name, upload.file_name or service.FILE
        )
    except Refused as refused:
        form.document.errors = [_joined(sentence(refused.code, refused.data))]
        return None
    finally:
        (folder / upload.name).unlink()


def _joined(words: tuple[str, str]) -> str:
    return gettext("%(what)s。%(mending)s", what=words[0], mending=words[1])


def _page(material_id: uuid.UUID, form: FileForm | AddressForm | None = None) -> str:
    version = _newest(material_id)
    row = materials.material(session(), material_id)
    is_link = row.kind == MaterialKind.LINK
    if form is None:
        make: Callable[..., FileForm | AddressForm] = AddressForm if is_link else FileForm
        form = make(formdata=None)
    is_own = settings().separate_publisher and version.created_by == actor().person_id
    return flask.render_template(
        "content/reading.html",
        material=row,
        version=version,
        versions=queries.versions_of(session(), material_id),
        form=form,
        is_link=is_link,
        may_publish=can(version, "publish", actor()) and not row.archived_at and not is_own,
        kinds=text.MATERIAL_KINDS,
        states=text.STATES,
    )
