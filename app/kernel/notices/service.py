"""Writing notices to many people at once, and putting one down as read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db, outbox
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.kernel.notices.models import Notice

#: Keys asked for in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535.
_AT_ONCE = 5000


def notify(
    session: Session,
    person_ids: Sequence[uuid.UUID],
    kind: str,
    data: Mapping[str, object],
    path: str,
    *,
    now: datetime,
    dedupe: str,
    mail_to: Collection[uuid.UUID] = (),
) -> int:
    """Tell people something once, on screen and to those of `mail_to` by mail; return to how many.

    `dedupe` names what is told: nobody is told the same a second time. `mail_to` are those of
    `person_ids` who have an address; this floor does not know the register.
    """
    keys = {f"{dedupe}:{person_id}": person_id for person_id in person_ids}
    told = _told(session, list(keys))
    rows: list[dict[str, Any]] = [
        {
            "id": db.new_id(),
            "person_id": person_id,
            "kind": kind,
            "data": dict(data),
            "path": path,
            "created_at": now,
            "dedupe_key": key,
        }
        for key, person_id in keys.items()
        if key not in told
    ]
    if rows:
        session.execute(sa.insert(Notice), rows)
        letters = [{"notice_id": str(row["id"])} for row in rows if row["person_id"] in mail_to]
        outbox.put_all(session, outbox.Kind.MAIL, letters, now)
    return len(rows)


def read(session: Session, notice_id: uuid.UUID, *, by: Actor, now: datetime) -> str:
    """Put a notice down as read, and return the path that it leads to; only its own person may."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person_id != by.known_id:
        raise NotFound
    notice.read_at = notice.read_at or now
    return notice.path


def read_all(session: Session, *, by: Actor, now: datetime) -> None:
    """Put all notices of a person down as read."""
    session.execute(
        sa.update(Notice)
        .where(Notice.person_id == by.known_id, Notice.read_at.is_(None))
        .values(read_at=now)
    )


def _told(session: Session, keys: list[str]) -> set[str]:
    return {
        key
        for some in _portions(keys)
        for key in session.scalars(sa.select(Notice.dedupe_key).where(Notice.dedupe_key.in_(some)))
    }


def _portions(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
