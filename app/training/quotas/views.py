"""The page on which the office allots the seats of an offering."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from app.kernel.language import gettext
from app.kernel.web import showing
from app.kernel.web.problems import sentence
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission import access as permission
from app.people.sections import queries as sections
from app.training.offerings import access
from app.training.offerings.queries import Offered
from app.training.quotas import queries, service
from app.training.quotas.forms import QuotaTable, table_of
from app.training.quotas.queries import Frame, Holder

blueprint = flask.Blueprint("quotas", __name__)
PLANNING = having(*sorted(permission.PLANNING))
WHOLE_OFFERING = {"offering_id": "whole offering"}
#: So many who hold places of a quota are named.
MOST_NAMED = 50


@route(blueprint, "/offerings/<uuid:offering_id>/quotas", may=PLANNING, about=WHOLE_OFFERING)
def quotas(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Show the quotas, and ask for others."""
    offered, _ = access.planned(session(), actor(), offering_id, whole=True)
    frame = queries.frame(session(), offering_id, clock.today(now()))
    return _page(offered, frame, _table(frame))


@route(
    blueprint,
    "/offerings/<uuid:offering_id>/quotas",
    may=PLANNING,
    about=WHOLE_OFFERING,
    method="POST",
)
def allot(offering_id: uuid.UUID) -> ResponseReturnValue:
    """Allot the seats; what would go beyond them, or below what is taken, is asked about first."""
    offered, _ = access.planned(session(), actor(), offering_id, whole=True)
    frame = queries.frame(session(), offering_id, clock.today(now()))
    table = _table(frame)
    table.read(flask.request.form)
    if not table.is_sound:
        return _page(offered, frame, table), 422
    may_exceed = flask.request.form.get("exceeds") == "1"
    try:
        service.allot(
            session(), offering_id, table.data_of(), may_exceed=may_exceed, by=actor(), now=now()
        )
    except Refused as refusal:
        return _page(offered, frame, table, refusal), 422
    flask.flash(gettext("割当を保存しました。"), "success")
    return flask.redirect(flask.url_for("offerings.offering", offering_id=offering_id), 303)


def _table(frame: Frame) -> QuotaTable:
    names = sections.names(session(), clock.today(now()))
    grades = queries.grades(session())
    return table_of(sections.tree(session(), now()), grades, frame.accounts, names)


def _page(offered: Offered, frame: Frame, table: QuotaTable, refusal: Refused | None = None) -> str:
    return flask.render_template(
        "training/quotas.html",
        offering=offered,
        frame=frame,
        table_of=table,
        told=sentence(refusal.code, refusal.data) if refusal else None,
        exceeds=refusal is not None and refusal.code == "quotas_exceed_capacity",
        holders=_holders(offered.id, refusal),
        most_named=MOST_NAMED,
    )


def _holders(offering_id: uuid.UUID, refusal: Refused | None) -> list[Holder]:
    """Return who holds the places below which a quota was to be lowered; it is written down."""
    if refusal is None or refusal.code != "quota_below_taken":
        return []
    section_id, grade = refusal.data["section_id"], str(refusal.data["grade"])
    of = section_id if isinstance(section_id, uuid.UUID) else None
    found = queries.holders(session(), offering_id, of, grade, now())
    shown = audit.shown((each.person_id for each in found[:MOST_NAMED]), total=len(found))
    showing.note("offering.holders_viewed", "offering", offering_id, shown)
    return found
