"""The only way to a candidacy on someone's behalf: one's own, one's section's, one's trainings'.

A head and a coordinator reach those whom their sections put forward, and those who serve in them
now; a section that has ended is its successors' (改組).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
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
from app.people.sections import queries as sections
from app.training.calls import queries as calls
from app.training.calls.queries import Call
from app.training.candidacies.models import Candidacy
from app.training.offerings.models import Offering
from app.training.plans import access as plans
from app.training.plans.models import Training

#: What came after each section that has ended.
After = Mapping[uuid.UUID, Collection[uuid.UUID]]


def reached(
    session: Session, actor: Actor, roles: Collection[str], day: date
) -> sa.ColumnElement[bool]:
    """Return the condition on `Candidacy`, `Offering` and `Person` that these roles reach it."""
    grants = [grant for grant in actor.grants if grant.role in roles]
    after = sections.successors(session, day) if grants else {}
    return sa.or_(sa.false(), *(_of(actor, grant, day, after) for grant in grants))


def _of(actor: Actor, grant: Grant, day: date, after: After) -> sa.ColumnElement[bool]:
    if grant.role in NEAR:
        if grant.training_id is not None or not grant.sections:
            return sa.false()
        theirs = sections.standing_for(grant.sections, after)
        return sa.or_(Candidacy.section_id.in_(theirs), serving_in(grant.sections, day))
    mine = plans.of_actor(replace(actor, grants=(grant,)), PLANNING)
    whose = grant.sections if grant.role == Role.OFFICE else None
    of_training = Offering.training_id.in_(sa.select(Training.id).where(mine))
    return sa.and_(of_training, serving_in(whose, day))


def candidacy(
    session: Session,
    actor: Actor,
    candidacy_id: uuid.UUID,
    now: datetime,
    roles: Collection[str] = NEAR | PLANNING,
) -> tuple[Candidacy, Actor]:
    """Return a candidacy, and the actor with no more roles than reach it; raises NotFound.

    Whoever heads one section and helps in another decides nothing there, and in the own section
    nobody acts as the office. No deputy says a head's word on the head's own.
    """
    row = session.get(Candidacy, candidacy_id)
    if row is None:
        raise NotFound
    day = clock.today(now)
    after = sections.successors(session, day)
    held = [
        grant
        for grant in actor.grants
        if grant.role in roles
        and not (grant.role == Role.HEAD and grant.for_id == row.person_id)
        and _holds(session, row, _of(actor, grant, day, after))
    ]
    held = [grant for grant in held if grant.role in NEAR] or held
    if row.person_id == actor.person_id:
        act_as_oneself()
        held = [*(grant for grant in actor.grants if grant.role == Role.LEARNER), *held]
    elif held:
        act_by(held)
    if not held:
        raise NotFound
    return row, replace(actor, grants=tuple(held))


def called(session: Session, offering_id: uuid.UUID) -> Call:
    """Return an offering that people are, or were, called for; anybody may see it."""
    call = calls.call(session, offering_id)
    if not call.runs:
        raise NotFound
    return call


def _holds(session: Session, row: Candidacy, condition: sa.ColumnElement[bool]) -> bool:
    query = (
        sa.select(Candidacy.id)
        .join(Person, Person.id == Candidacy.person_id)
        .join(Offering, Offering.id == Candidacy.offering_id)
        .where(Candidacy.id == row.id, condition)
    )
    return session.scalar(query) is not None
