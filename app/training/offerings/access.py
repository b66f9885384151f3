"""The only way to what a year offers on someone's behalf."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.people.permission import access as permission
from app.people.permission.access import PLANNING, Reach
from app.training.offerings import queries
from app.training.offerings.queries import Offered
from app.training.plans import access as plans


def planned(
    session: Session, actor: Actor, offering_id: uuid.UUID, *, whole: bool = False
) -> tuple[Offered, Reach]:
    """Return what the actor plans, and whose people in it they reach.

    `whole`: for all its people. Raises NotFound and Forbidden("whole_training_needed").
    """
    found = queries.offered(session, offering_id)
    return found, permission.reach(actor, PLANNING, found.subject, whole=whole)


def mine(actor: Actor, *, whole: bool = False) -> sa.ColumnElement[bool]:
    """Return the condition on `Training` that the actor plans it; `whole`: for all its people."""
    return plans.of_actor(actor, PLANNING, whole=whole)
