"""The only way to a list that somebody keeps: it is nobody's but theirs."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.saved_filters.models import SavedFilter


def own(session: Session, actor: Actor, filter_id: uuid.UUID) -> SavedFilter:
    """Return one of the actor's own; raises NotFound for anybody else's."""
    row = session.get(SavedFilter, filter_id)
    if row is None or row.person_id != actor.known_id:
        raise NotFound
    return row
