"""The only way to somebody of the register, and to a file between its check and its commit."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import Forbidden, NotFound
from app.people.permission import access as permission
from app.people.register import queries
from app.people.register.queries import Post


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
