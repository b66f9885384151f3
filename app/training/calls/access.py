"""The only way to all that was put forward for an offering: for whoever plans the training."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.people.permission import access as permission
from app.people.permission.access import PLANNING, Reach
from app.training.calls import queries
from app.training.calls.queries import Call


def planned(
    session: Session, actor: Actor, offering_id: uuid.UUID, *, whole: bool = False
) -> tuple[Call, Reach]:
    """Return a call that the actor looks after, and how far; `whole`: for all sections."""
    call = queries.call(session, offering_id)
    return call, permission.reach(actor, PLANNING, call.subject, whole=whole)
