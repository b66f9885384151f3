"""Pages that register a training, put it right, and keep the categories."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import Forbidden, Refused
from app.kernel.language import gettext
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import Rule, actor, everywhere, having
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.people.sections import queries as sections
from app.training.plans import access as plans_access
from app.training.plans import queries as plans
from app.training.plans.models import Training
from app.training.syllabus import queries, service
from app.training.syllabus.forms import CategoryForm, TrainingForm

blueprint = flask.Blueprint("syllabus", __name__)

PLANNING = having(*sorted(permission.PLANNING))
CATEGORIES = everywhere(Role.OFFICE)
WHOLE_TRAINING = {"training_id": "whole training"}
CATEGORY = {"category_id": "training_category"}


def _may_register() -> None:
    PLANNING.check()
    owners = permission.owners_of(actor())
    if owners is not None and not owners:
        raise Forbidden("whole_needed")


#: The whole office, and organisers for the sections they organise for.
REGISTERING = Rule("owning:" + "|".join(sorted(permission.PLANNING)), _may_register)


@route(blueprint, "/trainings/new", may=REGISTERING)
def new_training() -> ResponseReturnValue:
    """Ask for a training."""
    return flask.render_template("training/new_training.html", form=_form(None))


@route(blueprint, "/trainings/new", may=REGISTERING, method="POST")
def do_new_training() -> ResponseReturnValue:
    """Register a training."""
    form = _form(None)
    if form.validate():
        try:
            row = service.register(session(), form.key.key, form.data_of(), by=actor(), now=now())
        except Refused as refusal:
            form.code.errors = [sentence(refusal.code, refusal.data)[0]]
        else:
            flask.flash(gettext("研修を登録しました。次に、実施回を登録してください。"), "success")
            return flask.redirect(flask.url_for("trainings.training", training_id=row.id), 303)
    return flask.render_template("training/new_training.html", form=form), 422


@route(blueprint, "/trainings/<uuid:training_id>/edit", may=PLANNING, about=WHOLE_TRAINING)
def edit_training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a training as it should be."""
    plans_access.training(session(), actor(), training_id, whole=True)
    row = queries.training(session(), training_id)
    form = _form(row)
    form.category.data, form.owner.data = str(row.category_id or ""), str(row.owner_id or "")
    form.require([before.id for before in queries.required(session(), training_id)])
    return flask.render_template("training/edit_training.html", training=row, form=form)


@route(
    blueprint,
    "/trainings/<uuid:training_id>/edit",
    may=PLANNING,
    about=WHOLE_TRAINING,
    method="POST",
)
def do_edit_training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Put a training right."""
    plans_access.training(session(), actor(), training_id, whole=True)
    row = queries.training(session(), training_id)
    form = _form(row)
    if form.validate():
        try:
            service.change(session(), training_id, form.data_of(), by=actor(), now=now())
        except Refused as refusal:
            is_code = refusal.code == "training_code_taken"
            field = form.code if is_code else form.required_1
            field.errors = [sentence(refusal.code, refusal.data)[0]]
        else:
            flask.flash(gettext("研修の内容を変更しました。"), "success")
            return flask.redirect(flask.url_for("trainings.training", training_id=training_id), 303)
    return flask.render_template("training/edit_training.html", training=row, form=form), 422


@route(blueprint, "/trainings/categories", may=CATEGORIES)
def categories() -> ResponseReturnValue:
    """List the categories, and ask for another."""
    return _listed(CategoryForm())


@route(blueprint, "/trainings/categories", may=CATEGORIES, method="POST")
def add_category() -> ResponseReturnValue:
    """Add a category."""
    form = CategoryForm()
    if not form.validate():
        return _listed(form), 422
    try:
        service.add_category(session(), form.key.key, form.name_of(), by=actor(), now=now())
    except Refused as refusal:
        form.name.errors = [sentence(refusal.code, refusal.data)[0]]
        return _listed(form), 422
    flask.flash(gettext("区分を追加しました。"), "success")
    return flask.redirect(flask.url_for(".categories"), 303)


@route(blueprint, "/trainings/categories/<uuid:category_id>", may=CATEGORIES, about=CATEGORY)
def category(category_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for another name of a category."""
    found = queries.category(session(), category_id)
    return flask.render_template(
        "training/category.html", category=found, form=CategoryForm(obj=found)
    )


@route(
    blueprint,
    "/trainings/categories/<uuid:category_id>",
    may=CATEGORIES,
    about=CATEGORY,
    method="POST",
)
def rename_category(category_id: uuid.UUID) -> ResponseReturnValue:
    """Give a category another name."""
    found, form = queries.category(session(), category_id), CategoryForm()
    if form.validate():
        try:
            name = form.name_of()
            service.rename_category(session(), category_id, name, by=actor(), now=now())
        except Refused as refusal:
            form.name.errors = [sentence(refusal.code, refusal.data)[0]]
        else:
            flask.flash(gettext("区分の名前を変更しました。"), "success")
            return flask.redirect(flask.url_for(".categories"), 303)
    return flask.render_template("training/category.html", category=found, form=form), 422


@route(
    blueprint,
    "/trainings/categories/<uuid:category_id>/<action>",
    may=CATEGORIES,
    about={**CATEGORY, "action": ("up", "down", "delete")},
    method="POST",
)
def act_on_category(category_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Move a category in the lists, or delete one that is not used."""
    if action == "delete":
        name = service.delete_category(session(), category_id, by=actor(), now=now())
        flask.flash(gettext("区分「%(name)s」を削除しました。", name=name), "success")
    else:
        service.shift_category(session(), category_id, -1 if action == "up" else 1)
    return flask.redirect(flask.url_for(".categories"), 303)


def _listed(form: CategoryForm) -> str:
    rows = queries.categories(session())
    return flask.render_template("training/categories.html", rows=rows, form=form)


def _form(row: Training | None) -> TrainingForm:
    """Return the form of a training (None: a new one), with what the actor may choose."""
    form = TrainingForm(obj=row)
    form.offer(
        [(line.id, line.name) for line in queries.categories(session())],
        _owners(row),
        [choice for choice in plans.choices(session()) if row is None or choice[0] != row.id],
    )
    return form


def _owners(row: Training | None) -> list[tuple[uuid.UUID | None, str]]:
    """Return whom the actor may name as holding a training; whoever holds it now is among them."""
    own, kept = permission.owners_of(actor()), {row.owner_id} if row else set()
    office = (None, gettext("研修担当（研修管理者）"))
    found: list[tuple[uuid.UUID | None, str]] = [office] if own is None or None in kept else []
    return found + [
        (section.id, "　" * section.depth + section.name)
        for section in sections.tree(session(), now())
        if own is None or section.id in own or section.id in kept
    ]
