"""Pages of orders: issuing one, its versions, one version to each of its readers."""

from __future__ import annotations

import uuid

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, Refused
from app.kernel.language import Lazy, gettext
from app.kernel.web import exports, showing
from app.kernel.web.paging import Page, number, page_of
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission import access as permission
from app.training.amendments import queries as amendments
from app.training.amendments import service as amending
from app.training.orders import access, queries, service, text
from app.training.orders.access import Reading
from app.training.orders.forms import HeaderForm
from app.training.orders.models import Order, OrderLine
from app.training.plans import text as plans_text
from app.training.plans.queries import RunLine
from app.training.receipts import queries as receipts

blueprint = flask.Blueprint("orders", __name__)
PLANNING = having(*sorted(permission.PLANNING))
RUN = {"run_id": "whole run"}
ORDER = {"order_id": "training_order"}
ENROLMENT = {"enrolment_id": "enrolment"}
#: So many of those who would be ordered are named; all of them are counted.
MOST_NAMED = 200


@route(blueprint, "/runs/<uuid:run_id>/orders", may=PLANNING, about=RUN, audited=True)
def run_orders(run_id: uuid.UUID) -> ResponseReturnValue:
    """Show the orders of a run, and who would be ordered next."""
    return _page(access.planned(session(), actor(), run_id), None)


@route(blueprint, "/runs/<uuid:run_id>/orders", may=PLANNING, about=RUN, method="POST")
def issue(run_id: uuid.UUID) -> ResponseReturnValue:
    """Order those who are decided."""
    run = access.planned(session(), actor(), run_id)
    people = queries.to_order(session(), run_id, clock.today(now()))
    form = _form(people)
    if not people:
        flask.flash(gettext("命令を出す人は残っていません。もう発行されています。"), "info")
        return flask.redirect(flask.url_for("orders.run_orders", run_id=run_id), 303)
    if not form.validate():
        return _page(run, form), 422
    header, chosen = form.data_of(settings().order_prefix)
    try:
        order = service.issue(
            session(),
            run_id,
            header,
            by=actor(),
            now=now(),
            section_ids=chosen,
            seen=form.seen.data,
        )
    except (Refused, Conflict) as refusal:
        return _page(run, form, refusal), refusal.status
    row = queries.version(session(), order.id)
    said = gettext(
        "%(number)sを%(count)s人に発行しました。本人・所属長・所属の研修担当に知らせを送ります。",
        number=text.number(row),
        count=f"{row.people:,}",
    )
    flask.flash(said, "success")
    return flask.redirect(flask.url_for("orders.run_orders", run_id=run_id), 303)


@route(blueprint, "/runs/<uuid:run_id>/orders/amend", may=PLANNING, about=RUN, method="POST")
def amend(run_id: uuid.UUID) -> ResponseReturnValue:
    """Order those anew whose run has other days, times or places by now; twice is once."""
    access.planned(session(), actor(), run_id)
    named = amending.amend(session(), run_id, by=actor(), now=now()).values()
    if count := sum(map(len, named)):
        said = gettext(
            "変更命令を%(count)s人に発行しました。本人・所属長・所属の研修担当に知らせを送ります。",
            count=f"{count:,}",
        )
        flask.flash(said, "success")
    else:
        flask.flash(gettext("変更命令を出す人は残っていません。"), "info")
    return flask.redirect(flask.url_for("orders.run_orders", run_id=run_id), 303)


@route(blueprint, "/orders/<uuid:order_id>", may=SIGNED_IN, about=ORDER, audited=True)
def order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Show one version to whoever it names, to those near them, and to the office."""
    reading = read(order_id)
    own = queries.lines(
        session(), order_id, clock.today(now()), OrderLine.person_id == actor().known_id
    )
    total, received = receipts.counts(session(), order_id, reading.lines)
    return flask.render_template(
        "training/order.html",
        order=reading.order,
        run=reading.run,
        reading=reading,
        own=own[0] if own else None,
        people=_people(reading) if reading.is_near else None,
        sessions=queries.sessions_in(reading.order.document),
        period=queries.period_in(reading.order.document),
        total=total,
        received=received,
        standing=receipts.standing(session(), order_id),
        versions=_versions(reading),
        only_open=_only_open(),
        sections=_sections(reading) if reading.is_near else {},
        reasons=_reasons(reading),
        kinds=text.KINDS,
        signs=text.SIGNS,
        number=text.number,
    )


def read(order_id: uuid.UUID) -> Reading:
    """Return a version as whoever is here reads it."""
    return access.read(
        session(), actor(), order_id, now(), is_concurrent=settings().concurrent_heads
    )


def _form(people: list[queries.ToOrder]) -> HeaderForm:
    form = HeaderForm()
    sections = {each.section_id: each.section for each in people}
    form.offer(sections, clock.today(now()))
    return form


def _page(run: RunLine, form: HeaderForm | None, refusal: Refused | Conflict | None = None) -> str:
    """Return the page of a run's orders, and write down whom it shows as still to be ordered."""
    people = queries.to_order(session(), run.id, clock.today(now()))
    issuers = queries.issuers(session())
    if form is None:
        form = _form(people)
        form.issuer.data = settings().order_issuer or next(iter(issuers), "")
        form.issued_on.data = clock.today(now())
        form.sections.data = [str(each.section_id) for each in people]
    form.seen.data = queries.mark(each.enrolment_id for each in people)
    if people:
        named = people[:MOST_NAMED]
        shown = audit.shown((each.person_id for each in named), total=len(people))
        showing.note("order.viewed", "run", run.id, shown)
    return flask.render_template(
        "training/orders.html",
        run=run,
        people=people,
        overtaken=sum(len(each.enrolment_ids) for each in amendments.overtaken(session(), run.id)),
        most=MOST_NAMED,
        form=form,
        issuers=dict.fromkeys(filter(None, [settings().order_issuer, *issuers])),
        versions=queries.versions(session(), Order.run_id == run.id),
        refusal=sentence(refusal.code, refusal.data) if refusal else None,
        kinds=text.KINDS,
        signs=text.SIGNS,
        number=text.number,
        run_states=plans_text.STATES,
    )


def _only_open() -> bool:
    return flask.request.args.get("receipt") == "open"


def _people(reading: Reading) -> Page[queries.LineRow]:
    """Return a page of those whom a version names, and write down whom it shows."""
    conditions = [reading.lines]
    if _only_open():
        conditions.append(OrderLine.id.in_(receipts.open_lines(reading.order.id)))
    query = queries.people(reading.order.id, clock.today(now()), *conditions)
    page = page_of(session(), query, queries.LineRow, number())
    shown = audit.shown(
        (row.person_id for row in page.rows), total=page.total, receipt=_only_open()
    )
    showing.note("order.viewed", "training_order", reading.order.id, shown)
    return page


def _versions(reading: Reading) -> list[queries.OrderRow]:
    """Return the versions of the same number in which the reader reads a line."""
    named = sa.select(OrderLine.order_id).where(reading.lines)
    return queries.versions(
        session(),
        Order.fiscal_year == reading.order.fiscal_year,
        Order.serial == reading.order.serial,
        Order.id.in_(named),
    )


def _sections(reading: Reading) -> dict[uuid.UUID, str]:
    return queries.sections_of(session(), reading.order.id, reading.lines)


def _reasons(reading: Reading) -> dict[str, Lazy] | None:
    """Return the reasons to choose from where the office takes a file; None where it may not."""
    return exports.REASONS if reading.is_office and exports.is_allowed() else None
