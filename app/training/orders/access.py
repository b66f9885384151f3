"""The only ways to an order: for whoever plans its training, for those near, for whom it names.

The office reads all of a version, or the lines of its sections; heads and coordinators those of
their sections, as they were ordered or as they serve today; everybody their own.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor, act_by
from app.kernel.errors import NotFound
from app.people.permission import access as permission
from app.people.permission.access import NEAR, PLANNING
from app.people.permission.queries import serving_in
from app.people.register.models import Person
from app.training.orders import queries
from app.training.orders.models import OrderLine
from app.training.orders.queries import OrderRow
from app.training.plans import queries as plans
from app.training.plans.queries import RunLine


@dataclass(frozen=True)
class Reading:
    """A version, the run it orders into, and how much of it somebody reads."""

    order: OrderRow
    run: RunLine
    #: The condition on `OrderLine` that a line is read.
    lines: sa.ColumnElement[bool]
    #: Whether it is read by whoever plans the training.
    is_office: bool
    #: Whether lines of others are read, or the reader's own alone.
    is_near: bool


def planned(session: Session, actor: Actor, run_id: uuid.UUID) -> RunLine:
    """Return a run whose orders the actor issues; raises NotFound and Forbidden."""
    found = plans.run(session, run_id)
    permission.reach(actor, PLANNING, found.subject, whole=True)
    return found


def read(
    session: Session, actor: Actor, order_id: uuid.UUID, now: datetime, *, is_concurrent: bool
) -> Reading:
    """Return a version with the lines that the actor reads; raises NotFound where there are none.

    `is_concurrent` says whether a head reads of those, too, who serve there beside their main post.
    """
    order = queries.version(session, order_id)
    run = plans.run(session, order.run_id)
    own = OrderLine.person_id == actor.known_id
    try:
        reach = permission.reach(actor, PLANNING, run.subject)
    except NotFound:
        scope = permission.sections_of(actor, *NEAR) or frozenset()
        is_office, is_whole = False, False
    else:
        scope, is_office, is_whole = reach.sections or frozenset(), True, reach.sections is None
    today = clock.today(now)
    serving = sa.select(Person.id).where(
        serving_in(scope, today, is_concurrent=is_concurrent and not is_office)
    )
    near = sa.or_(OrderLine.section_id.in_(scope), OrderLine.person_id.in_(serving))
    lines = sa.true() if is_whole else sa.or_(own, near) if scope else own
    if (
        session.scalar(
            sa.select(OrderLine.id).where(OrderLine.order_id == order_id, lines).limit(1)
        )
        is None
    ):
        raise NotFound
    if scope and not is_office:
        act_by(grant for grant in actor.grants if grant.role in NEAR)
    return Reading(order, run, lines, is_office, is_near=is_whole or bool(scope))


def reminding(session: Session, actor: Actor, order_id: uuid.UUID) -> tuple[OrderRow, RunLine]:
    """Return a version whose people the actor has told again; raises NotFound and Forbidden."""
    order = queries.version(session, order_id)
    return order, planned(session, actor, order.run_id)


def own_line(session: Session, actor: Actor, order_id: uuid.UUID) -> uuid.UUID:
    """Return the actor's own line of a version; raises NotFound for anybody else's order."""
    line_id = session.scalar(
        sa.select(OrderLine.id).where(
            OrderLine.order_id == order_id, OrderLine.person_id == actor.known_id
        )
    )
    if line_id is None:
        raise NotFound
    return line_id
