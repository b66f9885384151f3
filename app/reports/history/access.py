"""Whose history somebody may read, and which lines of it.

One's own; as the office, of whomever the register shows, and of one's trainings; as a head, of
those who serve in one's sections now. Of who has left them, and after one's own transfer, what was
decided of them for those sections in one's time is left, and nothing newer.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, act_as_oneself, act_by
from app.kernel.errors import NotFound
from app.people.heads import queries as heads
from app.people.permission import access as permission
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.models import Role
from app.people.permission.queries import is_here
from app.people.register.models import Person
from app.people.register.queries import newest_number
from app.reports.history.queries import Visible
from app.training.enrolment.models import Enrolment
from app.training.enrolment.states import EnrolmentState
from app.training.offerings.models import Offering
from app.training.plans import access as plans
from app.training.plans.models import Run, Training


@dataclass(frozen=True)
class Whose:
    """Somebody whose history may be read, and which lines of it."""

    name: str
    visible: Visible
    #: Whether what is not the office's is left out.
    is_part: bool


def decided_in_time(session: Session, by: Actor, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition on `Enrolment` that it was decided for a section that the actor headed.

    In another's place nobody reads what is past; nor from where a role is not to be used.
    """
    if Role.HEAD in by.withheld or by.person_id is None:
        return sa.false()
    found = [
        sa.and_(
            Enrolment.section_id.in_(tenure.sections),
            Enrolment.decided_at >= clock.start_of(tenure.begins_on),
            sa.true()
            if tenure.ends_on is None
            else Enrolment.decided_at <= clock.end_of(tenure.ends_on),
        )
        for tenure in heads.tenures(session, by.person_id, now)
    ]
    return sa.or_(sa.false(), *found)


def history_of(
    session: Session, by: Actor, person_id: uuid.UUID, now: datetime, *, is_concurrent: bool
) -> Whose:
    """Return somebody's name, and what the actor may read of them; raises NotFound for nothing."""
    sight = permission.sight_of(by, is_concurrent=is_concurrent)
    day = clock.today(now)
    seen = sight.of_person(day)
    row = session.execute(
        sa.select(
            Person.name,
            sa.case((seen, True), else_=False),
            sa.case((is_here(day), True), else_=False),
        ).where(Person.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row[1]:
        return Whose(row[0], Visible(), is_part=False)
    mine = plans.of_actor(by, PLANNING, whole=True)
    # Who has left is the office's alone.
    in_time = decided_in_time(session, by, now) if row[2] else sa.false()
    planned, decided = session.execute(_of_whom(person_id, mine, in_time)).one()
    if not planned and not decided:
        raise NotFound
    held = PLANNING if planned else {Role.HEAD}
    grants = [grant for grant in by.grants if grant.role in held and grant.for_id is None]
    if grants or planned:
        act_by(grants or (grant for grant in by.grants if grant.role in held))
    else:
        act_as_oneself()
    return Whose(row[0], Visible(sa.or_(mine, in_time), mine, has_portals=False), is_part=True)


def _of_whom(
    person_id: uuid.UUID, mine: sa.ColumnElement[bool], in_time: sa.ColumnElement[bool]
) -> sa.Select[Any]:
    """Return the query of whether there is something by either condition."""
    theirs = (
        sa.select(sa.literal(1))
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Offering, Offering.id == Run.offering_id)
        .join(Training, Training.id == Offering.training_id)
        .where(Enrolment.person_id == person_id)
    )
    asked = sa.select(theirs.where(mine).exists(), theirs.where(in_time).exists())
    return cast("sa.Select[Any]", asked)


@dataclass(frozen=True)
class PersonLine:
    """One person whose history may be read, and how much of it there is."""

    person_id: uuid.UUID
    name: str
    number: str
    #: Enrolments that may be read, and those of them that were completed.
    enrolments: int
    completed: int
    #: Whether they serve in the actor's sections now.
    is_present: bool


def people(session: Session, by: Actor, now: datetime, *, is_concurrent: bool) -> sa.Select[Any]:
    """Return the query of whom a head reads of, with the columns of `PersonLine`.

    Those who serve in the sections now come first.
    """
    near = permission.sections_of(by, *NEAR) or frozenset()
    sight = permission.Sight(frozenset(), near, is_concurrent)
    seen = sight.of_person(clock.today(now))
    here = sa.case((seen, True), else_=False)
    in_time = decided_in_time(session, by, now)
    completed = sa.case((Enrolment.state == EnrolmentState.COMPLETED, Enrolment.id))
    number = newest_number(Person.id)
    found = (
        sa.select(
            Person.id,
            Person.name,
            number.label("number"),
            sa.func.count(Enrolment.id),
            sa.func.count(completed),
            here.label("here"),
        )
        .outerjoin(Enrolment, sa.and_(Enrolment.person_id == Person.id, sa.or_(seen, in_time)))
        .where(sa.or_(seen, Enrolment.id.is_not(None)))
        .group_by(Person.id, Person.name)
        .order_by(sa.desc("here"), sa.text("number"), Person.id)
    )
    return cast("sa.Select[Any]", found)
