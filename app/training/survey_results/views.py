"""Pages of what surveys come to: a run's, all runs of a training, all trainings; and the texts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import groupby

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import exports, showing
from app.kernel.web.paging import number, page_of
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.learning.surveys.queries import in_words, sheets
from app.people.permission import access as permission
from app.training.offerings import queries as offerings
from app.training.offerings.models import Offering
from app.training.plans import access
from app.training.plans.models import Run, Training
from app.training.plans.queries import RunLine
from app.training.survey_results import queries, text
from app.training.survey_results.queries import LEAST, Named, Result
from content_packages.questions.sheet import SheetKind, SheetQuestion, Summary

blueprint = flask.Blueprint("survey_results", __name__)
PLANNING = having(*sorted(permission.PLANNING))
RUN = {"run_id": "whole run"}
TRAINING = {"training_id": "whole training"}


@route(blueprint, "/runs/<uuid:run_id>/survey", may=PLANNING, about=RUN, audited=True)
def run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a run's survey comes to: the one of `?item=`, else its first."""
    found, all_of_run = _of_run(run_id)
    shown = _chosen(all_of_run)
    if shown is not None:
        showing.note("survey.viewed", "run", run_id, {"count": len(shown.answers)})
    return flask.render_template(
        "training/survey_run.html",
        run=found,
        results=all_of_run,
        shown=shown,
        least=LEAST,
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        encodings=exports.ENCODINGS,
    )


@route(blueprint, "/runs/<uuid:run_id>/survey/answers", may=PLANNING, about=RUN, audited=True)
def answers(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what each person answered, where the answers have a name."""
    found, all_of_run = _of_run(run_id)
    shown = _chosen(all_of_run)
    rows: list[tuple[Named, list[tuple[str, str]]]] = []
    page = None
    if shown is not None:
        page = page_of(session(), queries.named(shown.place.item_id), Named, number())
        known = sheets(session(), {row.version_id for row in page.rows})
        rows = [(row, in_words(known[row.version_id], row.answers)) for row in page.rows]
        people = audit.shown((row.person_id for row in page.rows), total=page.total)
        showing.note("survey.answers_viewed", "run", run_id, people)
    return flask.render_template(
        "training/survey_answers.html", run=found, shown=shown, page=page, rows=rows
    )


@route(blueprint, "/runs/<uuid:run_id>/survey/texts.csv", may=PLANNING, about=RUN, audited=True)
def texts(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer what was written, a row a question and answer; with names where the answers have."""
    found, all_of_run = _of_run(run_id)
    exports.check()
    shown = _chosen(all_of_run)
    if shown is None:
        raise NotFound
    written = [each for each in shown.questions if each.kind is SheetKind.TEXT]
    columns, people = text.TEXT_COLUMNS, []
    rows: list[list[object]] = []
    if shown.group.named and not shown.group.anonymous:
        columns = (*text.NAME_COLUMNS, *columns)
        for each in session().execute(queries.named(shown.place.item_id)):
            who = Named(*each)
            people.append(who.person_id)
            rows += [
                [who.number, who.name, found.title, found.number, asked.text, who.answers[asked.id]]
                for asked in written
                if asked.id in who.answers
            ]
    else:
        for asked in _texts(shown.summaries):
            rows += [[found.title, found.number, asked.question.text, said] for said in asked.texts]
    return exports.answer(
        exports.Export(
            name=gettext(
                "アンケート_%(code)s_第%(number)s回.csv", code=found.code, number=found.number
            ),
            columns=map(str, columns),
            rows=rows,
            people=people,
            action="survey.named_texts_exported" if people else "survey.texts_exported",
            subject=("run", run_id),
            filters={},
        )
    )


@route(blueprint, "/trainings/<uuid:training_id>/surveys", may=PLANNING, about=TRAINING)
def training(training_id: uuid.UUID) -> ResponseReturnValue:
    """Compare what the surveys of a training's runs come to."""
    found = access.training(session(), actor(), training_id, whole=True)
    all_of_it = queries.results(session(), now(), Training.id == training_id)
    return flask.render_template(
        "training/survey_training.html",
        training=found,
        results=all_of_it,
        left_out=sum(result.left_out for result in all_of_it),
        questions=_compared(
            all_of_it, [(None, all_of_it), *((each, [each]) for each in all_of_it)]
        ),
        least=LEAST,
    )


@route(blueprint, "/survey-comparison", may=PLANNING)
def comparison() -> ResponseReturnValue:
    """Compare trainings of a year by the questions that all of them ask."""
    year = flask.request.args.get("year", type=int) or clock.fiscal_year(clock.today(now()))
    found = queries.results(
        session(),
        now(),
        Offering.fiscal_year == year,
        access.of_actor(actor(), permission.PLANNING, whole=True),
    )
    by_training = [
        (each, list(them)) for each, them in groupby(found, lambda one: one.place.training_id)
    ]
    common = queries.common_ids(found)
    return flask.render_template(
        "training/survey_comparison.html",
        year=year,
        years=sorted({*offerings.years(session()), year}, reverse=True),
        results=found,
        left_out=sum(result.left_out for result in found),
        questions=[
            each
            for each in _compared(found, [(them[0], them) for _, them in by_training])
            if each[0].id in common
        ],
        least=LEAST,
    )


def _of_run(run_id: uuid.UUID) -> tuple[RunLine, list[Result]]:
    found, _ = access.planned(session(), actor(), run_id, whole=True)
    return found, queries.results(session(), now(), Run.id == run_id)


def _chosen(found: Sequence[Result]) -> Result | None:
    """Return the result that the address names, else the first; None where a run has no survey."""
    wanted = flask.request.args.get("item", type=uuid.UUID)
    named = [result for result in found if result.place.item_id == wanted]
    return next(iter([*named, *found]), None)


def _texts(found: Sequence[Summary]) -> list[Summary]:
    return [each for each in found if each.question.kind is SheetKind.TEXT]


def _compared(
    found: Sequence[Result], rows: Sequence[tuple[Result | None, Sequence[Result]]]
) -> list[tuple[SheetQuestion, list[tuple[Result | None, Summary]]]]:
    """Return each question that can be counted, with what each row of results says to it."""
    questions = [
        each.question for each in queries.total(found) if each.question.kind is not SheetKind.TEXT
    ]
    said = [(head, {each.question.id: each for each in queries.total(them)}) for head, them in rows]
    return [
        (
            question,
            [(head, known[question.id]) for head, known in said if question.id in known],
        )
        for question in questions
    ]
