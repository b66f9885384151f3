"""All that the wings keep about people, put together: what is due by class, and a whole person."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.content.retention import service as content
from app.keeping import own
from app.kernel import remains
from app.kernel.audit import service as audit
from app.kernel.holdings import Due, Erasing, Holding, RecordClass
from app.kernel.settings import Settings
from app.learning.retention import service as learning
from app.people.retention import service as people
from app.portals.retention import service as portals
from app.training.retention import service as training

#: The class that goes with the whole person.
WHOLE = RecordClass.HISTORY
#: In the order in which rows go: first what refers to others.
ERASING: tuple[Erasing, ...] = (
    own.ERASING,
    portals.ERASING,
    training.ERASING,
    learning.ERASING,
    content.ERASING,
    remains.ERASING,
    people.ERASING,
)


def erase_person(session: Session, person_id: uuid.UUID, now: datetime) -> Counter[str]:
    """Erase all rows about somebody, in all entries that are this person; counts by table."""
    gone: Counter[str] = Counter()
    for entry in people.entries_of(session, person_id):
        for wing in ERASING:
            gone.update(wing.rows(session, entry))
        empty_audit(session, entry, now)
    return gone


def erase_files(session: Session, person_id: uuid.UUID, before: date, settings: Settings) -> int:
    """Delete all files about somebody who left before a day; return how many.

    To be called before the rows go, by which they are found.
    """
    if not people.has_left(session, person_id, before):
        return 0
    return sum(
        wing.files(session, entry, settings)
        for entry in people.entries_of(session, person_id)
        for wing in ERASING
        if wing.files is not None
    )


def empty_audit(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """Have the audit empty what its lines tell of somebody; their keys stay, the chain holds."""
    audit.forget(session, "person", person_id, by=None, now=now)


HOLDINGS: tuple[Holding, ...] = (
    *portals.HOLDINGS,
    *training.HOLDINGS,
    *learning.HOLDINGS,
    *content.HOLDINGS,
    *remains.HOLDINGS,
    *people.HOLDINGS,
)


def due(record_class: str, before: date) -> list[Due]:
    """Return the queries of what of a class came before a day: person, count, first event."""
    if record_class == WHOLE:
        return [people.left_due(before)]
    return [held.due(before) for held in HOLDINGS if held.record_class == record_class]


def erase(
    session: Session, record_class: str, person_id: uuid.UUID | None, before: date, now: datetime
) -> Counter[str]:
    """Erase what of a class came before a day: one person's, or some of what is about nobody.

    The history goes with the whole person, and only while they are still gone for as long.
    """
    if record_class == WHOLE:
        is_due = person_id is not None and people.has_left(session, person_id, before)
        return erase_person(session, person_id, now) if person_id and is_due else Counter()
    gone: Counter[str] = Counter()
    for held in HOLDINGS:
        if held.record_class == record_class:
            gone.update(held.erase(session, person_id, before))
    return gone
