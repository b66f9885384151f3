"""Reads of the office's words for notices, and of the mails that have not arrived."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.notices.models import MailState, Notice, NoticeTemplate
from app.kernel.notices.queries import wording_of
from app.kernel.notices.text import KINDS, Wording
from app.people.register.models import Person
from app.people.register.queries import newest_number

#: Mails that nobody sends any more unless somebody asks for it.
ENDED = (MailState.FAILED, MailState.NO_ADDRESS)


@dataclass(frozen=True)
class Version:
    """One version of a kind's words."""

    version: int
    #: None where they are those that come with the software: version 0, and where restored.
    wording: Wording | None = None
    #: When and by whom it was written; None for version 0, and for somebody who was erased.
    created_at: datetime | None = None
    created_by: str | None = None


def versions(session: Session, kind: str) -> list[Version]:
    """Return every version of a kind's words, the newest first; the last one is version 0."""
    return [*_versions(session, NoticeTemplate.kind == kind).get(kind, ()), Version(0)]


def present(session: Session) -> dict[str, Version]:
    """Return by its code the version by which each kind is told now, in one statement."""
    found = _versions(session, NoticeTemplate.kind.in_(KINDS))
    return {code: found.get(code, [Version(0)])[0] for code in KINDS}


def _versions(session: Session, which: sa.ColumnElement[bool]) -> dict[str, list[Version]]:
    rows = session.execute(
        sa.select(NoticeTemplate, Person.name)
        .outerjoin(Person, Person.id == NoticeTemplate.created_by)
        .where(which)
        .order_by(NoticeTemplate.version.desc())
    )
    found: dict[str, list[Version]] = {}
    for row, name in rows:
        words = wording_of(row.title, row.text)
        found.setdefault(row.kind, []).append(Version(row.version, words, row.created_at, name))
    return found


@dataclass(frozen=True)
class Undelivered:
    """A mail that has not arrived."""

    notice_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    number: str | None
    #: Whether there is an address to send it to now.
    has_address: bool
    kind: str
    #: When the notice was written, and since when its mail stands so.
    created_at: datetime
    mail_at: datetime
    #: A `MailState`: given up, without an address, or to be tried again.
    state: str
    #: Why, as a code.
    error: str


def undelivered(state: str = "") -> sa.Select[Any]:
    """Return the query of the mails that have not arrived, the newest first.

    Who is restricted is not among them: they get none.
    """
    query = (
        sa.select(
            Notice.id,
            Person.id,
            Person.name,
            newest_number(Person.id),
            Person.email.is_not(None),
            Notice.kind,
            Notice.created_at,
            Notice.mail_at,
            Notice.mail,
            Notice.mail_error,
        )
        .join(Person, Person.id == Notice.person_id)
        .where(_not_arrived(state))
        .order_by(Notice.mail_at.desc(), Notice.id.desc())
    )
    return cast("sa.Select[Any]", query)


def _not_arrived(state: str = "") -> sa.ColumnElement[bool]:
    whole = sa.and_(Notice.mail_error.is_not(None), Person.restricted_at.is_(None))
    return sa.and_(whole, Notice.mail == state) if state else whole


def counts(session: Session) -> dict[str, int]:
    """Return how many mails have not arrived, by state, and all of them under the empty one."""
    rows = session.execute(
        sa.select(Notice.mail, sa.func.count())
        .join(Person, Person.id == Notice.person_id)
        .where(_not_arrived())
        .group_by(Notice.mail)
    )
    found = {str(state): count for state, count in rows}
    return {"": sum(found.values()), **dict.fromkeys(MailState, 0), **found}


def to_send_again(session: Session) -> list[uuid.UUID]:
    """Return the notices whose mail has ended unsent though its person has an address now."""
    query = sa.select(Notice.id).join(Person, Person.id == Notice.person_id)
    return list(session.scalars(query.where(_may_be_sent()).order_by(Notice.mail_at, Notice.id)))


def count_to_send_again(session: Session) -> int:
    """Return how many those are."""
    query = sa.select(sa.func.count(Notice.id)).join(Person, Person.id == Notice.person_id)
    return session.scalar(query.where(_may_be_sent())) or 0


def _may_be_sent() -> sa.ColumnElement[bool]:
    return sa.and_(_not_arrived(), Notice.mail.in_(ENDED), Person.email.is_not(None))
