"""Reads of notices: what a person has not opened yet."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.notices.models import Notice


@dataclass(frozen=True)
class Unread:
    """One notice, before it has its words."""

    id: uuid.UUID
    kind: str
    data: dict[str, Any]
    created_at: datetime


def unread(session: Session, person_id: uuid.UUID, most: int = 5) -> list[Unread]:
    """Return a person's unread notices, newest first, in one statement."""
    rows = session.execute(
        sa.select(Notice.id, Notice.kind, Notice.data, Notice.created_at)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        .order_by(Notice.created_at.desc(), Notice.id.desc())
        .limit(most)
    )
    return [Unread(*row) for row in rows]
