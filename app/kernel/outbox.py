"""What one wing has to tell another, or the world: a row now, carried by a worker after the commit.

A wing below never calls a wing above. It adds a row here in the transaction of what happened; the
worker hands each row to its handler, again after an error, and a lost queue loses nothing. Called
twice for one row, a handler does its work once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Base, Keyed, after_commit, new_id

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
#: How long a claimed row is left to whoever claimed it; longer than any handler takes.
LEASE = timedelta(minutes=5)
#: The time in which mails are counted.
MINUTE = timedelta(minutes=1)
#: Names, among PostgreSQL's advisory locks, the one of whoever claims while mails are counted.
_COUNTING = 0x6D61696C


class Kind(StrEnum):
    """What can be told."""

    #: A learner's record has changed: `assignment_id`.
    PROGRESSED = "progressed"
    #: A row has moved to another state: `table`, `id`, `action`, `state`.
    MOVED = "moved"
    #: A mail to send: `notice_id`. So many a minute, where the settings say how many.
    MAIL = "mail"
    #: Words to try, mailed to who wrote them: `person_id`, `kind`, `title`, `text`, `reference`.
    TRIAL = "trial"


class Outgoing(Keyed, Base):
    """One thing to carry."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_waiting",
            "next_at",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
        sa.Index(
            "ix_outbox_mail_begun",
            "begun_at",
            sqlite_where=sa.text("kind = 'mail'"),
            postgresql_where=sa.text("kind = 'mail'"),
        ),
    )

    #: Which handler takes it.
    kind: Mapped[str]
    #: What it needs to know: ids and codes.
    payload: Mapped[dict[str, Any]]
    #: When it happened.
    created_at: Mapped[datetime]
    #: Not before this moment.
    next_at: Mapped[datetime]
    #: When somebody last began to carry it.
    begun_at: Mapped[datetime | None]
    #: When it was carried.
    done_at: Mapped[datetime | None]
    #: How often it has failed.
    failures: Mapped[int] = mapped_column(default=0)
    #: What the last failure was, as a code.
    error: Mapped[str | None]


#: The table itself: thousands of rows need no object each.
_OUTBOX = cast("sa.Table", Outgoing.__table__)


def put(
    session: Session,
    kind: Kind,
    payload: dict[str, Any],
    now: datetime,
    key: uuid.UUID | None = None,
) -> Outgoing:
    """Add a row, under a key where one is given, and nudge the worker once it is committed."""
    row = Outgoing(id=key or new_id(), kind=kind, payload=payload, created_at=now, next_at=now)
    session.add(row)
    _nudge_once(session)
    return row


def put_all(
    session: Session, kind: Kind, payloads: Sequence[dict[str, Any]], now: datetime
) -> None:
    """Add many rows of one kind in one statement, and nudge as `put` does."""
    if payloads:
        made = {"kind": kind, "created_at": now, "next_at": now, "failures": 0}
        rows = [{**made, "id": new_id(), "payload": payload} for payload in payloads]
        session.execute(sa.insert(_OUTBOX), rows)
        _nudge_once(session)


def _nudge_once(session: Session) -> None:
    nudge = session.info.get("nudge")
    if nudge and not session.info.get("carry"):
        session.info["carry"] = True  # once a unit of work: one worker carries all that waits
        after_commit(session, lambda: nudge("carry"))


@dataclass(frozen=True)
class Claimed:
    """A row that is its claimer's to carry."""

    id: uuid.UUID
    kind: str
    payload: Mapping[str, Any]


def claim(session: Session, now: datetime, *, mails_per_minute: int = 0) -> Claimed | None:
    """Take the next row whose moment has come, by putting it off; None when nothing waits.

    Nobody else takes it meanwhile, and if its carrier dies it comes back by itself. No lock is held
    while it is carried: a mail server may take its time, and SQLite has but one writer.
    `mails_per_minute` leaves mails waiting while so many were begun within the last minute, by
    whichever worker; 0 is no limit.
    """
    if mails_per_minute and session.get_bind().dialect.name == "postgresql":
        # Two who count at once would both find room for the last one.
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_COUNTING)))
    row = session.scalars(
        sa.select(Outgoing)
        .where(_waits(session, now, mails_per_minute))
        .order_by(Outgoing.next_at, Outgoing.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    row.next_at, row.begun_at = now + LEASE, now
    return Claimed(row.id, row.kind, row.payload)


def happened_at(session: Session, row_id: uuid.UUID) -> datetime:
    """Return when what a row tells of happened, however late it is carried."""
    return session.get_one(Outgoing, row_id).created_at


def finish(session: Session, row_id: uuid.UUID, now: datetime) -> None:
    """Mark a row as carried."""
    session.get_one(Outgoing, row_id).done_at = now


def is_waiting(session: Session, now: datetime, *, mails_per_minute: int = 0) -> bool:
    """Whether any row's moment has come, as `claim` would find it."""
    waiting = sa.select(Outgoing.id).where(_waits(session, now, mails_per_minute)).limit(1)
    return session.scalar(waiting) is not None


def _waits(session: Session, now: datetime, mails_per_minute: int) -> sa.ColumnElement[bool]:
    waits = sa.and_(Outgoing.done_at.is_(None), Outgoing.next_at <= now)
    if mails_per_minute:
        lately = sa.select(sa.func.count()).where(
            Outgoing.kind == sa.literal_column("'mail'"), Outgoing.begun_at > now - MINUTE
        )
        if (session.scalar(lately) or 0) >= mails_per_minute:
            return sa.and_(waits, Outgoing.kind != Kind.MAIL)
    return waits


def put_off(session: Session, row_id: uuid.UUID, error: str, now: datetime) -> int:
    """Note a failure and wait twice as long as the last time, from 10 s up to 6 h.

    Returns how often it has failed.
    """
    row = session.get_one(Outgoing, row_id)
    row.failures += 1
    row.error = error
    row.next_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.failures - 1, 20))
    return row.failures
