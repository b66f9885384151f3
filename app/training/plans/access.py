"""The only ways to a training and a run on someone's behalf.

The office acts for every training or for those it was given; an organiser and a lecturer for those
they were given. What is nobody's business of the actor's is not there.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import Forbidden, NotFound
from app.people.permission import access as permission
from app.people.permission.access import PLANNING, Reach
from app.people.permission.models import Role
from app.training.plans import queries
from app.training.plans.models import Training
from app.training.plans.queries import RunLine, TrainingPage

#: Who looks at a training, its runs and their people; planning and changing them is `PLANNING`.
LOOKING = PLANNING | {Role.LECTURER}


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `Training` that the actor may look at it."""
    trainings = permission.trainings_of(actor, LOOKING)
    return sa.true() if trainings is None else Training.id.in_(trainings)


def training(
    session: Session, actor: Actor, training_id: uuid.UUID, *, whole: bool = False
) -> TrainingPage:
    """Return a training that the actor looks at, or (`whole`) plans for all its people."""
    permission.reach(actor, PLANNING if whole else LOOKING, training_id, whole=whole)
    return queries.training(session, training_id)


def run(session: Session, actor: Actor, run_id: uuid.UUID) -> tuple[RunLine, Reach]:
    """Return a run that the actor looks at, and how far: whose places in it they see."""
    found = queries.run(session, run_id)
    return found, permission.reach(actor, LOOKING, found.training_id)


def planned(
    session: Session, actor: Actor, run_id: uuid.UUID, *, whole: bool = False
) -> tuple[RunLine, Reach]:
    """Return a run that the actor looks after; `whole`: may change for all its people."""
    found = queries.run(session, run_id)
    return found, permission.reach(actor, PLANNING, found.training_id, whole=whole)


def may_plan(actor: Actor, training_id: uuid.UUID) -> bool:
    """Whether the actor may change a training and its runs for all its people."""
    try:
        permission.reach(actor, PLANNING, training_id, whole=True)
    except (NotFound, Forbidden):
        return False
    return True
