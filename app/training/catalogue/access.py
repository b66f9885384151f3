"""The only way to an offering on a learner's behalf: what is coming, and what was ever theirs."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.training.catalogue import queries
from app.training.catalogue.queries import Course
from app.training.offerings.models import Offering


def course(session: Session, actor: Actor, offering_id: uuid.UUID, now: datetime) -> Course:
    """Return an offering as the actor may see it; raises NotFound while it is only planned."""
    is_known = sa.or_(queries.is_coming(now), queries.is_ones_own(actor.known_id))
    found = queries.courses(session, actor.known_id, now, Offering.id == offering_id, is_known)
    if not found:
        raise NotFound
    return found[0]
