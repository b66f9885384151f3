"""The only ways to somebody's naming: their own, and those of a training one plans."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.training.audiences import access as audiences
from app.training.audiences.access import OfferingHead
from app.training.candidacies.models import Candidacy, Route


def own(session: Session, actor: Actor, candidacy_id: uuid.UUID) -> Candidacy:
    """Return a naming of the actor's own; raises NotFound for anybody else's."""
    row = session.get(Candidacy, candidacy_id)
    if row is None or row.route != Route.NAMED or row.person_id != actor.known_id:
        raise NotFound
    return row


def planned(
    session: Session, actor: Actor, candidacy_id: uuid.UUID
) -> tuple[Candidacy, OfferingHead]:
    """Return a naming for a training that the actor plans for all its people."""
    row = session.get(Candidacy, candidacy_id)
    if row is None or row.route != Route.NAMED:
        raise NotFound
    return row, audiences.planned(session, actor, row.offering_id)
