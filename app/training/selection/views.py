"""The office's pages of choosing: side by side, the draft, its confirmation, and who waits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Refused
from app.kernel.language import gettext
from app.kernel.open_days import open_days
from app.kernel.web import exports, showing
from app.kernel.web.paging import number, page_of
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.candidacies import queries as candidacies
from app.training.candidacies import text as candidacies_text
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line
from app.training.candidacies.states import CandidacyState
from app.training.effects import service as effects
from app.training.plans import text as plans_text
from app.training.proposals import queries as proposals
from app.training.proposals import service as proposing
from app.training.proposals.queries import Clash, OfferingLine
from app.training.proposals.service import Filled, Proposed
from app.training.seats import queries as seats
from app.training.selection import access, queries, service, text
from app.training.selection.forms import (
    BY_RANK,
    ConfirmForm,
    LineForm,
    ProposalForm,
    only_run,
)
from app.training.selection.queries import Group, RunChoice

blueprint = flask.Blueprint("selection", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OFFERING = {"offering_id": "whole offering"}
#: So many people side by side on one page.
SIZE = 200


@route(
    blueprint, "/offerings/<uuid:offering_id>/selection", may=PLANNING, about=OFFERING, audited=True
)
def choose(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show everybody put forward, side by side."""
    return _page(access.chosen_by(session(), actor(), offering_id))


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/selection",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def propose(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Note what would be decided: of those who are chosen, or by rank of all the undecided.

    What was proposed by rank is answered at once, with the way to take back just that.
    """
    here = access.chosen_by(session(), actor(), offering_id)
    chosen, proposal, run_id = ProposalForm().data_of()
    if proposal == BY_RANK:
        return _page(here, filled=proposing.fill(session(), offering_id, by=actor(), now=now()))
    try:
        done = proposing.propose_all(
            session(), offering_id, chosen, proposal, run_id, by=actor(), now=now()
        )
    except Refused as refusal:
        return _page(here, refusal=refusal, chosen=chosen), refusal.status
    _tell_proposed(done, proposal)
    return _back(offering_id, **_filters())


def _tell_proposed(done: Proposed, proposal: str | None) -> None:
    if proposal is None:
        said = gettext("%(count)s人の案を消しました。", count=f"{done.done:,}")
    else:
        said = gettext(
            "%(count)s人を%(what)sの案にしました。まだ、ほかの人には見えません。",
            count=f"{done.done:,}",
            what=str(candidacies_text.STATES[proposal][0]),
        )
    flask.flash(said, "success")
    if done.left_out:
        told = gettext(
            "%(count)s人は、先に決まったか取り下げられたため、そのままです。", count=done.left_out
        )
        flask.flash(told, "warning")


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/selection/confirm",
    may=PLANNING,
    about=OFFERING,
    audited=True,
)
def confirm(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show what confirming would do."""
    here = access.chosen_by(session(), actor(), offering_id)
    return _ask(here, ConfirmForm(formdata=None))


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/selection/confirm",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def do_confirm(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Make the proposals come true."""
    here = access.chosen_by(session(), actor(), offering_id)
    form = ConfirmForm()
    try:
        done = service.confirm(session(), offering_id, form.data_of(), by=actor(), now=now())
    except (Refused, Conflict) as refusal:
        if refusal.code == "nothing_proposed":
            told = gettext("確定する決定案がありません。もう確定したか、案が消されています。")
            flask.flash(told, "info")
            return _back(offering_id)
        return _ask(here, form, refusal), refusal.status
    flask.flash(text.confirmed(done), "success")
    return _back(offering_id)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/selection/line",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def line(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Move somebody who waits up or down, or end their waiting."""
    access.chosen_by(session(), actor(), offering_id)
    candidacy_id, action = LineForm().data_of()
    access.check_of(session(), offering_id, candidacy_id)
    if action == "pass_over":
        service.pass_over(session(), candidacy_id, by=actor(), now=now())
        flask.flash(gettext("選外にしました。本人と所属に知らせを送ります。"), "success")
    else:
        is_up = action == "up"
        service.move_in_line(session(), candidacy_id, is_up=is_up, by=actor(), now=now())
    return _back(offering_id, state=CandidacyState.WAITLISTED.value)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/selection/promote",
    may=PLANNING,
    about=OFFERING,
    method="POST",
)
def promote(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Give a free seat to the first who waits."""
    access.chosen_by(session(), actor(), offering_id)
    run_id = only_run(flask.request.form.get("run"))
    access.check_run(session(), offering_id, run_id)
    days = open_days(settings().holidays)
    effects.promote_by_hand(session(), run_id, days, by=actor(), now=now())
    flask.flash(gettext("補欠の1人を繰り上げて、受講を決定しました。"), "success")
    return _back(offering_id, state=CandidacyState.WAITLISTED.value)


def _back(offering_id: uuid.UUID, **kept: Any) -> ResponseReturnValue:
    address = flask.url_for("selection.choose", offering_id=offering_id, **kept)
    return flask.redirect(address, 303)


def _page(
    here: OfferingLine,
    *,
    refusal: Refused | None = None,
    chosen: Sequence[uuid.UUID] = (),
    filled: Filled | None = None,
) -> str:
    """Return the list with all that is known beside it, and write down whom it shows."""
    counted = queries.groups(session(), here.id, clock.today(now()))
    runs = queries.runs(session(), here.id, counted)
    query = queries.people(here.id, clock.today(now()), **_filters())
    people = page_of(session(), query, Line, number(), SIZE)
    shown = audit.shown((row.person_id for row in people.rows), total=people.total, **_filters())
    showing.note("selection.viewed", "offering", here.id, shown)
    form = ProposalForm(formdata=None)
    form.offer(runs)
    return flask.render_template(
        "training/selection.html",
        here=here,
        runs=runs,
        people=people,
        filters=_filters(),
        at=now(),
        form=form,
        chosen=frozenset(chosen),
        filled=filled,
        refusal=sentence(refusal.code, refusal.data) if refusal else None,
        nothing=queries.NOTHING,
        by_rank=BY_RANK,
        may_export=exports.is_allowed(),
        reasons=exports.REASONS,
        run_states=plans_text.STATES,
        **_counts(here, counted, runs),
        **_beside(here, people.rows),
    )


def _counts(
    here: OfferingLine, counted: Sequence[Group], runs: Sequence[RunChoice]
) -> dict[str, Any]:
    """Return what the list adds up to, and until when each run takes somebody who waits."""
    days = open_days(settings().holidays)
    return {
        "tallies": queries.by_state(counted),
        "grades": queries.by_grade(counted),
        "sections": queries.by_section(counted),
        "names": {group.section_id: group.section for group in counted},
        "ledger": seats.ledger(session(), here.id, clock.today(now())),
        "limits": {
            run.id: effects.limit_of(run.learn_from, here.promotion_rule, days) for run in runs
        },
    }


def _beside(here: OfferingLine, rows: Sequence[Line]) -> dict[str, Any]:
    """Return what is known beside each of some people, and the words for it."""
    return {
        "wishes": candidacies.preferences(session(), [row.id for row in rows]),
        "clashes": proposals.clashes(session(), here.id),
        "past": proposals.past(session(), here, [row.person_id for row in rows]),
        "places": queries.places(session(), here.id),
        "before": text.BEFORE,
        "states": candidacies_text.STATES,
        "routes": candidacies_text.ROUTES,
    }


def _filters() -> dict[str, str]:
    """Return what narrows the list; who is still to be decided where nothing is asked for."""
    asked = flask.request.args
    state = asked.get("state", CandidacyState.NOMINATED.value)
    known = state if state in queries.BEFORE_THE_OFFICE else CandidacyState.NOMINATED.value
    section = asked.get("section", type=uuid.UUID)
    return {
        "state": known,
        "section": str(section) if section else "",
        "grade": asked.get("grade", ""),
        "proposal": asked.get("proposal", ""),
        "sort": asked.get("sort", ""),
    }


def _ask(here: OfferingLine, form: ConfirmForm, refusal: Refused | Conflict | None = None) -> str:
    """Return the page that says what confirming would do, of what is proposed now."""
    counted = queries.groups(session(), here.id, clock.today(now()))
    tallies = queries.by_state(counted)
    form.seen.data = proposals.mark(session(), here.id)
    return flask.render_template(
        "training/selection_confirm.html",
        here=here,
        form=form,
        tally=queries.tally(group for group in counted if group.proposal),
        undecided=tallies[CandidacyState.NOMINATED] - tallies[queries.PROPOSED],
        runs=queries.runs(session(), here.id, counted),
        clashing=_clashing(here.id),
        refusal=sentence(refusal.code, refusal.data) if refusal else None,
        run_states=plans_text.STATES,
    )


def _clashing(offering_id: uuid.UUID) -> list[tuple[Line, list[Clash]]]:
    """Return who would be in two places at once, with the other runs; and write down whom."""
    known = proposals.clashes(session(), offering_id)
    query = candidacies.lines(
        clock.today(now()),
        Candidacy.id.in_({candidacy_id for candidacy_id, _ in known}),
        Candidacy.proposal == CandidacyState.SELECTED,
    )
    rows = [Line(*row) for row in session().execute(query)]
    found = [
        (row, known[row.id, row.run_id])
        for row in rows
        if row.run_id and (row.id, row.run_id) in known
    ]
    if found:
        shown = audit.shown(row.person_id for row, _ in found)
        showing.note("selection.viewed", "offering", offering_id, shown)
    return found
