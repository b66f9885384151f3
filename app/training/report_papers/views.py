"""PDFs of result reports: one's own, one for who has a word on it, and those of a whole run."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock, pdf
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.web import exports, showing
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission.access import PLANNING
from app.training.approvals import queries as approvals
from app.training.enrolment.models import Enrolment
from app.training.plans import access as plans
from app.training.report_papers import queries
from app.training.results import access
from app.training.results.queries import Report, Version, reports

blueprint = flask.Blueprint("report_papers", __name__)
DECIDING = having(*sorted(access.DECIDING))
PLANNERS = having(*sorted(PLANNING))
#: So many reports take some seconds; more are printed section by section.
MOST = 1_000


@route(
    blueprint,
    "/results/<uuid:enrolment_id>/own.pdf",
    may=SIGNED_IN,
    about={"enrolment_id": "own enrolment"},
)
def own(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Answer one's own report as it was handed in last; an older version where one is asked for."""
    found = access.own(session(), actor(), enrolment_id)
    return _answer([found], "report.pdf")


@route(
    blueprint,
    "/results/<uuid:enrolment_id>/report.pdf",
    may=DECIDING,
    about={"enrolment_id": "near enrolment"},
    audited=True,
)
def one(enrolment_id: uuid.UUID) -> ResponseReturnValue:
    """Answer somebody's report to who has a word on it."""
    found, _ = access.decided(session(), actor(), enrolment_id, now())
    answer = _answer([found], "report.pdf")
    seen = audit.shown([found.person_id])
    showing.note("result_report.printed", "enrolment", enrolment_id, seen)
    return answer


@route(
    blueprint,
    "/runs/<uuid:run_id>/results.pdf",
    may=PLANNERS,
    about={"run_id": "run"},
    audited=True,
)
def of_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer what was handed in of a run, or of a section in it, a page for each."""
    run, reach = plans.planned(session(), actor(), run_id)
    reason, _ = exports.check()
    reached = reach.of_person(clock.today(now()))
    section_id = flask.request.args.get("section", type=uuid.UUID)
    narrowed = Enrolment.section_id == section_id if section_id else sa.true()
    found = reports(session(), Enrolment.run_id == run_id, reached, narrowed)
    written = [report for report in found if report.versions]
    if not written:
        raise Refused("no_reports")
    if len(written) > MOST:
        raise Refused("too_many_reports", most=f"{MOST:,}", count=f"{len(written):,}")
    answer = _answer(written, f"reports-{run.code}-{run.number}.pdf")
    shown = audit.shown(report.person_id for report in written)
    showing.note("result_report.printed", "run", run_id, {**shown, "reason": reason})
    return answer


def _answer(found: Sequence[Report], name: str) -> flask.Response:
    """Return the paper of reports, made while nobody waits for the database."""
    pairs = [(report, _version(report)) for report in found]
    steps = approvals.steps_of(session(), [each.report_id for each in found if each.report_id])
    let_go()
    fonts = settings().fonts
    data, at = queries.paper(pairs, steps, fonts), queries.made_at(pairs, steps)
    response = flask.Response(
        pdf.render("result_report", data, now=at, fonts=fonts), mimetype="application/pdf"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _version(report: Report) -> Version:
    asked = flask.request.args.get("version", type=int)
    found = [each for each in report.versions if asked in (None, each.number)]
    if not found:
        raise NotFound
    return found[-1]
