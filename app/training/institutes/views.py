"""Pages of a training that another institute gives: whom we put forward, and what it decided."""

from __future__ import annotations

import uuid

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import exports, showing
from app.kernel.web.exports import ENCODINGS, REASONS, Export
from app.kernel.web.problems import sentence
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.permission.access import Reach
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line
from app.training.candidacies.states import CandidacyState
from app.training.institutes import queries, service, text
from app.training.institutes.forms import ResultsForm, packed, unpacked
from app.training.institutes.queries import Outcome, Plan
from app.training.offerings import access
from app.training.offerings.queries import Offered
from app.training.plans.models import Provider

blueprint = flask.Blueprint("institutes", __name__)
PLANNING = having(*sorted(permission.PLANNING))
OFFERING = {"offering_id": "offering"}
WHOLE_OFFERING = {"offering_id": "whole offering"}


@route(blueprint, "/offerings/<uuid:offering_id>/institute", may=PLANNING, about=OFFERING)
def institute(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the list of those put forward as a file, and for the institute's results."""
    offered, reach = _outside(offering_id)
    return _page(offered, reach, ResultsForm(formdata=None))


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/institute/nominees.csv",
    may=PLANNING,
    about=OFFERING,
    audited=True,
)
def nominees_file(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the list of those put forward, with an empty column for the result."""
    offered, reach = _outside(offering_id)
    rows = _nominees(offered, reach)
    columns = ("職員番号", "氏名", "所属", "職名", "推薦順位", "結果")
    return exports.answer(
        Export(
            name=f"nominees-{offered.fiscal_year}.csv",
            columns=columns,
            rows=[[row.number, row.name, row.section, row.title, row.rank, ""] for row in rows],
            people=[row.person_id for row in rows],
            action="offering.nominees_exported",
            subject=("offering", offering_id),
            filters={},
        )
    )


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/institute",
    may=PLANNING,
    about=WHOLE_OFFERING,
    method="POST",
    takes_files=True,
)
def check(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a file of results would do; nothing is written but that it was looked at."""
    offered, reach = _outside(offering_id, whole=True)
    form = ResultsForm()
    if not form.validate():
        return _page(offered, reach, form), 422
    # Nothing is written yet: let go of the writer's lock while the file is read.
    let_go()
    try:
        lines = form.lines_of(settings().uploads)
    except Refused as refusal:
        form.file.errors = [" ".join(sentence(refusal.code, refusal.data))]
        return _page(offered, reach, form), 422
    plan = queries.plan(session(), offering_id, lines)
    shown = audit.shown(line.person_id for line in plan.lines if line.person_id)
    showing.note("offering.results_checked", "offering", offering_id, {**shown, **plan.counts})
    return _checked(offered, plan)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/institute/commit",
    may=PLANNING,
    about=WHOLE_OFFERING,
    method="POST",
)
def commit(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Take the checked results over."""
    _outside(offering_id, whole=True)
    lines = unpacked(flask.request.form.get("lines", ""))
    done = service.take_over(session(), offering_id, lines, by=actor(), now=now())
    count = len(done.of(Outcome.CHANGED))
    if count:
        flask.flash(gettext("%(count)s人の結果を取り込みました。", count=f"{count:,}"), "success")
    else:
        flask.flash(gettext("もう取り込まれています。何も変わっていません。"), "info")
    return flask.redirect(flask.url_for("offerings.offering", offering_id=offering_id), 303)


def _outside(offering_id: uuid.UUID, *, whole: bool = False) -> tuple[Offered, Reach]:
    """Return an offering of a training that another gives; raises Refused for the ward's own."""
    found = access.planned(session(), actor(), offering_id, whole=whole)
    if found[0].provider == Provider.WARD:
        raise Refused("provider_is_ward")
    return found


def _nominees(offered: Offered, reach: Reach) -> list[Line]:
    """Return those put forward whom the actor reaches, by section and rank."""
    mine = sa.true() if reach.sections is None else Candidacy.section_id.in_(reach.sections)
    query = candidacies.lines(
        clock.today(now()),
        Candidacy.offering_id == offered.id,
        Candidacy.state == CandidacyState.NOMINATED,
        mine,
    )
    return [Line(*row) for row in session().execute(query)]


def _page(offered: Offered, reach: Reach, form: ResultsForm) -> str:
    return flask.render_template(
        "training/institute.html",
        offering=offered,
        form=form,
        count=len(_nominees(offered, reach)),
        may_take_over=reach.sections is None,
        may_export=exports.is_allowed(),
        reasons=REASONS,
        encodings=ENCODINGS,
    )


def _checked(offered: Offered, plan: Plan) -> str:
    return flask.render_template(
        "training/institute_check.html",
        offering=offered,
        plan=plan,
        counts=plan.counts,
        lines=packed(each.line for each in plan.of(Outcome.CHANGED)),
        outcomes=text.OUTCOMES,
        results=text.RESULTS,
        findings=text.FINDINGS,
        columns=text.COLUMNS,
    )
