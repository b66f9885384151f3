"""Whose record somebody may look after: the wing that assigned it knows of which training it is."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import cast

import flask
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.learning.records.models import LearnerRecord
from app.people.permission import access as permission
from app.people.permission.access import PLANNING, Subject

#: Under this name the application keeps a function from an assignment to its training.
TRAINING_OF = "kenshu.training_of"


def record(session: Session, actor: Actor, record_id: uuid.UUID, now: datetime) -> LearnerRecord:
    """Return a record of a training and a person that the actor looks after; raises NotFound."""
    row = session.get(LearnerRecord, record_id)
    if row is None:
        raise NotFound
    training_of = cast(
        "Callable[[Session, uuid.UUID], Subject | None]",
        flask.current_app.extensions[TRAINING_OF],
    )
    training = training_of(session, row.assignment_id)
    permission.check_reaches(session, actor, PLANNING, row.person_id, training, now)
    return row
