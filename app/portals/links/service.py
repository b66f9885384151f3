"""From a launch that is believed to the page that opens: who, what, and what for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import insert_new, new_id
from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from app.learning.opening import service as opening
from app.learning.player.access import Door, Visit
from app.learning.records.access import Assigned
from app.portals.learners import service as learners
from app.portals.links import access, queries
from app.portals.links.models import PortalAssignment, PortalLink
from app.portals.links.queries import Asked, Found
from app.portals.registrations.queries import OpenPortal
from lti import grades
from lti.errors import LaunchRefused
from lti.message import Message
from lti.roles import Part


@dataclass(frozen=True)
class Opened:
    """Where a launch leads, and what it opens there."""

    address: str
    material_id: uuid.UUID


@dataclass(frozen=True)
class Coming:
    """How somebody comes who is to take a material, beside who they are."""

    language: str
    #: Whether the portal takes scores of theirs.
    is_scored: bool = False
    #: Where the portal wants them back; empty for nowhere.
    return_url: str = ""


@dataclass(frozen=True)
class Taken:
    """Where a material opens for somebody, and their ticket for the pages beside it."""

    address: str
    ticket: str


def open_link(
    session: Session,
    portal: OpenPortal,
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
    link = message.deployment_id, message.resource_link_id
    asked = Asked(*link, message.subject, material_id)
    found = known(session, portal, asked, now)
    _bring_up_to_date(session, found, message)
    if message.part is Part.STAFF:
        ticket = access.sealed(settings, access.Ticket(_link_of(found), None, language))
        return Opened(f"/lti/links/{ticket}", material_id)
    is_scored = message.part is Part.LEARNER and bool(message.subject)
    coming = Coming(language, is_scored, access.return_address(message))
    taken = take(session, portal, asked, found, coming, now=now, settings=settings)
    return Opened(taken.address, material_id)


def known(session: Session, portal: OpenPortal, asked: Asked, now: datetime) -> Found:
    """Return what is known of a launch, its link kept from now on.

    Raises LaunchRefused("material_not_offered").
    """
    found = queries.found(session, portal, asked)
    if found is not None and found.link_id is None:
        insert_new(
            session,
            PortalLink,
            portal_id=portal.id,
            deployment_id=asked.deployment_id,
            resource_link_id=asked.resource_link_id,
            material_id=asked.material_id,
            created_at=now,
        )
        found = queries.found(session, portal, asked)
    if found is None:
        raise LaunchRefused("material_not_offered")
    return found


_LINK = cast("sa.Table", PortalLink.__table__)
_ASSIGNMENT = cast("sa.Table", PortalAssignment.__table__)
_OF_LINK = sa.update(_LINK).where(_LINK.c.id == sa.bindparam("link"))
_RETURNS = (
    sa.update(_ASSIGNMENT)
    .where(_ASSIGNMENT.c.id == sa.bindparam("assignment"))
    .values(return_url=sa.bindparam("address"))
)


def _bring_up_to_date(session: Session, found: Found, message: Message) -> None:
    """Have a link know what its last launch has brought along; nothing is written that is known."""
    is_known = {
        "material_id": found.link_material_id,
        "context_id": found.context_id,
        "grades": found.grades,
        "roster": found.roster,
        "line_item": found.line_item,
    }
    said = {
        "material_id": found.published.material_id,
        "context_id": message.context_id,
        "grades": dict(message.grades),
        "roster": _roster(message),
        "line_item": grades.line_item(message.grades) or found.line_item,
    }
    if said != is_known:
        session.connection().execute(_OF_LINK.values(said), {"link": found.link_id})


def _roster(message: Message) -> str:
    found = message.roster.get("context_memberships_url")
    return found if isinstance(found, str) else ""


def take(
    session: Session,
    portal: OpenPortal,
    asked: Asked,
    found: Found,
    coming: Coming,
    *,
    now: datetime,
    settings: Settings,
) -> Taken:
    """Open a material for whoever takes it, until the agreement's last day is over.

    Raises LaunchRefused("material_not_offered"), ("too_many_learners").
    """
    if found.learner_id is None:
        learner = learners.enter(session, portal, asked.subject, now)
    else:
        learner = learners.Learner(found.learner_id, found.person_id)
    assignment_id = _assigned(session, found, learner.id, coming, now)
    ticket = access.sealed(settings, access.Ticket(_link_of(found), assignment_id, coming.language))
    door = Door(portal.id, portal.origins)
    visit = Visit(learner.owner, coming.language, f"/lti/left/{ticket}", door)
    assigned = Assigned(asked.material_id, assignment_id, until=portal.closes_at)
    try:
        address = opening.launch(
            session, assigned, visit, now=now, settings=settings, published=found.published
        )
    except NotFound as error:  # a film that nobody can watch yet
        raise LaunchRefused("material_not_offered") from error
    return Taken(address, ticket)


def _link_of(found: Found) -> uuid.UUID:
    assert found.link_id is not None  # `known` keeps it
    return found.link_id


def _assigned(
    session: Session, found: Found, learner_id: uuid.UUID, coming: Coming, now: datetime
) -> uuid.UUID:
    """Return the key of that a learner takes a link's material, kept from now on."""
    if found.assignment_id is not None:
        if found.return_url != coming.return_url:
            said = {"assignment": found.assignment_id, "address": coming.return_url}
            session.connection().execute(_RETURNS, said)
        return found.assignment_id
    own = {
        "link_id": _link_of(found),
        "learner_id": learner_id,
        "material_id": found.published.material_id,
    }
    key = new_id()
    said = {"is_scored": coming.is_scored, "return_url": coming.return_url, "created_at": now}
    if insert_new(session, PortalAssignment, id=key, **own, **said):
        return key
    # Another launch of the same moment was the first.
    return session.scalars(sa.select(PortalAssignment.id).filter_by(**own)).one()
