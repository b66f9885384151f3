"""The office's page to order a whole audience into a run: how many, the job, what came of it."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.jobs import Job, State
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.training.ordering import queries, service, text
from app.training.ordering.forms import OrderAllForm
from app.training.orders import queries as orders
from app.training.plans import access as plans
from app.training.plans.models import Run
from app.training.plans.queries import RunLine
from app.training.plans.states import TRANSITIONS

blueprint = flask.Blueprint("ordering", __name__)
PLANNING = having(*sorted(permission.PLANNING))
RUN = {"run_id": "whole run"}


@route(blueprint, "/runs/<uuid:run_id>/order-all", may=PLANNING, about=RUN)
def order_all(run_id: uuid.UUID) -> ResponseReturnValue:
    """Say how many would be ordered, how far the job is, or what came of it."""
    run, _ = plans.planned(session(), actor(), run_id, whole=True)
    form = OrderAllForm(formdata=None, issued_on=clock.today(now()), issuer=_usual(run_id))
    return _page(run, form)


@route(blueprint, "/runs/<uuid:run_id>/order-all", may=PLANNING, about=RUN, method="POST")
def do_order_all(run_id: uuid.UUID) -> ResponseReturnValue:
    """Have them enrolled, ordered and told."""
    run, _ = plans.planned(session(), actor(), run_id, whole=True)
    form = OrderAllForm()
    if not form.validate():
        return _page(run, form), 422
    service.ask(session(), run_id, form.data_of(), by=actor(), now=now())
    return flask.redirect(flask.url_for(".order_all", run_id=run_id), 303)


@route(blueprint, "/runs/<uuid:run_id>/order-all/progress", may=PLANNING, about=RUN)
def progress(run_id: uuid.UUID) -> ResponseReturnValue:
    """Answer the part of that page which changes; the page asks for it each second."""
    run, _ = plans.planned(session(), actor(), run_id, whole=True)
    job = queries.newest_job(session(), run_id)
    part = flask.render_template(
        "training/_order_all_job.html", run=run, job=job, is_running=queries.is_live(job)
    )
    answer = flask.make_response(part)
    if not queries.is_live(job):
        answer.headers["HX-Refresh"] = "true"
    return answer


def _page(run: RunLine, form: OrderAllForm) -> str:
    row = session().get_one(Run, run.id)
    job = queries.newest_job(session(), run.id)
    reason = queries.refusal(session(), row, clock.today(now()))
    return flask.render_template(
        "training/order_all.html",
        run=run,
        form=form,
        job=job,
        is_running=queries.is_live(job),
        ended=_ended(job),
        reason=sentence(reason.code, reason.data) if reason else None,
        needs_audience=reason is not None and reason.code == "audience_needed",
        muster=None if reason else queries.muster(session(), row, now()),
        opens=row.state in TRANSITIONS["open"].sources,
        left_out=text.LEFT_OUT,
    )


def _ended(job: Job | None) -> tuple[str, str] | None:
    """Return why a job that has ended did nothing, and what to do; None where it did its work."""
    if job is None or job.status not in (State.REFUSED, State.FAILED):
        return None
    return sentence(job.result["code"], job.result.get("data", {}))


def _usual(run_id: uuid.UUID) -> str:
    """Return who gave the run's first order: who comes later is ordered by the same."""
    earlier = orders.first_of_run(session(), run_id)
    return earlier.issuer if earlier else ""
