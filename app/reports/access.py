"""Whose record and whose history somebody may read: one's own, and those one looks after."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, act_by
from app.kernel.errors import NotFound
from app.learning.records import access as looking_after
from app.learning.records import queries as records
from app.learning.records.models import LearnerRecord
from app.learning.records.queries import RecordDetail
from app.people.permission import access as permission
from app.people.permission.access import PLANNING
from app.people.register.models import Person
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.plans import access as plans
from app.training.plans.models import Run, Training


def record_for(
    session: Session, actor: Actor, record_id: uuid.UUID, now: datetime
) -> tuple[RecordDetail, bool]:
    """Return all that a record tells, and whether the actor looks after it.

    Raises NotFound for one that is neither that nor the actor's own.
    """
    row = session.get(LearnerRecord, record_id)
    is_own = row is not None and row.person_id == actor.known_id
    is_looked_after = True
    try:
        looking_after.record(session, actor, record_id, now)
    except NotFound:
        if not is_own:
            raise
        is_looked_after = False
    return records.detail(session, record_id), is_looked_after


def history_of(
    session: Session, actor: Actor, person_id: uuid.UUID, now: datetime, *, is_concurrent: bool
) -> tuple[str, sa.ColumnElement[bool]]:
    """Return somebody's name, and the condition on `Training` of what the actor may read of them.

    Whoever sees the person in the register reads it all; who looks after some trainings reads what
    was taken in them. Raises NotFound where that is nothing.
    """
    today = clock.today(now)
    sight = permission.sight_of(actor, is_concurrent=is_concurrent)
    name = session.scalar(
        sa.select(Person.name).where(Person.id == person_id, sight.of_person(today))
    )
    if name is not None:
        return name, sa.true()
    mine = plans.of_actor(actor, PLANNING, whole=True)
    name = session.scalar(
        sa.select(Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Person.id == person_id, mine)
        .limit(1)
    )
    if name is None:
        raise NotFound
    act_by(grant for grant in actor.grants if grant.role in PLANNING)
    return name, mine


def named(session: Session, person_id: uuid.UUID) -> str:
    """Return the name of somebody whose record may be read, serving or not."""
    return session.get_one(Person, person_id).name
