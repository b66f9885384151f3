"""The only way to somebody of the register, and how much of them is seen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, act_by
from app.kernel.errors import Forbidden, NotFound
from app.people.operators.models import Operator
from app.people.permission import access as permission
from app.people.permission.queries import serving_in
from app.people.register import queries
from app.people.register.models import Person
from app.people.register.queries import Post

#: The accounts of contractors lie beside the register: nobody finds them in it.
_IS_STAFF = ~sa.exists().where(Operator.person_id == Person.id)


@dataclass(frozen=True)
class Seen:
    """Somebody who may be read, and how much of them."""

    person_id: uuid.UUID
    #: Every item; else what their head needs, without gender, age and dates.
    is_whole: bool


def person(session: Session, person_id: uuid.UUID, by: Actor, now: datetime) -> Post:
    """Return the post of today of somebody the actor looks after; raises NotFound for others."""
    post = queries.post_of(session, person_id, now)
    scope = permission.governed_by(by)
    if post is None or not (scope is None or post.section_id in scope):
        raise NotFound
    return post


def kept(
    session: Session, person_id: uuid.UUID, by: Actor, now: datetime, *, to_change: bool = False
) -> Person:
    """Return somebody the actor looks after, serving or not; `to_change` locks them.

    Raises NotFound for others.
    """
    scope = permission.governed_by(by)
    is_theirs = serving_in(scope, clock.today(now))
    query = sa.select(Person).where(Person.id == person_id, is_theirs, _IS_STAFF)
    row = session.scalars(query.with_for_update() if to_change else query).one_or_none()
    if row is None:
        raise NotFound
    return row


def seen(
    session: Session, person_id: uuid.UUID, by: Actor, now: datetime, *, is_concurrent: bool
) -> Seen:
    """Return how much of somebody the actor may read; raises NotFound where it is nothing.

    What the actor may by themselves is not done in another's place.
    """
    today = clock.today(now)
    found: dict[uuid.UUID | None, bool] = {}
    for owner in _owners(by):
        actor = replace(by, grants=tuple(grant for grant in by.grants if grant.for_id == owner))
        sight = permission.sight_of(actor, is_concurrent=is_concurrent)
        row = session.execute(
            sa.select(sa.case((sight.of_whole(today), True), else_=False)).where(
                Person.id == person_id, sight.of_person(today), _IS_STAFF
            )
        ).one_or_none()
        if row is not None:
            found[owner] = bool(row[0])
    if not found:
        raise NotFound
    owner = max(found, key=lambda each: found[each])
    act_by(grant for grant in by.grants if grant.for_id == owner)
    return Seen(person_id, is_whole=found[owner])


def check_whole(by: Actor) -> None:
    """Raise Forbidden("whole_office_needed") for whoever looks after a part of the staff only."""
    if permission.governed_by(by) is not None:
        raise Forbidden("whole_office_needed")


def _owners(by: Actor) -> list[uuid.UUID | None]:
    """Return in whose places the actor acts, their own first."""
    lent = {grant.for_id for grant in by.grants if grant.for_id is not None}
    return [None, *sorted(lent)]
