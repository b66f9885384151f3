"""Reads of clients: all there are, with who made each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.clients.models import XapiClient
from app.people.register.models import Person


@dataclass(frozen=True)
class Listed:
    """A client as a list shows it: never with what is kept of its secret."""

    id: uuid.UUID
    name: str
    key: str
    scopes: Sequence[str]
    created_at: datetime
    #: Who made it; empty for somebody who was erased.
    maker: str
    stopped_at: datetime | None


def listed(session: Session) -> list[Listed]:
    """Return all clients in one statement: those that may speak first, then the newest."""
    rows = session.execute(
        sa.select(
            XapiClient.id,
            XapiClient.name,
            XapiClient.key,
            XapiClient.scopes,
            XapiClient.created_at,
            sa.func.coalesce(Person.name, ""),
            XapiClient.stopped_at,
        )
        .outerjoin(Person, Person.id == XapiClient.created_by)
        .order_by(XapiClient.stopped_at.is_not(None), XapiClient.id.desc())
    )
    return [Listed(*row) for row in rows]
