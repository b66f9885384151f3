"""The only way to an offering's selection: for whoever plans the training for all its people."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.permission import access as permission
from app.people.permission.access import PLANNING
from app.training.candidacies.models import Candidacy
from app.training.plans import queries as plans
from app.training.plans.models import Run
from app.training.proposals import queries
from app.training.proposals.queries import OfferingLine


def chosen_by(session: Session, actor: Actor, offering_id: uuid.UUID) -> OfferingLine:
    """Return an offering whose people the actor chooses among; raises NotFound and Forbidden."""
    found = queries.offering(session, offering_id)
    permission.reach(actor, PLANNING, plans.subject(session, found.training_id), whole=True)
    return found


def check_of(session: Session, offering_id: uuid.UUID, candidacy_id: uuid.UUID) -> None:
    """Raise NotFound for a candidacy of another offering."""
    row = session.get(Candidacy, candidacy_id)
    if row is None or row.offering_id != offering_id:
        raise NotFound


def check_run(session: Session, offering_id: uuid.UUID, run_id: uuid.UUID) -> None:
    """Raise NotFound for a run of another offering."""
    row = session.get(Run, run_id)
    if row is None or row.offering_id != offering_id:
        raise NotFound
