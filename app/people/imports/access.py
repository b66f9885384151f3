"""The only way to a file between its check and its commit."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.errors import Conflict, NotFound
from app.people.imports.models import ImportBatch
from app.people.register.access import check_whole

#: How long an uploaded file waits for its commit before its rows are deleted.
WAITS = timedelta(hours=24)


def batch(session: Session, batch_id: uuid.UUID, by: Actor) -> ImportBatch:
    """Return a file, whoever of the whole office uploaded it; raises Forbidden and NotFound."""
    check_whole(by)
    row = session.get(ImportBatch, batch_id)
    if row is None:
        raise NotFound
    return row


def check_open(row: ImportBatch, now: datetime) -> None:
    """Raise Conflict: "import_ended" for what waits no more, "import_expired" after a day."""
    if row.ending is not None:
        raise Conflict("import_ended")
    if row.created_at + WAITS <= now:
        raise Conflict("import_expired")


def open_batch(session: Session, batch_id: uuid.UUID, now: datetime) -> ImportBatch:
    """Return a file that waits, locked: one at a time decides about it."""
    row = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    check_open(row, now)
    return row
