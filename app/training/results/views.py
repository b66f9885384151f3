"""Pages of one report: its learner writes it, its head and the office say their words to it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import flask
from flask.typing import ResponseReturnValue

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.training.approvals import queries as approvals
from app.training.report_forms import queries as report_forms
from app.training.results import access, forms, service, text
from app.training.results.forms import AnswersForm, WaiveForm, WordForm
from app.training.results.queries import TAKING, Report
from app.training.results.service import Word
from app.training.results.states import BEING_WRITTEN, HANDED_IN, SETTLED, ReportState

blueprint = flask.Blueprint("results", __name__)
DECIDING = having(*sorted(access.DECIDING))
HEADS = having(Role.HEAD)
PLANNERS = having(*sorted(PLANNING))
OWN = {"enrolment_id": "own enrolment"}
NEAR = {"enrolment_id": "near enrolment"}
ENROLMENT = {"enrolment_id": "enrolment"}


@route(blueprint, "/results/<uuid:enrolment_id>", may=SIGNED_IN, about=OWN)
def report(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Show one's own report: to be written, or what was handed in."""
    found = access.own(session(), actor(), enrolment_id)
    return _own(found)


@route(blueprint, "/results/<uuid:enrolment_id>/save", may=SIGNED_IN, about=OWN, method="POST")
def save(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was written so far, whatever is missing in it."""
    found = access.own(session(), actor(), enrolment_id)
    service.save(session(), enrolment_id, _form(found).answers, now=now())
    flask.flash(gettext("途中まで保存しました。まだ提出されていません。"), "success")
    return flask.redirect(flask.url_for(".report", enrolment_id=enrolment_id), 303)


@route(blueprint, "/results/<uuid:enrolment_id>", may=SIGNED_IN, about=OWN, method="POST")
def submit(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Hand one's own report in."""
    found = access.own(session(), actor(), enrolment_id)
    form = _form(found)
    if found.refusal(now()) is None and not form.validate():
        return _own(found, form), 422
    service.submit(session(), enrolment_id, form.answers, by=actor(), now=now())
    flask.flash(gettext("報告を提出しました。所属長が確認し、研修担当が受理します。"), "success")
    return flask.redirect(flask.url_for(".report", enrolment_id=enrolment_id), 303)


@route(
    blueprint,
    "/results/<uuid:enrolment_id>/review",
    may=DECIDING,
    about=NEAR,
    audited=True,
)
def review(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Show somebody's report to who has a word on it."""
    found, acting = access.decided(session(), actor(), enrolment_id, now())
    return _review(found, acting)


@route(blueprint, "/results/<uuid:enrolment_id>/confirm", may=HEADS, about=NEAR, method="POST")
def confirm(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Say, as the head, that one has read it."""

    def say(word: Word, by: Actor) -> None:
        service.confirm(session(), enrolment_id, word, by=by, now=now())

    return _say(enrolment_id, "confirm", {Role.HEAD}, say)


@route(blueprint, "/results/<uuid:enrolment_id>/return", may=DECIDING, about=NEAR, method="POST")
def send_back(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Give it back, with what is to be mended; a head does so as the head."""

    def say(word: Word, by: Actor) -> None:
        near = tuple(grant for grant in by.grants if grant.role == Role.HEAD)
        acting = replace(by, grants=near or by.grants)
        service.send_back(session(), enrolment_id, word, by=acting, now=now())

    return _say(enrolment_id, "return", access.DECIDING, say)


@route(
    blueprint, "/results/<uuid:enrolment_id>/accept", may=PLANNERS, about=ENROLMENT, method="POST"
)
def accept(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Take it in; one that no head has confirmed, by the button that says so."""
    is_unconfirmed = flask.request.form.get("unconfirmed") == "yes"

    def say(word: Word, by: Actor) -> None:
        service.accept(
            session(), enrolment_id, word, by=by, now=now(), is_unconfirmed=is_unconfirmed
        )

    return _say(enrolment_id, "accept", PLANNING, say)


@route(
    blueprint, "/results/<uuid:enrolment_id>/waive", may=PLANNERS, about=ENROLMENT, method="POST"
)
def waive(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for no report of somebody, for a reason."""
    found, acting = access.decided(session(), actor(), enrolment_id, now(), PLANNING)
    form = WaiveForm()
    if not form.validate():
        return _review(found, acting, waiver=form), 422
    service.waive(session(), enrolment_id, form.reason.data, by=acting, now=now())
    return _done(found, "waive")


def _say(
    enrolment_id: uuid.UUID,
    what: str,
    roles: frozenset[str] | set[Role],
    say: Callable[[Word, Actor], None],
) -> ResponseReturnValue:
    """Say a word to a report as those roles of the actor that reach it; or ask for it again."""
    found, acting = access.decided(session(), actor(), enrolment_id, now(), roles)
    form = WordForm()
    sound = form.validate()
    if what == "return" and not form.comment.data:
        form.comment.errors = [gettext("直してほしいところを書いてください。")]
        sound = False
    if not sound:
        return _review(found, acting, word=form), 422
    say(Word(form.comment.data or "", form.seen_number), acting)
    return _done(found, what)


def _done(found: Report, what: str) -> ResponseReturnValue:
    flask.flash(str(text.DONE[what]), "success")
    return flask.redirect(flask.url_for(".review", enrolment_id=found.enrolment_id), 303)


def _form(found: Report) -> AnswersForm:
    return forms.written_by(report_forms.asked(session(), found.training_id).fields)()


def _own(found: Report, form: AnswersForm | None = None) -> str:
    refusal = found.refusal(now())
    if form is None and refusal is None:
        fields = report_forms.asked(session(), found.training_id).fields
        form = forms.written_by(fields)(formdata=None, data=forms.kept_as(fields, found.answers))
    is_odd = refusal is not None and refusal.code != "report_handed_in"
    return flask.render_template(
        "training/result.html",
        report=found,
        form=None if refusal else form,
        refusal=sentence(refusal.code, refusal.data) if refusal and is_odd else None,
        is_over=now() > found.due_at,
        **_parts(found),
    )


def _review(
    found: Report, acting: Actor, word: WordForm | None = None, waiver: WaiveForm | None = None
) -> str:
    seen = audit.shown([found.person_id])
    showing.note("result_report.viewed", "enrolment", found.enrolment_id, seen)
    if word is None:
        newest = found.newest
        word = WordForm(formdata=None, data={"seen": str(newest.number) if newest else ""})
    return flask.render_template(
        "training/result_review.html",
        report=found,
        may=_may(found, acting),
        form=word,
        waiver=waiver or WaiveForm(formdata=None),
        is_planner=bool(acting.roles & PLANNING),
        **_parts(found),
    )


def _parts(found: Report) -> dict[str, object]:
    """Return what every page of a report is drawn with."""
    return {
        "steps": approvals.steps(session(), found.report_id) if found.report_id else [],
        "words": text.STEPS,
        "waivers": text.WAIVERS,
        "chip": text.STATES[found.state or text.NOTHING],
        "being_written": BEING_WRITTEN,
    }


def _may(found: Report, acting: Actor) -> set[str]:
    """Return what the actor can say to a report now."""
    if found.run_state not in TAKING:
        return set()
    may: set[str] = set()
    is_planner = bool(acting.roles & PLANNING)
    if found.state in HANDED_IN:
        may.add("return")
        if is_planner:
            may.add("accept" if found.state == ReportState.CONFIRMED else "accept_unconfirmed")
    if found.state == ReportState.SUBMITTED and Role.HEAD in acting.roles:
        may.add("confirm")
    if is_planner and found.state not in SETTLED:
        may.add("waive")
    return may
