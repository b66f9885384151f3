"""Somebody's own word on who of the staff they are: in a window of the office, by their sign-in."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from app.kernel.errors import NotFound
from app.kernel.language import gettext
from app.kernel.web.routing import now, route, session, settings
from app.kernel.web.rules import SIGNED_IN, actor
from app.portals.learners import service
from app.portals.learners.models import PortalLearner
from app.portals.links import access
from app.portals.links.models import PortalAssignment
from app.portals.registrations.models import Portal

blueprint = flask.Blueprint("portal_learners", __name__, url_prefix="/portals/mine")

TICKET = {"ticket": "launch"}


@route(blueprint, "/<ticket>", may=SIGNED_IN, about=TICKET)
def mine(ticket: str) -> ResponseReturnValue:
    """Ask whether what was learnt by a portal is the actor's own."""
    portal, row = _said(ticket)
    return flask.render_template(
        "portals/mine.html",
        portal=portal.name,
        is_mine=row.person_id == actor().known_id,
        is_anothers=row.person_id not in (None, actor().known_id),
    )


@route(blueprint, "/<ticket>", may=SIGNED_IN, about=TICKET, method="POST")
def link(ticket: str) -> ResponseReturnValue:
    """Have what was learnt by a portal be on the actor's own record."""
    _, row = _said(ticket)
    service.link_self(session(), row.id, by=actor(), now=now())
    flask.flash(gettext("ポータルでの受講を、あなたの受講履歴に載せました。"), "success")
    return flask.redirect(flask.url_for(".mine", ticket=ticket), 303)


def _said(word: str) -> tuple[Portal, PortalLearner]:
    """Return the portal of a ticket, and whom it was given to."""
    said = access.opened(settings(), word)
    portal = access.portal_of(session(), said)
    taken = session().get(PortalAssignment, said.assignment_id) if said.assignment_id else None
    row = session().get_one(PortalLearner, taken.learner_id) if taken else None
    if row is None or row.subject is None:
        raise NotFound
    return portal, row
