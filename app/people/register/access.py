"""The only way to somebody of the register, and to a file between its check and its commit."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.people.permission import access as permission
from app.people.register import queries
from app.people.register.models import ImportBatch
from app.people.register.queries import Post

#: How long an uploaded file waits for its commit before its rows are emptied.
WAITS = timedelta(hours=24)


def person(session: Session, person_id: uuid.UUID, by: Actor, now: datetime) -> Post:
    """Return somebody's post of today; raises NotFound beyond the sections of the actor."""
    post = queries.post_of(session, person_id, now)
    scope = permission.governed_by(by)
    if post is None or not (scope is None or post.section_id in scope):
        raise NotFound
    return post


def check_whole(by: Actor) -> None:
    """Raise Forbidden("whole_office_needed") for whoever looks after a part of the staff only."""
    if permission.governed_by(by) is not None:
        raise Forbidden("whole_office_needed")


def batch(
    session: Session,
    batch_id: uuid.UUID,
    kind: str,
    by: Actor,
    now: datetime,
    *,
    lock: bool = False,
) -> ImportBatch:
    """Return an open file that the actor uploaded.

    Raises NotFound for another's, Conflict("import_ended") once it was committed or discarded and
    Conflict("import_expired") after 24 hours.
    """
    row = session.get(ImportBatch, batch_id, with_for_update=lock, populate_existing=lock)
    if row is None or row.created_by != by.person_id or row.summary["kind"] != kind:
        raise NotFound
    if row.ended_at is not None:
        raise Conflict("import_ended")
    if row.created_at + WAITS <= now:
        raise Conflict("import_expired")
    return row
