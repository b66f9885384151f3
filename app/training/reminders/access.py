"""The only way to the rule of an offering on behalf of whoever plans it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.permission import access as permission
from app.people.permission.access import PLANNING
from app.training.plans import queries as plans
from app.training.reminders import queries
from app.training.reminders.queries import Ruled


def offering(session: Session, actor: Actor, offering_id: uuid.UUID) -> Ruled:
    """Return an offering that the actor plans for all its people, with its rule."""
    found = queries.offering(session, offering_id)
    if found is None:
        raise NotFound
    permission.reach(actor, PLANNING, plans.subject(session, found.training_id), whole=True)
    return found
