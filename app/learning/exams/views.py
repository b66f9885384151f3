"""The learner's pages of a test: before it, while it is sat, and afterwards."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor
from app.learning.exams import access, forms, queries, service, text
from app.learning.exams.models import Sitting
from app.learning.records import access as records
from app.learning.records.access import Assigned
from app.learning.records.models import LearnerRecord
from content_packages.questions.item import MARKER, choices

blueprint = flask.Blueprint("exams", __name__)
RECORD = {"record_id": "own learner_record"}
SITTING = {"sitting_id": "own sitting"}


@route(blueprint, "/exams/<uuid:record_id>", may=SIGNED_IN, about=RECORD)
def exam(record_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a test is, how often it may be sat, and what came of it so far."""
    record = records.own(session(), actor(), record_id)
    assigned = records.assigned(session(), record, now())
    found = queries.exam(session(), record)
    refusal = assigned.refusal
    return flask.render_template(
        "learning/exam.html",
        record=record,
        exam=found,
        assigned=assigned,
        refusal=sentence(refusal.code, refusal.data) if refusal else None,
        feedback=text.FEEDBACK,
        is_over=bool(found and found.open and queries.is_over(found.open, now())),
    )


@route(blueprint, "/exams/<uuid:record_id>", may=SIGNED_IN, about=RECORD, method="POST")
def begin(record_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a sitting, or go on with the one that is open."""
    record = records.own(session(), actor(), record_id)
    assigned = records.to_take(session(), record, now())
    row = service.begin(session(), record_id, assigned, by=actor(), now=now())
    return flask.redirect(flask.url_for(".sitting", sitting_id=row.id), 303)


@route(blueprint, "/sittings/<uuid:sitting_id>", may=SIGNED_IN, about=SITTING)
def sitting(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the questions with the answers so far; or that its time is over."""
    row = access.own(session(), actor(), sitting_id)
    if row.submitted_at is not None:
        return flask.redirect(flask.url_for(".result", sitting_id=row.id))
    whose = _kept_for(row)
    if queries.is_over(row, now()):
        return flask.render_template("learning/sitting_over.html", sitting=row, assigned=whose)
    return flask.render_template(
        "learning/sitting.html",
        sitting=row,
        assigned=whose,
        asked=queries.asked(session(), row),
        left=_seconds_left(row),
        choices=choices,
        marker=MARKER,
        unanswered=queries.unanswered(session(), row),
    )


@route(blueprint, "/sittings/<uuid:sitting_id>", may=SIGNED_IN, about=SITTING, method="POST")
def save(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the page's form says; go on, or go to hand it in."""
    row = access.own(session(), actor(), sitting_id)
    if not queries.takes_answers(row, now()):
        return flask.redirect(flask.url_for(".sitting", sitting_id=row.id), 303)
    known = queries.paper(session(), row.version_id).questions
    questions = [known[name] for name in row.drawn]
    answers = forms.answers_of(questions, flask.request.form)
    service.save(session(), row.id, answers, now=now())
    if flask.request.form.get("then") == "submit":
        return flask.redirect(flask.url_for(".confirm", sitting_id=row.id), 303)
    flask.flash(gettext("解答を保存しました。"), "success")
    return flask.redirect(flask.url_for(".sitting", sitting_id=row.id), 303)


@route(
    blueprint, "/sittings/<uuid:sitting_id>/answers", may=SIGNED_IN, about=SITTING, method="POST"
)
def answers(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the page's script sends; say whether it is kept, and how long is left."""
    access.own(session(), actor(), sitting_id)
    sent = forms.saving(flask.request)
    row, is_taken = service.save(
        session(), sitting_id, sent.answers, now=now(), sequence=sent.sequence
    )
    return flask.jsonify(sequence=row.sequence, taken=is_taken, left=_seconds_left(row))


@route(blueprint, "/sittings/<uuid:sitting_id>/submit", may=SIGNED_IN, about=SITTING)
def confirm(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more before a sitting is handed in: what has no answer yet."""
    row = access.own(session(), actor(), sitting_id)
    if row.submitted_at is not None or queries.is_over(row, now()):
        return flask.redirect(flask.url_for(".sitting", sitting_id=row.id))
    return flask.render_template(
        "learning/sitting_submit.html",
        sitting=row,
        assigned=_kept_for(row),
        unanswered=queries.unanswered(session(), row),
    )


@route(blueprint, "/sittings/<uuid:sitting_id>/submit", may=SIGNED_IN, about=SITTING, method="POST")
def submit(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Hand a sitting in."""
    access.own(session(), actor(), sitting_id)
    service.hand_in(session(), sitting_id, now=now())
    return flask.redirect(flask.url_for(".result", sitting_id=sitting_id), 303)


@route(blueprint, "/sittings/<uuid:sitting_id>/result", may=SIGNED_IN, about=SITTING)
def result(sitting_id: uuid.UUID) -> ResponseReturnValue:
    """Show what came of a sitting, and as much of the answers as its rules say."""
    row = access.own(session(), actor(), sitting_id)
    if row.submitted_at is None:
        return flask.redirect(flask.url_for(".sitting", sitting_id=row.id))
    record = session().get_one(LearnerRecord, row.record_id)
    whose = _kept_for(row)
    rules = queries.paper(session(), row.version_id).rules
    used = len(queries.sittings(session(), record.id))
    is_closed = whose is None or whose.refusal is not None
    shows = queries.shows_answers(rules, row, record, used, is_closed=is_closed)
    return flask.render_template(
        "learning/sitting_result.html",
        sitting=row,
        assigned=whose,
        rules=rules,
        left=queries.left(rules, record, used),
        is_closed=is_closed,
        marked=queries.marked(session(), row) if shows else [],
        feedback=text.FEEDBACK,
    )


def _kept_for(row: Sitting) -> Assigned | None:
    record = session().get_one(LearnerRecord, row.record_id)
    try:
        return records.assigned(session(), record, now())
    except NotFound:
        return None


def _seconds_left(row: Sitting) -> int | None:
    """Return the seconds until a sitting's end, by the server's clock."""
    return None if row.ends_at is None else max(0, int((row.ends_at - now()).total_seconds()))
