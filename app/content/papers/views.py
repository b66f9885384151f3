"""An author's pages of a test: the test with its questions, and what is done to it."""

from __future__ import annotations

import uuid
from dataclasses import replace

import flask
from flask.typing import ResponseReturnValue

from app.content.banks import queries as banks
from app.content.materials.forms import TitleForm
from app.content.materials.text import STATES
from app.content.papers import access, queries, service, text
from app.content.papers.forms import NewForm, RulesForm, SectionForm
from app.content.questions import forms
from app.content.questions.forms import QuestionForm
from app.content.questions.text import KIND_HINTS, KINDS, short
from app.kernel import db
from app.kernel.errors import NotFound, Refused
from app.kernel.language import gettext
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.kernel.workflow import can
from app.people.permission.models import Role
from content_packages.questions.paper import Section

AUTHORS = having(Role.AUTHOR, Role.OFFICE)
TEST = {"material_id": "material"}
VERSION = {"version_id": "material_version"}

#: `papers` are the office's printed papers; these are tests.
blueprint = flask.Blueprint("test_papers", __name__, url_prefix="/tests")


@route(blueprint, "/new", may=AUTHORS)
def new() -> ResponseReturnValue:
    """Ask for a test's name."""
    return flask.render_template("content/new_test.html", form=NewForm())


@route(blueprint, "/new", may=AUTHORS, method="POST")
def make() -> ResponseReturnValue:
    """Make a test, with a draft to write on."""
    form = NewForm()
    if form.validate():
        try:
            name = form.title.data or ""
            row = service.make(session(), form.key.key, name, by=actor(), now=now())
        except Refused as refusal:
            form.title.errors = [" ".join(sentence(refusal.code, refusal.data))]
        else:
            flask.flash(
                gettext("テストの下書きを作りました。次に、問題を加えてください。"), "success"
            )
            return _to(row.id)
    return flask.render_template("content/new_test.html", form=form), 422


@route(blueprint, "/<uuid:material_id>", may=AUTHORS, about=TEST)
def paper(material_id: uuid.UUID) -> ResponseReturnValue:
    """Show a test, by its newest version or by `?version=` of it."""
    shown = queries.detail(session(), material_id, flask.request.args.get("version", type=int))
    form = TitleForm(formdata=None)
    form.title.data = shown.title
    version = access.version(session(), shown.shown.id)
    is_author = settings().separate_publisher and version.created_by == actor().person_id
    return flask.render_template(
        "content/test.html",
        test=shown,
        form=form,
        asked_of=queries.asked_of,
        may_publish=can(version, "publish", actor())
        and not (shown.archived_at or shown.errors or is_author),
        may_retire=can(version, "retire", actor()),
        is_author=is_author,
        states=STATES,
        severities=text.SEVERITIES,
        feedback=text.FEEDBACK,
        fault=text.fault,
        place=text.place,
        kinds=KINDS,
        short=short,
    )


@route(blueprint, "/<uuid:material_id>/rules", may=AUTHORS, about=TEST)
def rules(material_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the rules of a test."""
    shown = queries.detail(session(), material_id)
    form = RulesForm(formdata=None)
    form.fill(shown.paper.rules)
    return flask.render_template("content/test_rules.html", test=shown, form=form)


@route(blueprint, "/<uuid:material_id>/rules", may=AUTHORS, about=TEST, method="POST")
def set_rules(material_id: uuid.UUID) -> ResponseReturnValue:
    """Say how a test is sat."""
    access.exam(session(), material_id)
    form = RulesForm()
    if not form.validate():
        shown = queries.detail(session(), material_id)
        return flask.render_template("content/test_rules.html", test=shown, form=form), 422
    service.set_rules(session(), material_id, form.data_of(), by=actor(), now=now())
    return _written(material_id)


@route(blueprint, "/<uuid:material_id>/section", may=AUTHORS, about=TEST)
def section(material_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a section: a new one, or `?section=` as it should be."""
    shown = queries.detail(session(), material_id)
    form = SectionForm(formdata=None)
    key = flask.request.args.get("section")
    if key:
        form.fill(_section(shown, key))
    return _ask_section(shown, form)


@route(blueprint, "/<uuid:material_id>/section", may=AUTHORS, about=TEST, method="POST")
def put_section(material_id: uuid.UUID) -> ResponseReturnValue:
    """Add a section, or say anew what it is."""
    shown, form = queries.detail(session(), material_id), SectionForm()
    if form.section.data:
        _section(shown, form.section.data)
    _offer(form, shown)
    if form.validate():
        made = form.data_of(form.section.data or str(db.new_id()))
        try:
            service.put_section(session(), material_id, made, by=actor(), now=now())
        except Refused as refusal:
            form.bank.errors = [" ".join(sentence(refusal.code, refusal.data))]
        else:
            return _written(material_id, made.id)
    return _ask_section(shown, form), 422


@route(
    blueprint,
    "/<uuid:material_id>/section/<any(up, down, delete):action>",
    may=AUTHORS,
    about={**TEST, "action": ("up", "down", "delete")},
    method="POST",
)
def act_on_section(material_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Move a section, or take it out."""
    key = flask.request.form.get("section", "")
    if action == "delete":
        service.remove_section(session(), material_id, key, by=actor(), now=now())
        flask.flash(gettext("大問を削除しました。"), "success")
        return _to(material_id)
    places = -1 if action == "up" else 1
    service.shift_section(session(), material_id, key, places, by=actor(), now=now())
    return _to(material_id, key)


@route(blueprint, "/<uuid:material_id>/question", may=AUTHORS, about=TEST)
def question(material_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a question: `?question=` as it should be, or a new one of `?section=`."""
    shown = queries.detail(session(), material_id)
    key = flask.request.args.get("question")
    if key:
        where = service.section_of(shown.paper, key)
        return _ask(shown, where, forms.of(shown.paper.questions[key]), key)
    where = _section(shown, flask.request.args.get("section", ""))
    kind = flask.request.args.get("kind", "")
    if kind:
        return _ask(shown, where, forms.blank(kind))
    return flask.render_template(
        "content/test_kinds.html", test=shown, section=where, kinds=KINDS, hints=KIND_HINTS
    )


@route(blueprint, "/<uuid:material_id>/question", may=AUTHORS, about=TEST, method="POST")
def put_question(material_id: uuid.UUID) -> ResponseReturnValue:
    """Add a question or write one anew; other buttons show the form again, as it was written."""
    shown = queries.detail(session(), material_id)
    key = flask.request.args.get("question")
    if key:
        where = service.section_of(shown.paper, key)
    else:
        where = _section(shown, flask.request.args.get("section", ""))
    form, is_shown_again = forms.sent(flask.request.form)
    if is_shown_again:
        return _ask(shown, where, form, key)
    if not form.validate():
        return _ask(shown, where, form, key), 422
    said = replace(form.question(), id=key or str(form.key.key))
    service.put_question(session(), material_id, where.id, said, by=actor(), now=now())
    return _written(material_id, where.id)


@route(
    blueprint,
    "/<uuid:material_id>/question/<any(up, down, delete):action>",
    may=AUTHORS,
    about={**TEST, "action": ("up", "down", "delete")},
    method="POST",
)
def act_on_question(material_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Move a question in its section, or take it out."""
    key = flask.request.form.get("question", "")
    if action == "delete":
        service.remove_question(session(), material_id, key, by=actor(), now=now())
        flask.flash(gettext("問題を削除しました。公開中の版の問題は変わりません。"), "success")
        return _to(material_id)
    places = -1 if action == "up" else 1
    service.shift_question(session(), material_id, key, places, by=actor(), now=now())
    return _to(material_id, flask.request.form.get("section"))


@route(blueprint, "/versions/<uuid:version_id>/publish", may=AUTHORS, about=VERSION, method="POST")
def publish(version_id: uuid.UUID) -> ResponseReturnValue:
    """Publish a version with the questions of its banks; the one published before is retired."""
    version = service.publish(
        session(),
        version_id,
        by_another=settings().separate_publisher,
        by=actor(),
        now=now(),
    )
    flask.flash(
        gettext("第%(number)s版を公開しました。研修で選べます。", number=version.number), "success"
    )
    return _to(version.material_id)


def _to(material_id: uuid.UUID, section_id: str | None = None) -> ResponseReturnValue:
    anchor = f"section-{section_id}" if section_id else None
    return flask.redirect(flask.url_for(".paper", material_id=material_id, _anchor=anchor), 303)


def _written(material_id: uuid.UUID, section_id: str | None = None) -> ResponseReturnValue:
    flask.flash(gettext("下書きに保存しました。公開するまで、受験者には示しません。"), "success")
    return _to(material_id, section_id)


def _section(shown: queries.Detail, key: str) -> Section:
    found = next((each for each in shown.paper.sections if each.id == key), None)
    if found is None:
        raise NotFound
    return found


def _offer(form: SectionForm, shown: queries.Detail) -> None:
    """Let every bank in use be chosen, and the one that is chosen already."""
    used = [(key, pool.name) for key, pool in shown.banks.items() if key == form.bank.data]
    open_ones = [(str(each.id), each.name) for each in banks.choices(session())]
    form.offer(dict([*used, *open_ones]).items())


def _ask_section(shown: queries.Detail, form: SectionForm) -> str:
    _offer(form, shown)
    return flask.render_template("content/test_section.html", test=shown, form=form)


def _ask(shown: queries.Detail, where: Section, form: QuestionForm, key: str | None = None) -> str:
    return flask.render_template(
        "content/test_question.html",
        test=shown,
        section=where,
        form=form,
        question_id=key,
        kinds=KINDS,
    )
