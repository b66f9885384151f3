"""Pages of retention: what is due, one erasure from proposal to certificate, the periods."""

from __future__ import annotations

import json
import uuid

import flask
from flask.typing import ResponseReturnValue

from app.keeping import certificates
from app.keeping.retention import queries, service, text
from app.keeping.retention.forms import ApprovalForm, PeriodForm
from app.keeping.retention.models import Erasure
from app.keeping.retention.periods import LONGEST, PERIODS
from app.keeping.retention.states import ErasureState
from app.kernel import clock
from app.kernel.errors import Conflict, Refused
from app.kernel.language import gettext
from app.kernel.web import paging, showing
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import actor, everywhere
from app.kernel.workflow import can
from app.people.permission.models import Role

blueprint = flask.Blueprint("retention", __name__, url_prefix="/retention")

MAY = everywhere(Role.OFFICE, Role.ADMINISTRATOR)
CLASS = {"record_class": tuple(PERIODS)}
ERASURE = {"erasure_id": "erasure"}


@route(blueprint, "", may=MAY)
def overview() -> ResponseReturnValue:
    """Show every class with what is due, and the erasures."""
    return flask.render_template(
        "keeping/retention.html",
        lines=queries.due(session(), now()),
        erasures=queries.erasures(session()),
        classes=text.CLASSES,
        states=text.STATES,
    )


@route(blueprint, "/<record_class>/propose", may=MAY, about=CLASS, method="POST")
def propose(record_class: str) -> ResponseReturnValue:
    """Propose to erase what of a class is due."""
    row = service.propose(session(), record_class, by=actor(), now=now())
    flask.flash(gettext("消去を提案しました。ほかの担当者が承認すると、消去します。"), "success")
    return _to(row)


@route(blueprint, "/erasures/<uuid:erasure_id>", may=MAY, about=ERASURE, audited=True)
def erasure(erasure_id: uuid.UUID) -> ResponseReturnValue:
    """Show one erasure: whose rows it takes, how far it is, what certifies it."""
    return _page(queries.erasure(session(), erasure_id), ApprovalForm(formdata=None))


@route(blueprint, "/erasures/<uuid:erasure_id>/approve", may=MAY, about=ERASURE, method="POST")
def approve(erasure_id: uuid.UUID) -> ResponseReturnValue:
    """Approve what somebody else has proposed."""
    form = ApprovalForm()
    if not form.validate_on_submit():
        return _page(queries.erasure(session(), erasure_id), form), 422
    said = form.responsible.data or ""
    row = service.approve(session(), erasure_id, said, settings(), by=actor(), now=now())
    flask.flash(gettext("承認しました。消去を始めます。"), "success")
    return _to(row)


@route(blueprint, "/erasures/<uuid:erasure_id>/withdraw", may=MAY, about=ERASURE, method="POST")
def withdraw(erasure_id: uuid.UUID) -> ResponseReturnValue:
    """Take a proposal back."""
    service.withdraw(session(), erasure_id, by=actor(), now=now())
    flask.flash(gettext("提案を取り下げました。記録は残っています。"), "success")
    return flask.redirect(flask.url_for(".overview"), 303)


@route(blueprint, "/erasures/<uuid:erasure_id>/resume", may=MAY, about=ERASURE, method="POST")
def resume(erasure_id: uuid.UUID) -> ResponseReturnValue:
    """Go on with an erasure that was interrupted."""
    return _to(service.resume(session(), erasure_id, by=actor(), now=now()))


@route(
    blueprint,
    "/erasures/<uuid:erasure_id>/certificate.<any(pdf, json):kind>",
    may=MAY,
    about={**ERASURE, "kind": ("pdf", "json")},
)
def certificate(erasure_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Answer the certificate, to be read (pdf) or to be parsed (json)."""
    row = queries.erasure(session(), erasure_id)
    if row.state != ErasureState.DONE:
        raise Conflict("wrong_state")
    if kind == "pdf":
        body = certificates.paper(row.certificate, settings())
    else:
        body = json.dumps(row.certificate, ensure_ascii=False, indent=1).encode()
    response = flask.Response(body, mimetype=f"application/{kind}")
    response.headers.set("Content-Disposition", "attachment", filename=f"certificate.{kind}")
    return response


@route(blueprint, "/periods/<record_class>", may=MAY, about=CLASS)
def period(record_class: str) -> ResponseReturnValue:
    """Ask for how long a class is kept."""
    form = PeriodForm(formdata=None, years=queries.years_of(session(), record_class))
    return _period_page(record_class, form)


@route(blueprint, "/periods/<record_class>", may=MAY, about=CLASS, method="POST")
def do_period(record_class: str) -> ResponseReturnValue:
    """Keep a class for so many years."""
    queries.years_of(session(), record_class)
    form = PeriodForm()
    if not form.validate_on_submit():
        return _period_page(record_class, form), 422
    years = form.years.data or 0
    try:
        service.set_period(session(), record_class, years, by=actor(), now=now())
    except Refused as refused:
        form.years.errors = [_in_words(refused)]
        return _period_page(record_class, form), 422
    flask.flash(gettext("保存期間を変えました。"), "success")
    return flask.redirect(flask.url_for(".overview"), 303)


def _page(row: Erasure, form: ApprovalForm) -> str:
    page = paging.page_of(
        session(),
        queries.lines(row.id, clock.today(now())),
        queries.LineShown,
        paging.number(),
    )
    if flask.request.method == "GET":
        showing.note("erasure.viewed", "erasure", row.id, {"count": len(page.rows)})
    job = queries.job_of(session(), row)
    return flask.render_template(
        "keeping/erasure.html",
        row=row,
        page=page,
        form=form,
        job=job,
        is_running=row.state == ErasureState.APPROVED and job is not None and job.ended_at is None,
        is_own=row.proposed_by == actor().known_id,
        may_approve=can(row, "approve", actor()) and row.proposed_by != actor().known_id,
        may_withdraw=can(row, "withdraw", actor()),
        classes=text.CLASSES,
        states=text.STATES,
    )


def _period_page(record_class: str, form: PeriodForm) -> str:
    return flask.render_template(
        "keeping/period.html",
        form=form,
        record_class=record_class,
        classes=text.CLASSES,
        bounds=PERIODS[record_class],
        longest=LONGEST,
        history=queries.history(session(), record_class),
    )


def _in_words(refused: Refused) -> str:
    what, next_step = (str(each) % refused.data for each in text.SENTENCES[refused.code])
    return gettext("%(what)s。%(next_step)s", what=what, next_step=next_step)


def _to(row: Erasure) -> ResponseReturnValue:
    return flask.redirect(flask.url_for(".erasure", erasure_id=row.id), 303)
