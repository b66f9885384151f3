"""Reads of lists that somebody wants again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.saved_filters.models import SavedFilter


@dataclass(frozen=True)
class FilterLine:
    """A list as somebody keeps it."""

    id: uuid.UUID
    name: str
    #: What the address of the list says.
    query: str


def of_list(session: Session, person_id: uuid.UUID, endpoint: str) -> list[FilterLine]:
    """Return somebody's own of one list, by name: one statement."""
    rows = session.execute(
        sa.select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
        .where(SavedFilter.person_id == person_id, SavedFilter.endpoint == endpoint)
        .order_by(SavedFilter.name)
    )
    return [FilterLine(*row) for row in rows]
