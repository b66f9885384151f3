"""The pages beside the player in a portal's frame: a teacher's of a link, and the last one."""

from __future__ import annotations

import logging
import uuid

import flask
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app.content.materials import queries as material_queries
from app.content.materials.models import Material
from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import PUBLIC
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player.access import Door, Visit
from app.portals.calling import service as calling
from app.portals.gate.access import framed
from app.portals.links import access, text
from app.portals.links.access import TICKETED
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations import queries as portals
from app.portals.registrations.models import ScoreRule
from app.portals.rosters import service as rosters
from lti.services import ServiceRefused

log = logging.getLogger(__name__)

blueprint = flask.Blueprint("portal_links", __name__, url_prefix="/lti")

TICKET = {"ticket": "launch"}
MATERIAL = {"material_id": "open material"}


@route(blueprint, "/links/<ticket>", may=TICKETED, about=TICKET, for_machines=True)
def link(ticket: str) -> ResponseReturnValue:
    """Show a link to a portal's teachers: what it opens, and how far its learners are."""
    found, asked = _link(), flask.request.args.get("members") == "1"
    material = session().get_one(Material, found.material_id)
    lines, fault = rosters.known(session(), found), ""
    if asked and found.roster:
        connector = calling.connector(session(), flask.g.portal, now=now(), settings=settings())
        roster, link_id = found.roster, found.resource_link_id
        portal = flask.g.portal
        try:
            lines = rosters.with_members(lines, connector, roster, link_id)
        except ServiceRefused as error:
            log.warning("lti.roster_refused", extra={"portal": str(portal.id), "code": error.code})
            fault = error.code
    with force_locale(access.ticket().language):
        page = flask.render_template(
            "portals/link.html",
            ticket=ticket,
            title=material.title,
            lines=lines,
            may_ask=bool(found.roster),
            has_asked=asked and not fault,
            fault=text.SERVICES.get(fault),
            statuses=text.STATUSES,
        )
    return framed(page, flask.g.portal)


@route(
    blueprint,
    "/links/<ticket>/preview",
    may=TICKETED,
    about=TICKET,
    method="POST",
    for_machines=True,
)
def preview(ticket: str) -> ResponseReturnValue:
    """Open a link's material for a teacher; nothing of it is recorded."""
    found, said = _link(), access.ticket()
    version = material_queries.published_version(session(), found.material_id)
    door = Door(found.portal_id, portals.origins(flask.g.portal))
    visit = Visit(Owner(guest_id=found.id), said.language, f"/lti/links/{ticket}", door)
    address = opening.preview(session(), version, visit, now=now(), settings=settings())
    return flask.redirect(address, 303)


@route(blueprint, "/left/<ticket>", may=TICKETED, about=TICKET, for_machines=True)
def left(ticket: str) -> ResponseReturnValue:
    """Say that all is saved, and lead back to the portal."""
    said = access.ticket()
    taken = session().get(PortalAssignment, said.assignment_id) if said.assignment_id else None
    if taken is None:
        raise NotFound
    with force_locale(said.language):
        page = flask.render_template(
            "portals/left.html",
            ticket=ticket,
            back=taken.return_url,
            can_link=taken.is_scored,
            is_told=taken.is_scored and flask.g.portal.score_rule != ScoreRule.NOTHING,
        )
    return framed(page, flask.g.portal)


@route(
    blueprint,
    "/materials/<uuid:material_id>",
    may=PUBLIC,
    about=MATERIAL,
    for_machines=True,
)
def material(material_id: uuid.UUID) -> ResponseReturnValue:  # noqa: ARG001 - opens nothing
    """Say that a link's address is for portals, to who types it."""
    page = flask.render_template(
        "portals/refused.html",
        what=gettext("このアドレスは、ポータルの教材のリンクから開きます。"),
        reference=flask.g.reference,
    )
    return framed(page, None)


def _link() -> PortalLink:
    """Return the link of a teacher's ticket; a learner's opens no such page."""
    said = access.ticket()
    found = session().get(PortalLink, said.link_id)
    if found is None or said.assignment_id is not None:
        raise NotFound
    return found
