"""Which sittings the actor marks: those of the trainings and the people that they look after."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.learning.exams.models import Sitting
from app.learning.records import access as records


def sitting(session: Session, actor: Actor, sitting_id: uuid.UUID, now: datetime) -> Sitting:
    """Return a sitting that the actor may mark; raises NotFound, also while it is open."""
    row = session.get(Sitting, sitting_id)
    if row is None:
        raise NotFound
    records.record(session, actor, row.record_id, now)
    if row.submitted_at is None:
        raise NotFound
    return row
