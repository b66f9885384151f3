"""The only ways to a report: one's own, that of a section's people, those of one's trainings.

A head reaches those who serve in the section now, and never themselves: the next higher one does,
or the office. Whoever stands in for a head reaches no report of that head's.
"""

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
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.people.permission.queries import serving_in
from app.people.register.models import Person
from app.training.enrolment.models import Enrolment
from app.training.offerings.models import Offering
from app.training.plans.models import Run
from app.training.plans.states import RunState
from app.training.results import queries
from app.training.results.queries import Report
from app.training.seat_page import access as seats

#: Who says a word to a report.
DECIDING = PLANNING | {Role.HEAD}


def own(session: Session, actor: Actor, enrolment_id: uuid.UUID) -> Report:
    """Return the report of an enrolment of the actor's own; raises NotFound.

    Where the run asks for none there is none, unless one was written before.
    """
    found = queries.report(session, enrolment_id)
    is_there = found.item_id is not None or found.report_id is not None
    if found.person_id != actor.person_id or found.run_state == RunState.DRAFT or not is_there:
        raise NotFound
    act_as_oneself()
    return found


def reached(actor: Actor, roles: Collection[str], day: date) -> sa.ColumnElement[bool]:
    """Return the condition on `Enrolment`, `Offering` and `Person` that roles reach a report."""
    grants = [grant for grant in actor.grants if grant.role in roles]
    return sa.or_(sa.false(), *(_of(actor, grant, day) for grant in grants))


def _of(actor: Actor, grant: Grant, day: date) -> sa.ColumnElement[bool]:
    if grant.role != Role.HEAD:
        return seats.reached(replace(actor, grants=(grant,)), PLANNING, day)
    if grant.training_id is not None or not grant.sections:
        return sa.false()
    others = Enrolment.person_id.not_in([key for key in (actor.person_id, grant.for_id) if key])
    return sa.and_(serving_in(grant.sections, day), others)


def decided(
    session: Session,
    actor: Actor,
    enrolment_id: uuid.UUID,
    now: datetime,
    roles: Collection[str] = DECIDING,
) -> tuple[Report, Actor]:
    """Return a report on which the actor has a word, and the actor with the roles that reach it.

    Whoever plans one training and heads a section is no planner of what the section's people take.
    Raises NotFound where none of the roles does, and where nothing was written and asked for.
    """
    day = clock.today(now)
    held = [
        grant
        for grant in actor.grants
        if grant.role in roles and _holds(session, enrolment_id, _of(actor, grant, day))
    ]
    if not held:
        raise NotFound
    act_by(held)
    found = queries.report(session, enrolment_id)
    if found.item_id is None and found.report_id is None:
        raise NotFound
    return found, replace(actor, grants=tuple(held))


def _holds(session: Session, enrolment_id: uuid.UUID, condition: sa.ColumnElement[bool]) -> bool:
    query = (
        sa.select(Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .where(Enrolment.id == enrolment_id, condition)
    )
    return session.scalar(query) is not None
