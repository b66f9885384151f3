"""Invitations made, and used up by the one platform that registers itself with each.

What comes of one is a proposal of whoever invited: another administrator approves it.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Gone
from app.kernel.hashing import hashed
from app.kernel.settings import Settings
from app.portals.invitations.models import PortalInvitation
from app.portals.registrations import queries as portals
from app.portals.registrations import service as registrations
from app.portals.registrations.models import Portal
from app.portals.registrations.service import Addresses
from lti.dynamic import Platform, Registered

#: How long an address holds.
HOLDS: Final = timedelta(days=7)
#: Bytes of chance in its token.
CHANCE: Final = 32


def invite(
    session: Session, name: str, *, by: Actor, now: datetime
) -> tuple[PortalInvitation, str]:
    """Return a new invitation, and its token: nobody is told it again."""
    token = secrets.token_urlsafe(CHANCE)
    row = PortalInvitation(
        token_hash=hashed(token),
        name=name,
        created_by=by.known_id,
        created_at=now,
        expires_at=now + HOLDS,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "portal_invitation.created",
        by=by.person_id,
        now=now,
        subject=("portal_invitation", row.id),
        details={"name": name},
    )
    return row, token


def accept(
    session: Session,
    invitation_id: uuid.UUID,
    platform: Platform,
    registered: Registered,
    *,
    now: datetime,
    settings: Settings,
) -> Portal:
    """Propose the platform that has registered itself, and use the invitation up.

    Raises Gone("invitation_used") where it does not hold any more, and Refused("portal_known");
    whoever is told so takes back what was written.
    """
    row = _use_up(session, invitation_id, now)
    said = Addresses(
        name=row.name,
        issuer=platform.issuer,
        client_id=registered.client_id,
        auth_login_url=platform.auth_login_url,
        auth_token_url=platform.auth_token_url,
        key_set_url=platform.key_set_url,
        auth_audience=platform.auth_audience,
    )
    by = Actor(person_id=row.created_by)
    portal = registrations.propose(session, said, by=by, now=now, settings=settings)
    row.portal_id = portal.id
    if registered.deployment_id:
        portals.note_deployment(session, portal.id, registered.deployment_id, now)
    audit.record(
        session,
        "portal_invitation.used",
        by=None,
        now=now,
        subject=("portal_invitation", row.id),
        details={"portal": str(portal.id)},
    )
    return portal


def _use_up(session: Session, invitation_id: uuid.UUID, now: datetime) -> PortalInvitation:
    """Return an invitation, used up by this one statement. Raises Gone."""
    used = session.execute(
        sa.update(PortalInvitation)
        .where(
            PortalInvitation.id == invitation_id,
            PortalInvitation.used_at.is_(None),
            PortalInvitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(PortalInvitation.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if used is None:
        raise Gone("invitation_used")
    return session.get_one(PortalInvitation, invitation_id, populate_existing=True)
