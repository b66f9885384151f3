"""What waits for a head's word, for whom it is to say it: the nearest one, or whoever stands in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.people.heads import queries as heading
from app.people.permission.models import Role
from app.training.report_desk import queries
from app.training.report_desk.queries import Waiting
from app.training.results import access


def waiting(
    session: Session, actor: Actor, now: datetime, *, is_all: bool = False
) -> list[Waiting]:
    """Return the reports that wait for the actor as a head, the oldest first.

    What a nearer head can confirm is that one's; `is_all` has it all the same.
    """
    if Role.HEAD not in actor.roles:
        return []
    day = clock.today(now)
    found = queries.waiting(session, day, access.reached(actor, {Role.HEAD}, day))
    if is_all or not found:
        return found
    heads = heading.heads(session, now)
    lent = {grant.for_id for grant in actor.grants if grant.role == Role.HEAD and grant.for_id}
    me = {actor.person_id, *lent}
    return [row for row in found if heads.of(row.section_id, but=row.person_id) & me]
