"""The office's pages of trainings and their runs."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.content.materials.queries import published_choices
from app.kernel import workflow
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web.paging import number, page_of
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.training.enrolment import queries as enrolments
from app.training.enrolment.text import PROGRESS
from app.training.plans import queries, service, text
from app.training.plans.forms import PeriodForm, RunForm, TrainingForm
from app.training.plans.models import Run
from app.training.plans.states import RunState

blueprint = flask.Blueprint("trainings", __name__)
OFFICE = having(Role.OFFICE)


@route(blueprint, "/trainings", may=OFFICE)
def trainings() -> ResponseReturnValue:
    """List the trainings."""
    words, state = flask.request.args.get("q", ""), flask.request.args.get("state", "")
    return flask.render_template(
        "training/trainings.html",
        page=page_of(session(), queries.trainings(words, state), queries.TrainingLine, number()),
        counts=queries.counts(session(), words),
        state=state,
        words=words,
        states=text.STATES,
    )


@route(blueprint, "/trainings/new", may=OFFICE)
def new_training() -> ResponseReturnValue:
    """Ask for a training."""
    return flask.render_template("training/new_training.html", form=TrainingForm())


@route(blueprint, "/trainings/new", may=OFFICE, method="POST")
def do_new_training() -> ResponseReturnValue:
    """Register a training."""
    form = TrainingForm()
    if form.validate():
        try:
            row = service.register(session(), form.key_of(), form.data_of(), by=actor(), now=now())
        except Refused as refusal:
            form.code.errors = [sentence(refusal.code, refusal.data)[0]]
        else:
            flask.flash(gettext("研修を登録しました。次に、実施回を登録してください。"), "success")
            return flask.redirect(flask.url_for("trainings.training", training_id=row.id), 303)
    return flask.render_template("training/new_training.html", form=form), 422


@route(blueprint, "/trainings/<uuid:training_id>", may=OFFICE)
def training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Show a training with its runs."""
    runs = queries.runs_of(session(), training_id)
    return flask.render_template(
        "training/training.html",
        training=queries.training(session(), training_id),
        runs=runs,
        numbers=enrolments.numbers(session(), [run.id for run in runs]),
        nobody=enrolments.Numbers(),
        states=text.STATES,
    )


@route(blueprint, "/trainings/<uuid:training_id>/runs/new", may=OFFICE)
def new_run(training_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a run."""
    return _ask_run(training_id, RunForm())


@route(blueprint, "/trainings/<uuid:training_id>/runs/new", may=OFFICE, method="POST")
def do_new_run(training_id: uuid.UUID) -> ResponseReturnValue:
    """Plan a run."""
    form = RunForm()
    _offer(form)
    if not form.validate():
        return _ask_run(training_id, form), 422
    run = service.plan(session(), training_id, form.key_of(), form.data_of(), by=actor(), now=now())
    flask.flash(gettext("実施回を登録しました。次に、受講者を登録してください。"), "success")
    return flask.redirect(flask.url_for("trainings.run", run_id=run.id), 303)


@route(blueprint, "/runs/<uuid:run_id>", may=OFFICE, audited=True)
def run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show a run: where it stands, its numbers, its people."""
    found = queries.run(session(), run_id)
    standing, words = flask.request.args.get("standing", ""), flask.request.args.get("q", "")
    section = flask.request.args.get("section", type=uuid.UUID)
    people = page_of(
        session(),
        enrolments.people(run_id, standing=standing, section_id=section, words=words.strip()),
        enrolments.Line,
        number(),
    )
    audit.record(
        session(),
        "run.viewed",
        by=actor().person_id,
        now=now(),
        subject=("run", run_id),
        details=audit.shown(
            (line.person_id for line in people.rows),
            total=people.total,
            q=words,
            section=section,
            standing=standing,
        ),
    )
    numbers = enrolments.numbers(session(), [run_id]).get(run_id, enrolments.Numbers())
    return flask.render_template(
        "training/run.html",
        run=found,
        steps=_steps(found),
        numbers=numbers,
        components=queries.components(session(), run_id),
        people=people,
        sections=enrolments.sections_of(session(), run_id),
        actions=_actions(run_id),
        primary=_primary(found.state, numbers.total),
        states=text.STATES,
        progress=PROGRESS,
    )


@route(blueprint, "/runs/<uuid:run_id>/period", may=OFFICE)
def period(run_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for other days."""
    found = queries.run(session(), run_id)
    return flask.render_template("training/period.html", run=found, form=PeriodForm(obj=found))


@route(blueprint, "/runs/<uuid:run_id>/period", may=OFFICE, method="POST")
def do_period(run_id: uuid.UUID) -> ResponseReturnValue:
    """Change a run's days and minutes."""
    form = PeriodForm()
    if not form.validate():
        found = queries.run(session(), run_id)
        return flask.render_template("training/period.html", run=found, form=form), 422
    service.reschedule(session(), run_id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("期間と所要時間を変更しました。"), "success")
    return flask.redirect(flask.url_for("trainings.run", run_id=run_id), 303)


@route(blueprint, "/runs/<uuid:run_id>/<action>", may=OFFICE, method="POST")
def act(run_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Take a run through one transition."""
    service.act(session(), run_id, action, by=actor(), now=now())
    flask.flash(str(text.DONE[action]), "success")
    return flask.redirect(flask.url_for("trainings.run", run_id=run_id), 303)


def _ask_run(training_id: uuid.UUID, form: RunForm) -> str:
    _offer(form)
    return flask.render_template(
        "training/new_run.html", training=queries.training(session(), training_id), form=form
    )


def _offer(form: RunForm) -> None:
    form.offer([(choice.material_id, choice.title) for choice in published_choices(session())])


def _steps(found: queries.RunLine) -> list[dict[str, object]]:
    """Return the life of a run as steps; a cancelled one stops where it was."""
    line = [RunState.DRAFT, RunState.OPEN, RunState.ENDED]
    if found.state == RunState.CANCELLED:
        line = [RunState.DRAFT, RunState.CANCELLED]
    here = line.index(RunState(found.state))
    ends = found.state in (RunState.ENDED, RunState.CANCELLED)
    at = "error" if found.state == RunState.CANCELLED else "done" if ends else "current"
    return [
        {
            "label": text.STATES[state][0],
            "state": "done" if place < here else "todo" if place > here else at,
            "note": text.STEP_NOTES.get(state) if place == here else None,
        }
        for place, state in enumerate(line)
    ]


def _actions(run_id: uuid.UUID) -> list[str]:
    """Return what the table lets the actor do with a run now."""
    row = session().get_one(Run, run_id)
    return [action for action in Run.transitions if workflow.can(row, action, actor())]


def _primary(state: str, people: int) -> str:
    """Return the one thing to do next: enrol, open, report."""
    if state == RunState.DRAFT:
        return "open" if people else "enrol"
    return "report" if state in (RunState.OPEN, RunState.ENDED) else ""
