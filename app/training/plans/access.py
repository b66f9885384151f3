"""The only ways to a training and a run on someone's behalf.

The office acts for every training or for those it was given; an organiser for those that were given
to them and those that their section holds; a lecturer for those they were given. What is nobody's
business of the actor's is not there.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import Forbidden, NotFound
from app.people.permission import access as permission
from app.people.permission.access import PLANNING, Reach, Subject
from app.people.permission.models import Role
from app.training.plans import queries
from app.training.plans.models import Training
from app.training.plans.queries import RunLine, TrainingPage

#: Who looks at a training, its runs and their people; planning and changing them is `PLANNING`.
LOOKING = PLANNING | {Role.LECTURER}


def of_actor(
    actor: Actor, roles: Collection[str], *, whole: bool = False
) -> sa.ColumnElement[bool]:
    """Return the condition on `Training` that the actor acts for it in these roles.

    `whole`: for all its people.
    """
    found = permission.trainings_of(actor, roles, whole=whole)
    if found is None:
        return sa.true()
    return sa.or_(Training.id.in_(found.named), Training.owner_id.in_(found.owners))


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `Training` that the actor may look at it."""
    return of_actor(actor, LOOKING)


def training(
    session: Session, actor: Actor, training_id: uuid.UUID, *, whole: bool = False
) -> TrainingPage:
    """Return a training that the actor looks at, or (`whole`) plans for all its people."""
    found = queries.training(session, training_id)
    permission.reach(actor, PLANNING if whole else LOOKING, found.subject, whole=whole)
    return found


def run(session: Session, actor: Actor, run_id: uuid.UUID) -> tuple[RunLine, Reach]:
    """Return a run that the actor looks at, and how far: whose places in it they see."""
    found = queries.run(session, run_id)
    return found, permission.reach(actor, LOOKING, found.subject)


def planned(
    session: Session, actor: Actor, run_id: uuid.UUID, *, whole: bool = False
) -> tuple[RunLine, Reach]:
    """Return a run that the actor looks after; `whole`: may change for all its people."""
    found = queries.run(session, run_id)
    return found, permission.reach(actor, PLANNING, found.subject, whole=whole)


def may_plan(actor: Actor, subject: Subject, *, whole: bool = True) -> bool:
    """Whether the actor looks after a training; `whole`: may change it for all its people."""
    try:
        permission.reach(actor, PLANNING, subject, whole=whole)
    except (NotFound, Forbidden):
        return False
    return True
