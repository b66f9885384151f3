"""Reads of sessions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.learning.sessions.models import XapiSession


def one(session: Session, session_id: uuid.UUID) -> XapiSession:
    """Return a session. Raises NotFound."""
    row = session.get(XapiSession, session_id)
    if row is None:
        raise NotFound
    return row


def by_fetch(session: Session, fetch_hash: str) -> XapiSession | None:
    """Return the session that a fetch URL opens, locked; None where it opens none."""
    query = sa.select(XapiSession).where(XapiSession.fetch_hash == fetch_hash)
    return session.scalars(query.with_for_update()).one_or_none()


def going_on(session: Session, attempt_id: uuid.UUID) -> Sequence[XapiSession]:
    """Return the sessions of an attempt that have not ended, locked."""
    query = sa.select(XapiSession).where(
        XapiSession.attempt_id == attempt_id, XapiSession.ended_at.is_(None)
    )
    return session.scalars(query.order_by(XapiSession.id).with_for_update()).all()


def expired(session: Session, now: datetime, most: int) -> Sequence[uuid.UUID]:
    """Return sessions whose token has expired and that have not ended, the oldest first."""
    query = (
        sa.select(XapiSession.id)
        .where(XapiSession.ended_at.is_(None), XapiSession.expires_at <= now)
        .order_by(XapiSession.expires_at)
        .limit(most)
    )
    return session.scalars(query).all()
