"""PDFs: orders to those they name, rosters, and decisions to the sections.

Whoever an order is addressed to takes it without a reason: the person their own, heads those of
their sections. The office takes lists of people by the rules of files that leave the house (C17).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import flask
import sqlalchemy as sa
from flask.typing import ResponseReturnValue

from app.kernel import clock, pdf
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.web import exports, showing
from app.kernel.web.routing import let_go, now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor, having
from app.people.permission import access as permission
from app.training.orders import queries as orders
from app.training.orders.access import Reading
from app.training.orders.models import OrderLine
from app.training.orders.queries import LineRow
from app.training.orders.views import read
from app.training.papers import queries
from app.training.selection import access as selection

blueprint = flask.Blueprint("papers", __name__)
PLANNING = having(*sorted(permission.PLANNING))
ORDER = {"order_id": "training_order"}
OFFERING = {"offering_id": "whole offering"}
#: So many pages take some seconds; more are printed section by section.
MOST = 1_000


@dataclass(frozen=True)
class Taken:
    """What the audit keeps of a paper: the act, what it is of, who is on it, and why."""

    action: str
    subject: tuple[str, uuid.UUID]
    people: Sequence[uuid.UUID]
    reason: str


@route(blueprint, "/orders/<uuid:order_id>/order.pdf", may=SIGNED_IN, about=ORDER, audited=True)
def order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Answer 研修命令書: one's own (`own`), those of a section, or all that one reads."""
    reading = read(order_id)
    is_own = "own" in flask.request.args or not reading.is_near
    reason = "" if is_own else _reason(reading)
    mine = OrderLine.person_id == actor().known_id
    lines = _lines(reading, mine) if is_own else _lines(reading, *_of_section())
    taken = Taken("order.printed", ("training_order", order_id), _people(lines), reason)
    made = queries.order_paper(reading.order, lines)
    return _answer("order", made, _name(reading, "order"), reading.order.issued_at, taken)


@route(blueprint, "/orders/<uuid:order_id>/roster.pdf", may=SIGNED_IN, about=ORDER, audited=True)
def roster(order_id: uuid.UUID) -> ResponseReturnValue:
    """Answer 受講者名簿: whom a version names, by section; one's own line alone is no list."""
    reading = read(order_id)
    if not reading.is_near:
        raise NotFound
    reason = _reason(reading)
    lines = _lines(reading, *_of_section())
    taken = Taken("order.printed", ("training_order", order_id), _people(lines), reason)
    made = queries.roster_paper(reading.order, lines, _mark(reason))
    return _answer("roster", made, _name(reading, "roster"), reading.order.issued_at, taken)


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/decisions.pdf",
    may=PLANNING,
    about=OFFERING,
    audited=True,
)
def decisions(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Answer 決定通知書, a page for each section."""
    here = selection.chosen_by(session(), actor(), offering_id)
    reason, _ = exports.check()
    day = clock.today(now())
    people = queries.decided(session(), offering_id, day, _section())
    if not people:
        raise Refused("nothing_decided")
    made = queries.decision_paper(
        here.title, day, people, sender=settings().organisation, mark=_mark(reason)
    )
    named = [each.line.person_id for each in people]
    taken = Taken("selection.printed", ("offering", offering_id), named, reason)
    return _answer("decision", made, f"decision-{here.code}.pdf", now(), taken)


def _section() -> uuid.UUID | None:
    return flask.request.args.get("section", type=uuid.UUID)


def _of_section() -> list[sa.ColumnElement[bool]]:
    """Return the condition on `OrderLine` that narrows a paper to the section that is asked for."""
    section_id = _section()
    return [OrderLine.section_id == section_id] if section_id else []


def _reason(reading: Reading) -> str:
    """Return why the office takes a list; whoever a version is addressed to needs to say nothing.

    Raises what `exports.check` raises.
    """
    return exports.check()[0] if reading.is_office else ""


def _lines(reading: Reading, *conditions: sa.ColumnElement[bool]) -> list[LineRow]:
    """Return the lines of a paper; raises NotFound without any, and Refused("too_many_pages")."""
    day = clock.today(now())
    lines = orders.lines(session(), reading.order.id, day, reading.lines, *conditions)
    if not lines:
        raise NotFound
    if len(lines) > MOST:
        raise Refused("too_many_pages", most=f"{MOST:,}", count=f"{len(lines):,}")
    return lines


def _people(lines: Iterable[LineRow]) -> list[uuid.UUID]:
    return [row.person_id for row in lines]


def _name(reading: Reading, what: str) -> str:
    """Return the file's name: order-2026-12-2.pdf."""
    order = reading.order
    return f"{what}-{order.fiscal_year}-{order.serial}-{order.version}.pdf"


def _mark(reason: str) -> str:
    """Return the line at the foot of a list: who took it, when, why, under which reference."""
    said = [
        f"{actor().section} {actor().name}".strip(),
        f"{now().astimezone(clock.JST):%Y/%m/%d %H:%M}",
        exports.REASONS[reason].text if reason else "",
        flask.g.get("reference", ""),
    ]
    return "　".join(filter(None, said))


def _answer(
    template: str, data: dict[str, Any], name: str, at: datetime, taken: Taken
) -> flask.Response:
    """Return a paper, made while nobody waits for the database, and write down who is on it."""
    let_go()
    body = pdf.render(template, data, now=at, fonts=settings().fonts)
    shown = audit.shown(taken.people)
    showing.note(taken.action, *taken.subject, {**shown, "reason": taken.reason})
    response = flask.Response(body, mimetype="application/pdf")
    response.headers["Cache-Control"] = "no-store"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
