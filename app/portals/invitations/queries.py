"""Reads of invitations: whether an address still holds, and those that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.hashing import hashed
from app.portals.invitations.models import PortalInvitation


def known(session: Session, token: str) -> PortalInvitation | None:
    """Return the invitation of a token, whether it holds or not; None for what is not ours."""
    query = sa.select(PortalInvitation).where(PortalInvitation.token_hash == hashed(token))
    return session.scalars(query).one_or_none()


def is_good(row: PortalInvitation | None, now: datetime) -> bool:
    """Whether an invitation may be used: once, and in time."""
    return row is not None and row.used_at is None and now < row.expires_at


def waiting(session: Session, now: datetime) -> Sequence[PortalInvitation]:
    """Return the invitations that may still be used, the newest first."""
    query = sa.select(PortalInvitation).where(
        PortalInvitation.used_at.is_(None), PortalInvitation.expires_at > now
    )
    return session.scalars(query.order_by(PortalInvitation.created_at.desc())).all()
