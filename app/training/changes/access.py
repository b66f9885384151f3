"""The only way to a request for a change on someone's behalf, and what waits for somebody's word.

A head says the first word on what their section's people ask for, the office the last on what its
trainings' people do; nobody has one on their own.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.training.changes import queries, service
from app.training.changes.models import ChangeRequest
from app.training.changes.queries import Pending
from app.training.changes.states import PENDING, ChangeState
from app.training.enrolment.models import Enrolment
from app.training.seat_page import access as seats

#: Who says yes or no.
DECIDING = PLANNING | {Role.HEAD}


def request(
    session: Session, actor: Actor, change_id: uuid.UUID, now: datetime
) -> tuple[ChangeRequest, Actor]:
    """Return a request, and the actor with no more roles than have a word on it."""
    row = session.get(ChangeRequest, change_id)
    if row is None:
        raise NotFound
    _, acting = seats.seat(session, actor, row.enrolment_id, now, DECIDING)
    return row, acting


def waiting(session: Session, actor: Actor, now: datetime) -> list[Pending]:
    """Return the requests on which the actor has the next word, the oldest first."""
    return _pending(session, actor, now, Role.HEAD, {Role.HEAD}) + _pending(
        session, actor, now, Role.OFFICE, PLANNING
    )


def waiting_for_heads(session: Session, actor: Actor, now: datetime) -> list[Pending]:
    """Return what the office would have a word on if a head had said theirs: to chase, or say it.

    What waits for the actor as a head is not among them.
    """
    mine = {row.id for row in _pending(session, actor, now, Role.HEAD, {Role.HEAD})}
    found = _pending(session, actor, now, Role.HEAD, PLANNING)
    return [row for row in found if row.id not in mine]


def _pending(
    session: Session, actor: Actor, now: datetime, step: Role, roles: set[Role] | frozenset[Role]
) -> list[Pending]:
    """Return what waits for a step, of what roles of the actor reach."""
    if not actor.roles & roles:
        return []
    day = clock.today(now)
    rows = queries.pending(
        session,
        day,
        ChangeRequest.state.in_(PENDING),
        Enrolment.person_id != actor.person_id if step == Role.HEAD else sa.true(),
        seats.reached(actor, roles, day),
    )
    return [row for row in rows if next_step(row) == step]


def next_step(row: Pending) -> Role:
    """Return who has the next word; the head where the rule asks nobody any more."""
    if row.state == ChangeState.HEAD_APPROVED:
        return Role.OFFICE
    return next(iter(service.steps(row.kind, row.offering)), Role.HEAD)
