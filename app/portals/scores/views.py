"""The check pages of a portal: launches that came, and scores that went back."""

from __future__ import annotations

import uuid

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web import paging
from app.kernel.web.routing import now, route, session
from app.kernel.web.rules import actor, having
from app.people.permission.models import Role
from app.portals.gate import queries as gate
from app.portals.gate import text as gate_text
from app.portals.gate.models import PortalLaunch
from app.portals.links import text as links_text
from app.portals.registrations import service as registrations
from app.portals.scores import queries, service, text

blueprint = flask.Blueprint("portal_checks", __name__, url_prefix="/portals/<uuid:portal_id>")

READERS = having(Role.ADMINISTRATOR, Role.AUDITOR)
ADMINISTRATORS = having(Role.ADMINISTRATOR)
PORTAL = {"portal_id": "portal"}


@route(blueprint, "/launches", may=READERS, about=PORTAL)
def launches(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Show what came of the last launches, for who looks why one does not open."""
    row = registrations.found(session(), portal_id)
    refused = flask.request.args.get("only") == "refused"
    query = gate.launches(portal_id, refused=refused)
    page = paging.page_of(session(), query, _launch, paging.number())
    opened = {each.material_id for each in page.rows if each.material_id}
    return flask.render_template(
        "portals/portal_launches.html",
        portal=row,
        page=page,
        refused=refused,
        titles=queries.titles(session(), opened),
        steps=gate_text.STEPS,
        accepted=gate.ACCEPTED,
        what=gate_text.what,
        mending=gate_text.mending,
    )


def _launch(row: PortalLaunch) -> PortalLaunch:
    return row


@route(blueprint, "/scores", may=READERS, about=PORTAL)
def scores(portal_id: uuid.UUID) -> ResponseReturnValue:
    """Show the last scores, and where each stands."""
    row = registrations.found(session(), portal_id)
    state = flask.request.args.get("state", "")
    if state not in text.SCORE_STATES:
        state = ""
    query = queries.scores(portal_id, state)
    page = paging.page_of(session(), query, queries.ScoreRow, paging.number())
    return flask.render_template(
        "portals/portal_scores.html",
        portal=row,
        page=page,
        state=state,
        states=text.SCORE_STATES,
        progress=text.PROGRESS,
        reasons=links_text.SERVICES,
        now=now(),
        may_change=Role.ADMINISTRATOR in actor().roles,
    )


@route(
    blueprint,
    "/scores/<uuid:assignment_id>/send",
    may=ADMINISTRATORS,
    about={**PORTAL, "assignment_id": "portal_assignment"},
    method="POST",
)
def send_again(portal_id: uuid.UUID, assignment_id: uuid.UUID) -> ResponseReturnValue:
    """Send a score once more."""
    if not queries.is_of(session(), portal_id, assignment_id):
        raise NotFound
    service.send_again(session(), assignment_id, by=actor(), now=now())
    flask.flash(
        gettext("得点を、もう一度送ります。少し待ってから、この画面を開き直してください。"),
        "success",
    )
    return flask.redirect(flask.url_for(".scores", portal_id=portal_id), 303)
