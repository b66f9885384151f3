"""The office's pages of marking by hand: what waits, one sitting, and the essays as a file."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue
from wtforms import Field

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import exports, filters, showing
from app.kernel.web.addresses import is_local
from app.kernel.web.paging import number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.learning.exams import queries as exams
from app.learning.exams import service as sitting_service
from app.learning.exams.models import Sitting
from app.learning.marking import service
from app.learning.records import access as records
from app.people.permission.access import PLANNING
from app.training.marking import access, forms, queries, text
from app.training.marking.forms import MarkingForm
from app.training.marking.queries import Essay
from app.training.plans import access as plans
from content_packages.questions.item import Question

blueprint = flask.Blueprint("marking", __name__)
PLANNERS = having(*sorted(PLANNING))
RUN = {"run_id": "run"}
SITTING = {"sitting_id": "sitting"}
Row = tuple[int, Question, Field]


@route(blueprint, "/marking", may=PLANNERS)
def waiting() -> ResponseReturnValue:
    """Show which runs have sittings that wait for a hand."""
    visible = plans.of_actor(actor(), PLANNING)
    found = queries.waiting(session(), visible)
    return flask.render_template("training/marking.html", waiting=found)


@route(blueprint, "/runs/<uuid:run_id>/marking", may=PLANNERS, about=RUN, audited=True)
def of_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show the sittings of a run that wait, or those that were marked by hand."""
    found, reach = plans.planned(session(), actor(), run_id)
    today = clock.today(now())
    reached = reach.of_person(today)
    is_marked = flask.request.args.get("view") == "marked"
    query = queries.lines(run_id, today, reached, is_marked=is_marked)
    page = page_of(session(), query, queries.Line, number())
    people = (line.person_id for line in page.rows)
    showing.note("sittings.listed", "run", run_id, audit.shown(people, total=page.total))
    return flask.render_template(
        "training/marking_run.html",
        run=found,
        page=page,
        is_marked=is_marked,
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
    )


@route(blueprint, "/runs/<uuid:run_id>/essays.csv", may=PLANNERS, about=RUN, audited=True)
def essays_file(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the essays of a run as a file, a row an answer."""
    found, reach = plans.planned(session(), actor(), run_id)
    exports.check()
    today = clock.today(now())
    essays = list(queries.essays(session(), run_id, today, reach.of_person(today)))
    return exports.answer(
        exports.Export(
            name=gettext(
                "記述の解答_%(code)s_第%(number)s回.csv", code=found.code, number=found.number
            ),
            columns=map(str, text.COLUMNS),
            rows=map(_row, essays),
            people={essay.person_id for essay in essays},
            action="essays.exported",
            subject=("run", run_id),
            filters={},
        )
    )


def _row(essay: Essay) -> list[object]:
    return [
        essay.number,
        essay.name,
        essay.section,
        essay.material,
        essay.sitting_number,
        essay.place,
        essay.question,
        essay.answer,
        filters.number(essay.points, 2),
        filters.number(essay.most, 2),
    ]


@route(blueprint, "/sittings/<uuid:sitting_id>/marking", may=PLANNERS, about=SITTING, audited=True)
def sitting(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the essays of a sitting, with what a model answer would be."""
    row = access.sitting(session(), actor(), sitting_id, now())
    form, rows = forms.of(service.for_hand(session(), row), row.marks)
    showing.note("sitting.viewed", "sitting", row.id, audit.shown([row.person_id]))
    return _ask(row, form, rows)


@route(blueprint, "/sittings/<uuid:sitting_id>/marking", may=PLANNERS, about=SITTING, method="POST")
def mark(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Give points for the essays of a sitting, and go on to the next one where that is asked."""
    row = access.sitting(session(), actor(), sitting_id, now())
    form, rows = forms.of(service.for_hand(session(), row), row.marks)
    if not forms.check(form, rows):
        return _ask(row, form, rows), 422
    points = {question.id: field.data for _, question, field in rows}
    service.mark(session(), row.id, points, by=actor(), now=now())
    place = queries.place(session(), row.id)
    told = gettext("%(name)sさんのテストを採点しました。", name=place.name)
    flask.flash(told, "success")
    return flask.redirect(_after(row, place.run_id), 303)


def _after(row: Sitting, run_id: uuid.UUID) -> str:
    """Return where it goes on: the sitting that waits behind this one, or the run's list."""
    if flask.request.form.get("then") == "next":
        _, reach = plans.planned(session(), actor(), run_id)
        reached = reach.of_person(clock.today(now()))
        following = queries.next_waiting(session(), run_id, row, reached)
        if following is not None:
            return flask.url_for(".sitting", sitting_id=following)
    return flask.url_for(".of_run", run_id=run_id)


def _ask(row: Sitting, form: MarkingForm, rows: list[Row]) -> str:
    return flask.render_template(
        "training/marking_sitting.html",
        sitting=row,
        place=queries.place(session(), row.id),
        form=form,
        rows=rows,
        answers=row.answers,
        rules=exams.paper(session(), row.version_id).rules,
    )


@route(
    blueprint,
    "/records/<uuid:record_id>/sittings",
    may=PLANNERS,
    about={"record_id": "learner_record"},
    method="POST",
)
def allow(record_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody sit a test once more."""
    records.record(session(), actor(), record_id, now())
    sitting_service.allow_another(session(), record_id, by=actor(), now=now())
    flask.flash(gettext("もう1回受験できるようにしました。"), "success")
    back = flask.request.form.get("back", "")
    home = flask.url_for("home.home")
    return flask.redirect(back if is_local(back) else home, 303)
