"""Who may read a debug log: the author of a preview one's own, the office any."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.learning.records.models import Attempt
from app.people.permission.models import Role


def attempt_for(session: Session, actor: Actor, attempt_id: uuid.UUID) -> Attempt:
    """Return an attempt whose log the actor may read; raises NotFound for any other."""
    attempt = session.get(Attempt, attempt_id)
    is_own_preview = (
        attempt is not None and attempt.record_id is None and attempt.person_id == actor.known_id
    )
    if attempt is None or not (is_own_preview or Role.OFFICE in actor.roles):
        raise NotFound
    return attempt
