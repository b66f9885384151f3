"""Making and revoking the address by which somebody's calendar subscribes."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.people.register.models import Person
from app.training.calendars import queries
from app.training.calendars.models import CalendarKey

#: Bytes of a key: nobody guesses one of 2 to the 256.
_BYTES = 32


def make(session: Session, *, by: Actor, now: datetime) -> str:
    """Return a new key of the actor's own; one that there was opens nothing any more.

    Only its hash is kept: this is the one time that it can be told.
    """
    session.get(Person, by.known_id, with_for_update=True)  # two pages at once take turns
    key = secrets.token_urlsafe(_BYTES)
    _delete(session, CalendarKey.person_id == by.known_id)
    row = CalendarKey(person_id=by.known_id, key_hash=queries.hash_of(key), created_at=now)
    session.add(row)
    session.flush()
    _record(session, "calendar.made", by.known_id, now)
    return key


def revoke(session: Session, *, by: Actor, now: datetime) -> bool:
    """Have the actor's address open nothing any more; whether there was one."""
    if not _delete(session, CalendarKey.person_id == by.known_id):
        return False
    _record(session, "calendar.revoked", by.known_id, now)
    return True


def leave(session: Session, now: datetime) -> int:
    """Delete the keys of those who have left; return how many. Nothing was open by them anyway."""
    gone = sa.select(Person.id).where(Person.left_on < clock.today(now))
    return _delete(session, CalendarKey.person_id.in_(gone))


def note_used(session: Session, row: CalendarKey, now: datetime) -> None:
    """Note, once a day, that a calendar has asked: a line of the audit, and when on the key.

    Who asks is not known: should an address get about, the audit is to tell on which days it was
    read, and no less than a line a day does; calendars ask many times a day. It is a GET, which
    may write no more than the audit's line; the moment goes with that line, as the audit's own end
    does.
    """
    if row.used_at is not None and clock.today(row.used_at) >= clock.today(now):
        return
    _record(session, "calendar.fetched", row.person_id, now)
    session.execute(
        sa.update(CalendarKey).where(CalendarKey.person_id == row.person_id).values(used_at=now),
        execution_options={"synchronize_session": False},
    )


def _delete(session: Session, condition: sa.ColumnElement[bool]) -> int:
    deleted = sa.delete(CalendarKey).where(condition).returning(CalendarKey.person_id)
    return len(session.execute(deleted).all())


def _record(session: Session, action: str, person_id: uuid.UUID, now: datetime) -> None:
    audit.record(session, action, by=person_id, now=now, subject=("person", person_id))
