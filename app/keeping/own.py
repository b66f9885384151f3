"""This wing's own rows about people: bundles, holds, the lists of erasures."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure.models import Disclosure
from app.keeping.disclosure.service import path_of
from app.keeping.retention.models import Erasure, ErasureLine, RetentionHold, RetentionPeriod
from app.kernel.holdings import Counts, Erasing, delete, forget_doer
from app.kernel.settings import Settings


def erase_person(session: Session, person_id: uuid.UUID) -> Counts:
    """Erase what was done with somebody's data."""
    delete(session, ErasureLine, ErasureLine.person_id == person_id)  # no record, but a work list
    gone = delete(session, Disclosure, Disclosure.person_id == person_id)
    gone += delete(session, RetentionHold, RetentionHold.person_id == person_id)
    forget_doer(
        session,
        person_id,
        Disclosure.created_by,
        RetentionHold.placed_by,
        RetentionPeriod.set_by,
        Erasure.proposed_by,
        Erasure.approved_by,
    )
    return gone


def erase_bundles(session: Session, person_id: uuid.UUID, settings: Settings) -> int:
    """Delete the bundles that wait to be fetched."""
    keys = session.scalars(sa.select(Disclosure.id).where(Disclosure.person_id == person_id)).all()
    found = [path for key in keys if (path := path_of(key, settings)).exists()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


ERASING = Erasing("keeping", erase_person, erase_bundles)
