"""Writing notices to many people at once, what becomes of their mails, and reading them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db, outbox
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.kernel.notices import queries
from app.kernel.notices.models import MailState, Notice

if TYPE_CHECKING:
    from app.kernel.calendar import Event

#: The table itself: thousands of notices need no object each.
_NOTICES = cast("sa.Table", Notice.__table__)
#: What keeps a mail from whoever has no address.
NO_ADDRESS = "no_address"
Key = TypeVar("Key", str, uuid.UUID)
#: Keys asked for in one statement; SQLite takes 32,766 parameters, PostgreSQL 65,535.
_AT_ONCE = 5000


def notify(  # noqa: PLR0913 - what is told is said in one place
    session: Session,
    person_ids: Sequence[uuid.UUID],
    kind: str,
    data: Mapping[str, object],
    path: str,
    *,
    now: datetime,
    dedupe: str,
    mail_to: Collection[uuid.UUID] | None = None,
    events: Sequence[Event] = (),
) -> int:
    """Tell people something once, on screen and to those of `mail_to` by mail; return to how many.

    `dedupe` names what is told: nobody is told the same a second time. `mail_to` are those of
    `person_ids` who have an address, since this floor does not know the register: the others are
    noted as without one. Without `mail_to` nobody gets a mail. `events` go with the mail.
    """
    same: dict[str, Any] = {
        "kind": kind,
        "version": queries.present_version(session, kind),
        "data": dict(data),
        "path": path,
        "created_at": now,
    }
    if events:
        same["events"] = [event.plain() for event in events]
    keys = {f"{dedupe}:{person_id}": person_id for person_id in person_ids}
    told = _told(session, list(keys))
    rows = [
        same | _own(key, person_id, mail_to, now)
        for key, person_id in keys.items()
        if key not in told
    ]
    if rows:
        session.execute(sa.insert(_NOTICES), rows)
        _put_letters(session, [row["id"] for row in rows if _is_letter(row)], now)
    return len(rows)


def _own(
    key: str, person_id: uuid.UUID, mail_to: Collection[uuid.UUID] | None, now: datetime
) -> dict[str, Any]:
    """Return what is one person's of a notice, and how its mail stands at first."""
    own = {"id": db.new_id(), "person_id": person_id, "dedupe_key": key}
    if mail_to is None:
        return own
    if person_id in mail_to:
        return {**own, "mail": MailState.WAITING, "mail_at": now, "mail_error": None}
    return {**own, "mail": MailState.NO_ADDRESS, "mail_at": now, "mail_error": NO_ADDRESS}


def _is_letter(row: Mapping[str, Any]) -> bool:
    return row.get("mail") == MailState.WAITING


def _put_letters(session: Session, notice_ids: Iterable[uuid.UUID], now: datetime) -> None:
    letters = [{"notice_id": str(notice_id)} for notice_id in notice_ids]
    outbox.put_all(session, outbox.Kind.MAIL, letters, now)


def note_mail(
    session: Session,
    notice_id: uuid.UUID,
    state: MailState | None,
    now: datetime,
    error: str | None = None,
) -> None:
    """Note how the mail of a notice stands, and why it has not arrived, as a code."""
    session.execute(
        sa.update(Notice)
        .where(Notice.id == notice_id)
        .values(mail=state, mail_at=now, mail_error=error)
    )


def send_again(session: Session, notice_ids: Collection[uuid.UUID], now: datetime) -> int:
    """Have mails sent that were given up or had no address; return how many.

    What was sent, or waits to be, is none of them: asked for twice at once it goes once.
    """
    again = [
        notice_id
        for some in _portions(list(notice_ids))
        for notice_id in session.scalars(
            sa.update(Notice)
            .where(Notice.id.in_(some))
            .where(Notice.mail.in_((MailState.FAILED, MailState.NO_ADDRESS)))
            .values(mail=MailState.WAITING, mail_at=now, mail_error=None)
            .returning(Notice.id),
            execution_options={"synchronize_session": False},
        )
    ]
    _put_letters(session, again, now)
    return len(again)


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


def _portions(keys: list[Key]) -> Iterator[list[Key]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
