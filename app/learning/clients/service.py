"""Clients are made, with a secret that is shown once, and stopped at once."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.kernel.hashing import hashed
from app.learning.clients.access import SCOPES
from app.learning.clients.models import XapiClient

#: Random bytes of a key, which is no secret, and of a secret.
_KEY: Final = 12
_SECRET: Final = 32


@dataclass(frozen=True)
class Made:
    """A client, and the secret that nobody can be told again."""

    client: XapiClient
    secret: str


def make(session: Session, name: str, scopes: Collection[str], *, by: Actor, now: datetime) -> Made:
    """Make a client. Raises Refused for no name, and for scopes that there are not."""
    if not name.strip():
        raise Refused("client_name_needed")
    if not scopes or not SCOPES.keys() >= set(scopes):
        raise Refused("client_scopes_needed")
    secret = secrets.token_urlsafe(_SECRET)
    row = XapiClient(
        name=name.strip(),
        key=secrets.token_urlsafe(_KEY),
        secret_hash=hashed(secret),
        scopes=sorted(scopes),
        created_by=by.known_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "xapi_client.made",
        by=by.person_id,
        now=now,
        subject=("xapi_client", row.id),
        details={"client": row.name, "scopes": " ".join(row.scopes)},
    )
    return Made(row, secret)


def found(session: Session, client_id: uuid.UUID) -> XapiClient:
    """Return a client, locked to be changed. Raises NotFound."""
    row = session.get(XapiClient, client_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


def stop(session: Session, client: XapiClient, *, by: Actor, now: datetime) -> None:
    """Let a client do nothing any more; what it has said stays."""
    if client.stopped_at is None:
        client.stopped_at = now
        audit.record(
            session,
            "xapi_client.stopped",
            by=by.person_id,
            now=now,
            subject=("xapi_client", client.id),
            details={"client": client.name},
        )
