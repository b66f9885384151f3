"""From a launch that is believed to the page that opens: who, what, and what for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel import clock
from app.kernel.db import new_id
from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from app.learning.opening import service as opening
from app.learning.player.access import Door, Visit
from app.learning.records.access import Assigned
from app.portals.learners import service as learners
from app.portals.learners.models import PortalLearner
from app.portals.links import access
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.registrations import queries as portals
from app.portals.registrations.models import Portal
from app.portals.registrations.queries import insert_new
from lti import grades
from lti.errors import LaunchRefused
from lti.message import Message
from lti.roles import Part


@dataclass(frozen=True)
class Opened:
    """Where a launch leads, and what it opens there."""

    address: str
    material_id: uuid.UUID


def open_link(
    session: Session,
    portal: Portal,
    message: Message,
    language: str,
    *,
    now: datetime,
    settings: Settings,
) -> Opened:
    """Open a link for whoever has come by it: its material, or for teachers a page about it.

    Raises LaunchRefused("link_without_material"), ("material_not_offered"), ("too_many_learners").
    """
    material_id = access.material_in(message, settings)
    if material_id is None:
        raise LaunchRefused("link_without_material")
    offered = portals.may_open(session, portal, material_id)
    if offered is None:
        raise LaunchRefused("material_not_offered")
    material, version = offered
    link, learner, taken = _known(session, portal, message, material.id)
    if link is None:
        add_link(session, portal, message.deployment_id, message.resource_link_id, material.id, now)
        link, learner, taken = _known(session, portal, message, material.id)
        assert link is not None
    _bring_up_to_date(link, message, material.id)
    if message.part is Part.STAFF:
        return Opened(staff_page(link, language, settings), material.id)
    learner = learner or learners.known(session, portal, message.subject, now)
    is_scored = message.part is Part.LEARNER and learner.subject is not None
    taken = taken or assignment(session, link, learner, is_scored=is_scored, now=now)
    taken.return_url = access.return_address(message)
    ticket = access.sealed(settings, access.Ticket(link.id, taken.id, language))
    visit = visit_of(portal, learner, ticket, language)
    address = launched(session, portal, taken, visit, version, now=now, settings=settings)
    return Opened(address, material.id)


def visit_of(portal: Portal, learner: PortalLearner, ticket: str, language: str) -> Visit:
    """Return how a portal's learner is shown what they take, and where they go once they leave."""
    door = Door(portal.id, portals.origins(portal))
    return Visit(learners.owner_of(learner), language, f"/lti/left/{ticket}", door)


def launched(
    session: Session,
    portal: Portal,
    taken: PortalAssignment,
    visit: Visit,
    published: Version,
    *,
    now: datetime,
    settings: Settings,
) -> str:
    """Launch what somebody takes, until the agreement's last day is over; return its address.

    Raises LaunchRefused("material_not_offered").
    """
    until = clock.end_of(portal.valid_to) if portal.valid_to else None
    assigned = Assigned(taken.material_id, taken.id, until=until)
    try:
        return opening.launch(
            session, assigned, visit, now=now, settings=settings, published=published
        )
    except NotFound as error:  # a film that nobody can watch yet
        raise LaunchRefused("material_not_offered") from error


def staff_page(link: PortalLink, language: str, settings: Settings) -> str:
    """Return the address of the page that a portal's teachers have of a link."""
    return f"/lti/links/{access.sealed(settings, access.Ticket(link.id, None, language))}"


#: What is known of a launch; asked at each, and so made once. Nobody's name is nobody's.
_KNOWN = (
    sa.select(PortalLink, PortalLearner, PortalAssignment)
    .select_from(PortalLink)
    .outerjoin(
        PortalLearner,
        sa.and_(
            PortalLearner.portal_id == PortalLink.portal_id,
            PortalLearner.subject == sa.bindparam("subject"),
        ),
    )
    .outerjoin(
        PortalAssignment,
        sa.and_(
            PortalAssignment.link_id == PortalLink.id,
            PortalAssignment.learner_id == PortalLearner.id,
            PortalAssignment.material_id == sa.bindparam("material"),
        ),
    )
    .where(
        PortalLink.portal_id == sa.bindparam("portal"),
        PortalLink.deployment_id == sa.bindparam("deployment"),
        PortalLink.resource_link_id == sa.bindparam("link"),
    )
)


def _known(
    session: Session, portal: Portal, message: Message, material_id: uuid.UUID
) -> tuple[PortalLink | None, PortalLearner | None, PortalAssignment | None]:
    """Return what is known of a launch already, by one statement."""
    asked = {
        "portal": portal.id,
        "deployment": message.deployment_id,
        "link": message.resource_link_id,
        "subject": message.subject,
        "material": material_id,
    }
    row = session.execute(_KNOWN, asked).one_or_none()
    return (row[0], row[1], row[2]) if row else (None, None, None)


def add_link(
    session: Session,
    portal: Portal,
    deployment_id: str,
    resource_link_id: str,
    material_id: uuid.UUID,
    now: datetime,
) -> None:
    """Keep a link that a portal has; one that is known already stays as it is."""
    insert_new(
        session,
        PortalLink,
        id=new_id(),
        portal_id=portal.id,
        deployment_id=deployment_id,
        resource_link_id=resource_link_id,
        material_id=material_id,
        grades={},
        created_at=now,
    )


def _bring_up_to_date(link: PortalLink, message: Message, material_id: uuid.UUID) -> None:
    """Have a link know what its last launch has brought along; nothing is written that is known."""
    said = {
        "material_id": material_id,
        "context_id": message.context_id,
        "grades": dict(message.grades),
        "roster": _roster(message),
        "line_item": grades.line_item(message.grades) or link.line_item,
    }
    for name, value in said.items():
        if getattr(link, name) != value:
            setattr(link, name, value)


def _roster(message: Message) -> str:
    found = message.roster.get("context_memberships_url")
    return found if isinstance(found, str) else ""


def assignment(
    session: Session, link: PortalLink, learner: PortalLearner, *, is_scored: bool, now: datetime
) -> PortalAssignment:
    """Return that somebody takes a link's material; scored is what a service sends back."""
    query = sa.select(PortalAssignment).where(
        PortalAssignment.link_id == link.id,
        PortalAssignment.learner_id == learner.id,
        PortalAssignment.material_id == link.material_id,
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        insert_new(
            session,
            PortalAssignment,
            id=new_id(),
            link_id=link.id,
            learner_id=learner.id,
            material_id=link.material_id,
            is_scored=is_scored,
            created_at=now,
        )
        found = session.scalars(query).one()
    return found
