"""The office's pages to plan a run, and to change what is said of it."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.materials.queries import published_choices
from app.kernel import clock
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.open_days import open_days
from app.kernel.web import filters
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.life import service as life
from app.training.offerings.models import Offering
from app.training.planning import forms, text
from app.training.planning.forms import RunForm
from app.training.plans import access, service
from app.training.plans import queries as plans
from app.training.plans.queries import RunLine
from app.training.plans.service import RunData
from app.training.plans.states import RunState
from app.training.plans.text import KINDS
from app.training.runs import queries

blueprint = flask.Blueprint("planning", __name__)
PLANNING = having(*sorted(permission.PLANNING))

WHOLE_TRAINING = {"training_id": "whole training"}
WHOLE_RUN = {"run_id": "whole run"}


@route(blueprint, "/trainings/<uuid:training_id>/runs/new", may=PLANNING, about=WHOLE_TRAINING)
def new_run(training_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a run."""
    access.training(session(), actor(), training_id, whole=True)
    return _ask_run(training_id, forms.blank())


@route(
    blueprint,
    "/trainings/<uuid:training_id>/runs/new",
    may=PLANNING,
    about=WHOLE_TRAINING,
    method="POST",
)
def do_new_run(training_id: uuid.UUID) -> ResponseReturnValue:
    """Plan a run; its other buttons show the form again, with all that was written."""
    access.training(session(), actor(), training_id, whole=True)
    form, is_shown_again = forms.sent(flask.request.form)
    if is_shown_again:
        return _ask_run(training_id, form)
    _offer(form)
    if not form.validate():
        return _ask_run(training_id, form), 422
    data = form.data_of()
    row = service.plan(
        session(), training_id, form.key.key, data, by=actor(), now=now(), days=form.days
    )
    offering = session().get_one(Offering, row.offering_id)
    flask.flash(str(text.planned(row, offering)), "success")
    _warn_of_closed_days(form)
    return flask.redirect(flask.url_for("runs.run", run_id=row.id), 303)


@route(blueprint, "/runs/<uuid:run_id>/edit", may=PLANNING, about=WHOLE_RUN)
def edit(run_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for all that is said of a run, as it should be."""
    found, _ = access.planned(session(), actor(), run_id, whole=True)
    data = queries.said(session(), run_id)
    return _ask_again(found, forms.of(data), data)


@route(blueprint, "/runs/<uuid:run_id>/edit", may=PLANNING, about=WHOLE_RUN, method="POST")
def do_edit(run_id: uuid.UUID) -> ResponseReturnValue:
    """Change what is said of a run; one that was put off goes on where that was asked for."""
    found, _ = access.planned(session(), actor(), run_id, whole=True)
    data, goes_on = queries.said(session(), run_id), flask.request.form.get("do") == "resume"
    form, is_shown_again = forms.sent(flask.request.form)
    if is_shown_again:
        return _ask_again(found, form, data)
    _offer(form, data, is_fixed=found.state != RunState.DRAFT)
    if not (form.validate() and _lies_ahead(form, goes_on=goes_on) and _written(run_id, form)):
        return _ask_again(found, form, data), 422
    if goes_on:
        life.act(session(), run_id, "resume", by=actor(), now=now())
    told = (
        gettext("実施回を変更し、延期を解きました。")
        if goes_on
        else gettext("実施回を変更しました。")
    )
    flask.flash(told, "success")
    _warn_of_closed_days(form)
    return flask.redirect(flask.url_for("runs.run", run_id=run_id), 303)


def _written(run_id: uuid.UUID, form: RunForm) -> bool:
    """Write what was entered, or say in the form why it cannot be; then nothing was written."""
    try:
        with session().begin_nested():
            data = form.data_of()
            done = life.reschedule(session(), run_id, data, form.days, by=actor(), now=now())
    except Refused as refused:
        told = sentence(refused.code, refused.data)[0]
        if refused.code == "capacity_below":
            form.capacity_max.errors = [told]
        else:
            form.form_errors.append(told)
        return False
    if done.is_told:
        flask.flash(gettext("日程や会場が変わったことを、受講者に知らせます。"), "info")
    if done.is_ordered:
        told = gettext(
            "研修命令は、前の日程・会場のままです。変更命令は、研修命令のページから出せます。"
        )
        flask.flash(told, "warning")
    return True


def _lies_ahead(form: RunForm, *, goes_on: bool) -> bool:
    """Whether a run that is to go on has a day left, and otherwise say so at its last day."""
    if goes_on and clock.days_left(form.data_of().period[1], now()) < 0:
        form.learn_until.errors = [gettext("これからの日を入力してください。")]
        return False
    return True


def _ask_run(training_id: uuid.UUID, form: RunForm) -> str:
    _offer(form)
    return flask.render_template(
        "training/new_run.html",
        training=plans.training(session(), training_id),
        form=form,
        opened=forms.rows_open(form),
    )


def _ask_again(found: RunLine, form: RunForm, data: RunData) -> str:
    _offer(form, data, is_fixed=found.state != RunState.DRAFT)
    return flask.render_template(
        "training/edit_run.html", run=found, form=form, opened=forms.rows_open(form), kinds=KINDS
    )


def _offer(form: RunForm, data: RunData | None = None, *, is_fixed: bool = False) -> None:
    """Let a form have the materials that are published, and those that the run has already."""
    offered = {choice.material_id: choice.title for choice in published_choices(session())}
    if data is not None:
        offered |= dict(queries.titles(session(), data))
    form.offer(list(offered.items()), open_days(settings().holidays), is_fixed=is_fixed)
    form.exams = queries.exams(session(), offered)


def _warn_of_closed_days(form: RunForm) -> None:
    """Say so where nobody can be asked on a day that was named."""
    for _, meaning in form.meanings():
        if meaning.open_before and meaning.until:
            told = gettext(
                "%(label)sの%(until)sは閉庁日です。その前の開庁日は%(before)sです。",
                label=meaning.label,
                until=filters.day(clock.today(meaning.until)),
                before=filters.day(meaning.open_before),
            )
            flask.flash(told, "warning")
