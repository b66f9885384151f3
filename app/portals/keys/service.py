"""Keys made, changed and published.

A new key is published at once and signs a day later, when every platform has fetched it; the one
before it stays published until it is withdrawn.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import sealing
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.settings import Settings
from app.portals.keys.models import PortalKey
from lti import signing
from lti.signing import ToolKey

#: How long platforms may keep our set of keys, in seconds.
KEPT: Final = 3600
#: How long a new key is published before it signs.
AHEAD: Final = timedelta(hours=24)


def make(
    session: Session,
    portal_id: uuid.UUID,
    signs_from: datetime,
    *,
    now: datetime,
    settings: Settings,
) -> PortalKey:
    """Make a pair of keys for a portal."""
    row = PortalKey(
        kid=uuid.uuid4().hex,
        portal_id=portal_id,
        sealed=sealing.seal(settings, signing.generate()),
        created_at=now,
        signs_from=signs_from,
    )
    session.add(row)
    session.flush()
    return row


def change(
    session: Session, portal_id: uuid.UUID, *, by: Actor, now: datetime, settings: Settings
) -> PortalKey:
    """Have a new key sign from tomorrow on.

    Raises Refused("key_is_new") while the last one has not begun to.
    """
    if any(key.signs_from > now for key in listed(session, portal_id)):
        raise Refused("key_is_new")
    row = make(session, portal_id, now + AHEAD, now=now, settings=settings)
    _record(session, "portal.key_changed", row, by, now)
    return row


def withdraw(session: Session, kid: str, *, by: Actor, now: datetime) -> PortalKey:
    """Publish a key no more: at once, whatever it has signed.

    Raises NotFound, and Refused("key_is_last") where no other could sign.
    """
    row = session.get(PortalKey, kid, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise NotFound
    others = [key for key in listed(session, row.portal_id) if key.kid != kid]
    if not others:
        raise Refused("key_is_last")
    row.withdrawn_at = now
    if not any(key.signs_from <= now for key in others):
        others[0].signs_from = now
    _record(session, "portal.key_withdrawn", row, by, now)
    return row


def listed(session: Session, portal_id: uuid.UUID) -> Sequence[PortalKey]:
    """Return the keys of a portal that are published, the newest first."""
    query = sa.select(PortalKey).where(
        PortalKey.portal_id == portal_id, PortalKey.withdrawn_at.is_(None)
    )
    return session.scalars(query.order_by(PortalKey.signs_from.desc(), PortalKey.kid)).all()


def signing_key(
    session: Session, portal_id: uuid.UUID, *, now: datetime, settings: Settings
) -> ToolKey:
    """Return the key that signs for a portal now."""
    rows = [key for key in listed(session, portal_id) if key.signs_from <= now]
    return _ready(rows[0], settings)


def published(session: Session, settings: Settings) -> dict[str, Any]:
    """Return the public halves of all keys as a set (RFC 7517)."""
    query = sa.select(PortalKey).where(PortalKey.withdrawn_at.is_(None)).order_by(PortalKey.kid)
    return signing.key_set(_ready(row, settings) for row in session.scalars(query))


def seal_anew(session: Session, settings: Settings) -> int:
    """Seal every private half with the present key of the installation; return how many."""
    rows = session.scalars(sa.select(PortalKey)).all()
    for row in rows:
        row.sealed = sealing.seal_anew(settings, row.sealed)
    return len(rows)


def _ready(row: PortalKey, settings: Settings) -> ToolKey:
    return _opened(settings, row.kid, row.sealed)


@lru_cache(maxsize=256)
def _opened(settings: Settings, kid: str, sealed: str) -> ToolKey:
    """Return a key that is ready to sign: opening one takes as long as all else of a score."""
    return signing.load(kid, sealing.unseal(settings, sealed))


def _record(session: Session, action: str, row: PortalKey, by: Actor, now: datetime) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("portal", row.portal_id),
        details={"kid": row.kid},
    )
