"""Whose sitting it is: its person's, and nobody else's while it is taken."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.learning.exams.models import Sitting


def own(session: Session, actor: Actor, sitting_id: uuid.UUID) -> Sitting:
    """Return a sitting of the actor's own; raises NotFound for anybody else's."""
    row = session.get(Sitting, sitting_id)
    if row is None or row.person_id != actor.known_id:
        raise NotFound
    return row
