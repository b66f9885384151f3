"""The only way to an attempt's row while it is worked on: read and locked, then written.

It goes by plain statements: every commit comes this way, and to keep a mapped object's changes in
mind would take more time than all else that a commit does.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from app.kernel.errors import NotFound
from app.learning.records.models import Attempt, LearnerRecord

_ATTEMPT = cast("sa.Table", Attempt.__table__)
_RECORD = cast("sa.Table", LearnerRecord.__table__)

#: The attempt with its record, both locked by one statement: the record first, as a launch does, so
#: that neither waits in a circle.
_WITH_RECORD = (
    sa.select(_RECORD.c.last_at.label("told_at"), _ATTEMPT)
    .select_from(_RECORD.join(_ATTEMPT, _ATTEMPT.c.record_id == _RECORD.c.id))
    .where(_ATTEMPT.c.id == sa.bindparam("attempt"))
    .with_for_update()
)
_ALONE = sa.select(_ATTEMPT).where(_ATTEMPT.c.id == sa.bindparam("attempt")).with_for_update()

#: What a launch has settled stays.
_WRITTEN = (
    *("document", "opened_lease", "sequence", "answer", "step", "status", "score", "progress"),
    *("seconds", "completed_at", "committed_at", "late_at", "ended_at"),
)
_WRITE = (
    sa.update(_ATTEMPT)
    .where(_ATTEMPT.c.id == sa.bindparam("attempt"))
    .values({name: sa.bindparam(name) for name in _WRITTEN})
)


def locked(session: Session, attempt_id: uuid.UUID) -> tuple[Attempt, datetime | None]:
    """Return an attempt, locked with its record, and when the record was last told of it.

    The object belongs to no session: `write` it. Raises NotFound.
    """
    session.flush()
    connection, given = session.connection(), {"attempt": attempt_id}
    row = connection.execute(_WITH_RECORD, given).one_or_none()
    if row is None:  # a preview has no record
        row = connection.execute(_ALONE, given).one_or_none()
    if row is None:
        raise NotFound
    values: dict[str, Any] = row._asdict()
    told_at = values.pop("told_at", None)
    return Attempt(**values), told_at


def write(session: Session, attempt: Attempt) -> None:
    """Write what work may change; an object of the session's own is read anew when next used."""
    values = {name: getattr(attempt, name) for name in _WRITTEN}
    session.connection().execute(_WRITE, {"attempt": attempt.id, **values})
    known = session.identity_map.get(identity_key(Attempt, attempt.id))
    if known is not None:
        session.expire(known)
