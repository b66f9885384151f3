"""Writing the office's words for notices, trying them out, and sending mails again."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import db, outbox
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.notices import queries as notices
from app.kernel.notices import service as notice_service
from app.kernel.notices import text
from app.kernel.notices.models import Notice, NoticeTemplate
from app.kernel.notices.text import Wording
from app.people.messages import queries
from app.people.register.models import Person


def check(kind: str, wording: Wording) -> None:
    """Raise NotFound for a kind that there is not, and Refused for placeholders it has not.

    The error's `field` says whether it is the title's or the text's.
    """
    if kind not in text.KINDS:
        raise NotFound
    known = "、".join(text.braces(each) for each in text.placeholders(kind).values())
    for field, words in (("title", wording.title), ("text", wording.text)):
        for fault in text.faults(kind, words):
            raise Refused(fault.code, placed=fault.placed, known=known, field=field)


def write(
    session: Session, kind: str, wording: Wording, after: int, *, by: Actor, now: datetime
) -> NoticeTemplate:
    """Add a version after the one that the writer saw; notices from now on are told by it.

    Raises what `check` raises, and Conflict("wording_changed") where somebody else has added one
    meanwhile.
    """
    check(kind, wording)
    return _record(session, kind, wording, after, "notice_template.written", by=by, now=now)


def restore(session: Session, kind: str, after: int, *, by: Actor, now: datetime) -> NoticeTemplate:
    """Go back to the words that come with the software, as a version of its own."""
    if kind not in text.KINDS:
        raise NotFound
    return _record(session, kind, None, after, "notice_template.restored", by=by, now=now)


def _record(
    session: Session,
    kind: str,
    wording: Wording | None,
    after: int,
    action: str,
    *,
    by: Actor,
    now: datetime,
) -> NoticeTemplate:
    row = NoticeTemplate(
        kind=kind,
        version=after + 1,
        title=wording.title if wording else None,
        text=wording.text if wording else None,
        created_by=by.known_id,
        created_at=now,
    )
    if notices.present_version(session, kind) != after:
        raise Conflict("wording_changed")
    try:
        with session.begin_nested():
            session.add(row)
    except sa.exc.IntegrityError as error:  # somebody else's of the same moment
        raise Conflict("wording_changed") from error
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("notice_template", row.id),
        details={"kind": kind, "version": row.version},
    )
    return row


def try_out(session: Session, kind: str, wording: Wording, *, by: Actor, now: datetime) -> str:
    """Have words mailed to who wrote them, filled with examples; return to which address.

    Raises what `check` raises, and Refused("no_own_address") for who has none.
    """
    check(kind, wording)
    address = session.scalar(sa.select(Person.email).where(Person.id == by.known_id))
    if not address:
        raise Refused("no_own_address")
    payload = {
        "person_id": str(by.known_id),
        "kind": kind,
        "title": wording.title,
        "text": wording.text,
        "reference": str(db.new_id()),
    }
    outbox.put(session, outbox.Kind.TRIAL, payload, now)
    return address


def send_again(session: Session, notice_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Have one mail sent again.

    Raises NotFound, Refused("no_address_yet") where there is still none, and
    Conflict("not_undelivered") where it was sent, or waits to be.
    """
    row = session.execute(
        sa.select(Notice.person_id, Person.email)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.id == notice_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    if not row.email:
        raise Refused("no_address_yet")
    if not notice_service.send_again(session, [notice_id], now):
        raise Conflict("not_undelivered")
    audit.record(
        session, "mail.sent_again", by=by.person_id, now=now, subject=("person", row.person_id)
    )


def send_all_again(session: Session, *, by: Actor, now: datetime) -> int:
    """Have every mail sent again that has ended unsent and has an address; return how many."""
    count = notice_service.send_again(session, queries.to_send_again(session), now)
    if count:
        audit.record(
            session,
            "mail.sent_again",
            by=by.person_id,
            now=now,
            subject=("person", None),
            details={"count": count},
        )
    return count
