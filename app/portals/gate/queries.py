"""Reads of the gate: a login under way, and the last launches of a portal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.hashing import hashed
from app.portals.gate.models import PortalLaunch, PortalLogin
from app.portals.registrations.models import Portal

#: How long somebody may take at their portal.
PATIENCE: Final = timedelta(minutes=10)
ACCEPTED: Final = "accepted"


def waiting(session: Session, state: str, now: datetime) -> PortalLogin | None:
    """Return the login of a state, which has not been used yet and is not too old."""
    row = session.get(PortalLogin, hashed(state))
    is_good = row is not None and row.used_at is None and row.created_at > now - PATIENCE
    return row if is_good else None


def portal_of(session: Session, state: str) -> Portal | None:
    """Return the portal that a login was begun with, however it ended; None for none of ours."""
    query = sa.select(Portal).join(PortalLogin, PortalLogin.portal_id == Portal.id)
    return session.scalars(query.where(PortalLogin.state_hash == hashed(state))).one_or_none()


def launches(portal_id: object = None, *, refused: bool = False) -> sa.Select[Any]:
    """Return the query of the last launches, the newest first; of one portal, or of none known."""
    query = sa.select(PortalLaunch).order_by(PortalLaunch.at.desc(), PortalLaunch.id.desc())
    if portal_id is None:
        query = query.where(PortalLaunch.portal_id.is_(None))
    else:
        query = query.where(PortalLaunch.portal_id == portal_id)
    return query.where(PortalLaunch.code != ACCEPTED) if refused else query
