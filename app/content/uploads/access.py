"""The only way to an upload: it is its sender's own."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from app.content.uploads.models import Upload
from app.kernel.actor import Actor
from app.kernel.errors import NotFound


def upload(session: Session, upload_id: uuid.UUID, *, by: Actor, to_change: bool = False) -> Upload:
    """Return an upload of the actor's own; raises NotFound where there is none.

    `to_change` locks it, so that of two who would take it over one finds none.
    """
    found = session.get(Upload, upload_id, with_for_update=to_change or None)
    if found is None or found.created_by != by.known_id:
        raise NotFound
    return found
