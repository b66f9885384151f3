"""What waits for somebody's word: for the nearest head, and what is stuck for the office."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.open_days import OpenDays
from app.people.heads import queries as heading
from app.people.permission import access as permission
from app.people.permission.access import PLANNING
from app.people.permission.models import Role
from app.people.permission.queries import serving_in
from app.people.sections import queries as sections
from app.training.candidacies import access
from app.training.candidacies import queries as candidacies
from app.training.candidacies.models import Candidacy
from app.training.candidacies.queries import Line
from app.training.candidacies.states import OPEN
from app.training.waiting import queries

#: So many open days something waits for a head before the office looks at it.
STUCK_AFTER = 5


def waiting(session: Session, actor: Actor, now: datetime, *, is_all: bool = False) -> list[Line]:
    """Return what waits for the actor's word, by offering, section and rank.

    A head has what no nearer head can say, or, with `is_all`, whatever is in reach; the office
    has what has no head at all. Nobody has their own.
    """
    lines = _before_heads(session, actor, {Role.HEAD} | PLANNING, now)
    if not lines:
        return []
    heads = heading.heads(session, now)
    me = {actor.person_id, *_stood_in_for(actor)}
    if actor.roles & PLANNING:
        near = {line.id for line in _before_heads(session, actor, {Role.HEAD}, now)}
    else:
        near = {line.id for line in lines}
    found = []
    for line in lines:
        nearest = heads.of(line.section_id, but=line.person_id)
        is_mine = line.id in near and (is_all or bool(nearest & (me - {line.person_id})))
        if is_mine or (not nearest and actor.roles & PLANNING):
            found.append(line)
    return found


def stuck(session: Session, actor: Actor, days: OpenDays, now: datetime) -> list[tuple[Line, bool]]:
    """Return what waits for heads for too long, or has none (then True), in the office's reach."""
    lines = _before_heads(session, actor, PLANNING, now)
    if not lines:
        return []
    heads = heading.heads(session, now)
    since = queries.waiting_since(session, lines)
    limit = clock.end_of(days.before(clock.today(now), STUCK_AFTER))
    found = [(line, not heads.of(line.section_id, but=line.person_id)) for line in lines]
    return [(line, is_vacant) for line, is_vacant in found if is_vacant or since[line.id] <= limit]


def moved_in(session: Session, actor: Actor, now: datetime) -> list[Line]:
    """Return what other sections put forward of those who serve now where the actor is head."""
    day = clock.today(now)
    mine = permission.sections_of(actor, Role.HEAD)
    if not mine:
        return []
    theirs = sections.standing_for(mine, sections.successors(session, day))
    return candidacies.found(
        session,
        day,
        Candidacy.state.in_(OPEN),
        serving_in(mine, day),
        Candidacy.section_id.not_in(theirs),
    )


def _before_heads(
    session: Session, actor: Actor, roles: Collection[str], now: datetime
) -> list[Line]:
    day = clock.today(now)
    return candidacies.found(
        session,
        day,
        queries.before_head(),
        access.reached(session, actor, roles, day),
        Candidacy.person_id != actor.known_id,
    )


def _stood_in_for(actor: Actor) -> set[uuid.UUID]:
    return {grant.for_id for grant in actor.grants if grant.role == Role.HEAD and grant.for_id}
