"""The runs in which people of a head's sections took part: of no other does a head see anything."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.permission import access as permission
from app.people.permission.models import Role
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import SEATED
from app.training.plans import queries
from app.training.plans.models import Run
from app.training.plans.queries import RunLine
from app.training.plans.states import RunState


def mine(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition on `Run` that people of the actor's sections had a seat in it."""
    sections = permission.sections_of(actor, Role.HEAD) or frozenset()
    took_part = sa.select(Enrolment.run_id).where(
        Enrolment.section_id.in_(sections), Enrolment.state.in_(SEATED)
    )
    return sa.and_(Run.state != RunState.DRAFT, Run.id.in_(took_part))


def run(session: Session, actor: Actor, run_id: uuid.UUID) -> RunLine:
    """Return a run in which people of the actor's sections had a seat; raises NotFound."""
    if session.scalar(sa.select(Run.id).where(Run.id == run_id, mine(actor))) is None:
        raise NotFound
    return queries.run(session, run_id)
