"""Whose record somebody may read: one's own, and the office anybody's."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.learning.records import queries as records
from app.learning.records.models import LearnerRecord
from app.learning.records.queries import RecordDetail
from app.people.permission.models import Role
from app.people.register.models import Person


def record_for(session: Session, actor: Actor, record_id: uuid.UUID) -> RecordDetail:
    """Return all that a record tells; raises NotFound for one that is not the actor's to read."""
    record = session.get(LearnerRecord, record_id)
    if record is None or (record.person_id != actor.known_id and Role.OFFICE not in actor.roles):
        raise NotFound
    return records.detail(session, record_id)


def named(session: Session, person_id: uuid.UUID) -> str:
    """Return the name of somebody whom the actor may read of, serving or not; raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person.name
