"""The only way to a seat on someone's behalf: one's own, one's section's, or one's trainings'."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, Grant, act_as_oneself, act_by
from app.kernel.errors import NotFound
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.models import Role
from app.people.permission.queries import serving_in
from app.people.register.models import Person
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.plans import access as plans
from app.training.plans.models import Run, Training
from app.training.plans.states import RunState


def reached(actor: Actor, roles: Collection[str], day: date) -> sa.ColumnElement[bool]:
    """Return the condition on `Enrolment`, `Offering` and `Person` that these roles reach a seat.

    A section's head and coordinator reach those whom it has sent, and those who serve in it now.
    """
    grants = [grant for grant in actor.grants if grant.role in roles]
    return sa.or_(sa.false(), *(_of(actor, grant, day) for grant in grants))


def _of(actor: Actor, grant: Grant, day: date) -> sa.ColumnElement[bool]:
    if grant.role in NEAR:
        if grant.training_id is not None or not grant.sections:
            return sa.false()
        return sa.or_(Enrolment.section_id.in_(grant.sections), serving_in(grant.sections, day))
    sections = grant.sections if grant.role == Role.OFFICE else None
    mine = plans.of_actor(replace(actor, grants=(grant,)), PLANNING)
    of_training = Offering.training_id.in_(sa.select(Training.id).where(mine))
    return sa.and_(of_training, serving_in(sections, day))


def seat(
    session: Session,
    actor: Actor,
    enrolment_id: uuid.UUID,
    now: datetime,
    roles: Collection[str] = NEAR | PLANNING,
) -> tuple[Enrolment, Actor]:
    """Return a seat, and the actor with no more roles than reach it; raises NotFound.

    Whoever plans one training and heads a section is no planner of what the section's people take.
    A run that is being prepared is not known to its learners yet.
    """
    row = session.get(Enrolment, enrolment_id)
    if row is None:
        raise NotFound
    day = clock.today(now)
    held = [
        grant
        for grant in actor.grants
        if grant.role in roles and _holds(session, row, _of(actor, grant, day))
    ]
    is_own = row.person_id == actor.person_id
    if is_own and session.get_one(Run, row.run_id).state != RunState.DRAFT:
        act_as_oneself()
        held = [*(grant for grant in actor.grants if grant.role == Role.LEARNER), *held]
    elif held:
        act_by(held)
    if not held:
        raise NotFound
    return row, replace(actor, grants=tuple(held))


def openable(
    session: Session, actor: Actor, now: datetime, *conditions: sa.ColumnElement[bool]
) -> frozenset[uuid.UUID]:
    """Return which seats, of those that fulfil conditions, open to the actor: one statement."""
    is_open = reached(actor, NEAR | PLANNING, clock.today(now))
    return frozenset(session.scalars(_seats().where(is_open, *conditions)))


def _holds(session: Session, row: Enrolment, condition: sa.ColumnElement[bool]) -> bool:
    query = _seats().where(Enrolment.id == row.id, condition)
    return session.scalar(query) is not None


def _seats() -> sa.Select[uuid.UUID]:
    return (
        sa.select(Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
    )
