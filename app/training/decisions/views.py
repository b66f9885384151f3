"""The office's pages of 修了認定: what the rule proposes for a run, and one person's."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock, lists
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.lists import View
from app.kernel.web import lists as asking
from app.kernel.web import showing
from app.kernel.web.paging import Page, number
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.access import PLANNING
from app.training.certificates import queries as certificates
from app.training.completion import queries as completion
from app.training.completion import text as completion_text
from app.training.completion.service import judge
from app.training.decisions import queries, service, text
from app.training.decisions.forms import CorrectionForm, ReasonForm
from app.training.decisions.queries import LISTING, Plan, Proposal
from app.training.enrolment.models import Enrolment
from app.training.plans import access as plans
from app.training.plans.queries import RunLine
from app.training.roster import access as roster
from app.training.seat_page import queries as seat_page

blueprint = flask.Blueprint("decisions", __name__)
PLANNERS = having(*sorted(PLANNING))
RUN = {"run_id": "run"}
ENROLMENT = {"enrolment_id": "enrolment"}
#: What can be said of those who were chosen: as the rule says, or one of the two.
WORDS: dict[str, bool | None] = {"proposed": None, "completed": True, "not_completed": False}
SIZE = 200


@route(blueprint, "/runs/<uuid:run_id>/completion", may=PLANNERS, about=RUN, audited=True)
def proposals(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the rule says of each person of a run, and what was decided."""
    run, people, view = _people(run_id)
    asked = {**dict.fromkeys(LISTING.filters, ""), **dict(view.narrowing)}
    rows = _narrowed(people, view)
    first = (number() - 1) * SIZE
    page = Page(rows[first : first + SIZE], number(), len(rows), SIZE)
    shown = audit.shown((row.person_id for row in page.rows), total=len(rows), **asked)
    showing.note("completion_decision.listed", "run", run_id, shown)
    return flask.render_template(
        "training/completion.html",
        run=run,
        page=page,
        view=view,
        asked=asked,
        counts=queries.counts(people),
        sections=queries.section_names(people),
        is_held=run.state in service.HELD,
        ruled=completion.ruled(session(), run_id),
        elements=completion_text.ELEMENTS,
        needs=completion_text.REPORT_NEEDS,
        why=completion_text.why,
        standings=text.STANDINGS,
        undecided=queries.UNDECIDED,
        reasons=text.REASONS,
        due=len(certificates.due(session(), run_id, clock.today(now()))),
    )


@route(blueprint, "/runs/<uuid:run_id>/completion/check", may=PLANNERS, about=RUN, method="POST")
def check(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show what deciding of those who were chosen would do; nothing is written but who was seen."""
    run, rows, view = _people(run_id)
    service.refuse_too_early(run.state)
    plan = _plan(_chosen(rows, view))
    if not plan.people:
        raise Refused("nothing_to_decide")
    return _confirm(run, plan, ReasonForm(formdata=None), view)


@route(blueprint, "/runs/<uuid:run_id>/completion", may=PLANNERS, about=RUN, method="POST")
def decide(run_id: uuid.UUID) -> ResponseReturnValue:
    """Decide of those who were confirmed."""
    run, rows, view = _people(run_id)
    chosen = _chosen(rows, view)
    plan, form = _plan(chosen), ReasonForm()
    if plan.otherwise and not form.reason.data:
        form.reason.errors = [gettext("選んでください。")]
        return _confirm(run, plan, form, view), 422
    done = service.decide(
        session(),
        run_id,
        [row.enrolment_id for row in chosen],
        is_completed=WORDS[_word()],
        reason=form.reason.data,
        confirmed=asking.confirmed(),
        by=actor(),
        now=now(),
    )
    told = gettext(
        "修了%(completed)s人、未修了%(failed)s人を認定しました。本人に知らせを送ります。",
        completed=f"{len(done.completed):,}",
        failed=f"{len(done.failed):,}",
    )
    flask.flash(told, "success")
    return flask.redirect(flask.url_for(".proposals", run_id=run_id), 303)


@route(
    blueprint,
    "/enrolments/<uuid:enrolment_id>/completion",
    may=PLANNERS,
    about=ENROLMENT,
    audited=True,
)
def person(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Show by what one person was judged, what was decided, and ask for a correction."""
    row = roster.enrolment(session(), actor(), enrolment_id, now())
    showing.note("completion_decision.viewed", "enrolment", row.id, audit.shown([row.person_id]))
    return _person(row, CorrectionForm(formdata=None))


@route(
    blueprint,
    "/enrolments/<uuid:enrolment_id>/completion",
    may=PLANNERS,
    about=ENROLMENT,
    method="POST",
)
def correct(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Decide otherwise than before."""
    row = roster.enrolment(session(), actor(), enrolment_id, now())
    form = CorrectionForm()
    if not form.validate():
        return _person(row, form), 422
    is_completed = flask.request.form.get("to") == "completed"
    service.correct(
        session(),
        enrolment_id,
        is_completed=is_completed,
        reason=form.reason.data,
        by=actor(),
        now=now(),
    )
    flask.flash(gettext("認定を訂正しました。本人に知らせを送ります。"), "success")
    return flask.redirect(flask.url_for(".person", enrolment_id=enrolment_id), 303)


def _people(run_id: uuid.UUID) -> tuple[RunLine, list[Proposal], View]:
    """Return a run, those of it whom the actor reaches and who are called so, and the list."""
    run, reach = plans.planned(session(), actor(), run_id)
    view = asking.asked(LISTING)
    conditions = [reach.of_person(clock.today(now()))]
    if words := dict(view.narrowing).get("q", "").strip():
        conditions.append(queries.called(words))
    found = completion.ruled(session(), run_id)
    return run, queries.proposals(session(), found, now(), *conditions), view


def _narrowed(people: list[Proposal], view: View) -> list[Proposal]:
    asked = dict(view.narrowing)
    return queries.narrowed(people, asked.get("standing", ""), asked.get("section", ""))


def _chosen(people: list[Proposal], view: View) -> list[Proposal]:
    """Return who was chosen: some, or all that the list is narrowed to."""
    choice = asking.choice(view)
    if choice is None:
        raise Refused("nothing_chosen")
    keys = set(choice.keys)
    rows = _narrowed(people, view)
    return rows if choice.is_all else [row for row in rows if row.enrolment_id in keys]


def _word() -> str:
    said = flask.request.form.get("word", "")
    return said if said in WORDS else "proposed"


def _plan(chosen: list[Proposal]) -> Plan:
    return queries.plan(chosen, is_completed=WORDS[_word()])


def _confirm(run: RunLine, plan: Plan, form: ReasonForm, view: View) -> str:
    shown = audit.shown(row.person_id for row in plan.people)
    showing.note("completion_decision.listed", "run", run.id, shown)
    return flask.render_template(
        "training/completion_confirm.html",
        run=run,
        plan=plan,
        form=form,
        word=_word(),
        choice=asking.choice(view),
        mark=lists.mark(*plan.groups),
        standings=text.STANDINGS,
        why=completion_text.why,
    )


def _person(row: Enrolment, form: CorrectionForm) -> str:
    found, facts = completion.facts_of(session(), row, now())
    return flask.render_template(
        "training/completion_person.html",
        seat=seat_page.seat(session(), row.id, now()),
        facts=completion_text.told(facts),
        judgement=judge(found.rule, facts),
        versions=queries.versions(session(), row.id),
        certificates=certificates.of_run(session(), row.run_id, Enrolment.id == row.id),
        grouped=certificates.grouped,
        told=completion_text.told,
        why=completion_text.why,
        form=form,
        standings=text.STANDINGS,
        reasons=text.REASONS,
    )
