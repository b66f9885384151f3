"""The office's pages of trainings and their runs."""

from __future__ import annotations

import uuid
from datetime import date

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.content.materials.queries import published_choices
from app.kernel import clock, workflow
from app.kernel.audit import service as audit
from app.kernel.errors import Forbidden, NotFound
from app.kernel.language import gettext
from app.kernel.open_days import open_days
from app.kernel.web import filters, showing
from app.kernel.web.paging import Page, number, page_of
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.access import Subject
from app.people.permission.models import Role
from app.training.catalogue import queries as catalogue
from app.training.catalogue.text import PROVIDERS
from app.training.enrolment import queries as enrolments
from app.training.enrolment.text import PROGRESS
from app.training.offerings import queries as offerings
from app.training.plans import access, queries, service, text
from app.training.plans.forms import PeriodForm, RunForm
from app.training.plans.models import Run
from app.training.plans.states import RunState
from app.training.roster import queries as roster

blueprint = flask.Blueprint("trainings", __name__)
#: Who looks at trainings and the people in them, and who plans them.
LOOKING = having(*sorted(access.LOOKING))
PLANNING = having(*sorted(permission.PLANNING))

TRAINING = {"training_id": "training"}
WHOLE_TRAINING = {"training_id": "whole training"}
RUN = {"run_id": "run"}
WHOLE_RUN = {"run_id": "whole run"}


@route(blueprint, "/trainings", may=LOOKING)
def trainings() -> ResponseReturnValue:
    """List the trainings."""
    words, state = flask.request.args.get("q", ""), flask.request.args.get("state", "")
    visible = access.visible(actor())
    lines = queries.trainings(words, state, visible=visible)
    return flask.render_template(
        "training/trainings.html",
        page=page_of(session(), lines, queries.TrainingLine, number()),
        counts=queries.counts(session(), words, visible=visible),
        may_add=permission.owners_of(actor()) != frozenset(),
        may_plan=bool(actor().roles & permission.PLANNING),
        may_sort=permission.sections_of(actor(), Role.OFFICE) is None,
        state=state,
        words=words,
        states=text.STATES,
    )


@route(blueprint, "/trainings/<uuid:training_id>", may=LOOKING, about=TRAINING)
def training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Show a training with its runs."""
    found = access.training(session(), actor(), training_id)
    runs = queries.runs_of(session(), training_id)
    return flask.render_template(
        "training/training.html",
        training=found,
        nature=catalogue.nature(session(), training_id, clock.today(now())),
        providers=PROVIDERS,
        offerings=offerings.of_training(session(), training_id),
        runs=runs,
        may_plan=_plans(found.subject),
        numbers=enrolments.numbers(session(), [run.id for run in runs], clock.today(now())),
        nobody=enrolments.Numbers(),
        states=text.STATES,
    )


@route(blueprint, "/trainings/<uuid:training_id>/runs/new", may=PLANNING, about=WHOLE_TRAINING)
def new_run(training_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a run."""
    access.training(session(), actor(), training_id, whole=True)
    return _ask_run(training_id, RunForm())


@route(
    blueprint,
    "/trainings/<uuid:training_id>/runs/new",
    may=PLANNING,
    about=WHOLE_TRAINING,
    method="POST",
)
def do_new_run(training_id: uuid.UUID) -> ResponseReturnValue:
    """Plan a run."""
    access.training(session(), actor(), training_id, whole=True)
    form = RunForm()
    _offer(form)
    if not form.validate():
        return _ask_run(training_id, form), 422
    run = service.plan(session(), training_id, form.key.key, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("実施回を登録しました。次に、受講者を登録してください。"), "success")
    _warn_of_closed_day(run.learn_until)
    return flask.redirect(flask.url_for("trainings.run", run_id=run.id), 303)


@route(blueprint, "/runs/<uuid:run_id>", may=LOOKING, about=RUN, audited=True)
def run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show a run: where it stands, its numbers, its people."""
    found, reach = access.run(session(), actor(), run_id)
    reached = reach.of_person(clock.today(now()))
    people = _people(run_id, reached)
    shown = audit.shown(
        (line.person_id for line in people.rows),
        total=people.total,
        q=flask.request.args.get("q", ""),
        section=flask.request.args.get("section", type=uuid.UUID),
        standing=flask.request.args.get("standing", ""),
    )
    showing.note("run.viewed", "run", run_id, shown)
    numbers = enrolments.numbers(session(), [run_id], clock.today(now()), reached=reached).get(
        run_id, enrolments.Numbers()
    )
    may_plan = _plans(found.subject)
    may_enrol = bool(actor().roles & permission.PLANNING)
    return flask.render_template(
        "training/run.html",
        run=found,
        steps=_steps(found),
        numbers=numbers,
        components=queries.components(session(), run_id),
        people=people,
        sections=roster.sections_of(session(), run_id, clock.today(now())),
        actions=_actions(run_id) if may_plan else [],
        may_plan=may_plan,
        may_enrol=may_enrol,
        may_see_materials=bool(actor().roles & {Role.OFFICE, Role.AUTHOR}),
        primary=_primary(found.state, numbers.total, may_plan=may_plan, may_enrol=may_enrol),
        states=text.STATES,
        progress=PROGRESS,
    )


@route(blueprint, "/runs/<uuid:run_id>/period", may=PLANNING, about=WHOLE_RUN)
def period(run_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for other days."""
    found, _ = access.planned(session(), actor(), run_id, whole=True)
    return flask.render_template("training/period.html", run=found, form=PeriodForm(obj=found))


@route(blueprint, "/runs/<uuid:run_id>/period", may=PLANNING, about=WHOLE_RUN, method="POST")
def do_period(run_id: uuid.UUID) -> ResponseReturnValue:
    """Change a run's days and minutes."""
    found, _ = access.planned(session(), actor(), run_id, whole=True)
    form = PeriodForm()
    if not form.validate():
        return flask.render_template("training/period.html", run=found, form=form), 422
    service.reschedule(session(), run_id, form.data_of(), by=actor(), now=now())
    flask.flash(gettext("期間と所要時間を変更しました。"), "success")
    _warn_of_closed_day(form.learn_until.data)
    return flask.redirect(flask.url_for("trainings.run", run_id=run_id), 303)


@route(
    blueprint,
    "/runs/<uuid:run_id>/<action>",
    may=PLANNING,
    about={**WHOLE_RUN, "action": tuple(Run.transitions)},
    method="POST",
)
def act(run_id: uuid.UUID, action: str) -> ResponseReturnValue:
    """Take a run through one transition."""
    access.planned(session(), actor(), run_id, whole=True)
    service.act(session(), run_id, action, by=actor(), now=now())
    flask.flash(str(text.DONE[action]), "success")
    return flask.redirect(flask.url_for("trainings.run", run_id=run_id), 303)


def _ask_run(training_id: uuid.UUID, form: RunForm) -> str:
    _offer(form)
    return flask.render_template(
        "training/new_run.html", training=queries.training(session(), training_id), form=form
    )


def _warn_of_closed_day(until: date) -> None:
    """Say so where nobody can be asked on the last day."""
    days = open_days(settings().holidays)
    if not days.is_open(until):
        told = gettext(
            "受講の期限の%(until)sは閉庁日です。その前の開庁日は%(before)sです。",
            until=filters.day(until),
            before=filters.day(days.before(until)),
        )
        flask.flash(told, "warning")


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


def _people(run_id: uuid.UUID, reached: sa.ColumnElement[bool]) -> Page[roster.Line]:
    """Return a page of those of a run whom the actor reaches."""
    asked = flask.request.args
    query = roster.people(
        run_id,
        clock.today(now()),
        reached=reached,
        standing=asked.get("standing", ""),
        section_id=asked.get("section", type=uuid.UUID),
        words=asked.get("q", "").strip(),
    )
    return page_of(session(), query, roster.Line, number())


def _plans(subject: Subject) -> bool:
    """Whether the actor may change a training and its runs for all its people."""
    try:
        permission.reach(actor(), permission.PLANNING, subject, whole=True)
    except (NotFound, Forbidden):
        return False
    return True


def _actions(run_id: uuid.UUID) -> list[str]:
    """Return what the table lets the actor do with a run now."""
    row = session().get_one(Run, run_id)
    return [action for action in Run.transitions if workflow.can(row, action, actor())]


def _primary(state: str, people: int, *, may_plan: bool, may_enrol: bool) -> str:
    """Return the one thing to do next, of what the actor may: enrol, open, report."""
    if state == RunState.DRAFT:
        return ("open" if may_plan else "") if people else ("enrol" if may_enrol else "")
    return "report" if may_enrol and state in (RunState.OPEN, RunState.ENDED) else ""
