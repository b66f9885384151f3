"""Whose record somebody may read: one's own, and those one looks after."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.learning.records import access as looking_after
from app.learning.records import queries as records
from app.learning.records.models import LearnerRecord
from app.learning.records.queries import RecordDetail
from app.people.register.models import Person


def record_for(
    session: Session, actor: Actor, record_id: uuid.UUID, now: datetime
) -> tuple[RecordDetail, bool]:
    """Return all that a record tells, and whether the actor looks after it.

    Raises NotFound for one that is neither that nor the actor's own.
    """
    row = session.get(LearnerRecord, record_id)
    is_own = row is not None and row.person_id == actor.known_id
    is_looked_after = True
    try:
        looking_after.record(session, actor, record_id, now)
    except NotFound:
        if not is_own:
            raise
        is_looked_after = False
    return records.detail(session, record_id), is_looked_after


def named(session: Session, person_id: uuid.UUID) -> str:
    """Return the name of somebody whose record may be read, serving or not."""
    return session.get_one(Person, person_id).name
