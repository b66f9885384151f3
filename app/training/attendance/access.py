"""The only way to a session and its list: of whoever looks after the training, or teaches it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.permission.access import Reach
from app.training.plans import access as plans
from app.training.plans.models import RunSession
from app.training.plans.queries import RunLine


def sitting(
    session: Session, actor: Actor, session_id: uuid.UUID
) -> tuple[RunSession, RunLine, Reach]:
    """Return a session, its run, and how far the actor looks at its people; raises NotFound."""
    row = session.get(RunSession, session_id)
    if row is None:
        raise NotFound
    found, reach = plans.run(session, actor, row.run_id)
    return row, found, reach
