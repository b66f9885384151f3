"""The only way to somebody's place in a run on behalf of whoever looks after the run."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.permission import access as permission
from app.people.permission.access import PLANNING
from app.training.enrolment.models import Enrolment
from app.training.plans import queries as plans


def enrolment(session: Session, actor: Actor, enrolment_id: uuid.UUID, now: datetime) -> Enrolment:
    """Return an enrolment; raises NotFound beyond the actor's trainings and sections."""
    row = session.get(Enrolment, enrolment_id)
    if row is None:
        raise NotFound
    run = plans.run(session, row.run_id)
    permission.check_reaches(session, actor, PLANNING, row.person_id, run.subject, now)
    return row
