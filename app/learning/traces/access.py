"""Who may read a debug log: the author of a preview one's own, and who looks after it any other."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.learning.records import access as records
from app.learning.records.models import Attempt
from app.people.permission import access as permission
from app.people.permission.models import Role


def attempt_for(session: Session, actor: Actor, attempt_id: uuid.UUID, now: datetime) -> Attempt:
    """Return an attempt whose log the actor may read; raises NotFound for any other."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFound
    if attempt.record_id is not None:
        records.record(session, actor, attempt.record_id, now)
    elif attempt.person_id is None:
        raise NotFound
    elif attempt.person_id != actor.known_id:
        permission.check_reaches(session, actor, {Role.OFFICE}, attempt.person_id, None, now)
    return attempt
