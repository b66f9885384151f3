"""Rows of notices, and of the office's own words for them."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed

_NOT_ARRIVED = sa.text("mail_error IS NOT NULL")


class MailState(StrEnum):
    """How the mail of a notice stands."""

    #: A row of the outbox carries it; tried in vain it still waits, and says why.
    WAITING = "waiting"
    #: A mail server has taken it.
    SENT = "sent"
    #: There is no address to send it to (宛先なし).
    NO_ADDRESS = "no_address"
    #: It was refused, or tried in vain for too long: somebody has to do something.
    FAILED = "failed"


class Notice(Keyed, Base):
    """One message to one person; its words are made from `kind` and `data` when it is shown."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index(
            "ix_notice_not_arrived",
            "mail_at",
            sqlite_where=_NOT_ARRIVED,
            postgresql_where=_NOT_ARRIVED,
        ),
    )

    #: Whom it is for.
    person_id: Mapped[uuid.UUID] = mapped_column(index=True)
    #: What it says, as a code of the wing that wrote it.
    kind: Mapped[str]
    #: By which version of the kind's words it was told: whenever it is read, it reads like that.
    version: Mapped[int] = mapped_column(default=0)
    #: What fills the sentence: titles and dates, never results or other people.
    data: Mapped[dict[str, Any]]
    #: What its mail puts into a calendar, as `calendar.Event` writes itself; about nobody.
    events: Mapped[list[Any] | None]
    #: Path in the office that it leads to.
    path: Mapped[str]
    #: When it was written.
    created_at: Mapped[datetime]
    #: When the person opened it.
    read_at: Mapped[datetime | None]
    #: The same thing is said once: kind, subject, person, and what else makes it another.
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    #: How its mail stands; None where none is to be sent.
    mail: Mapped[str | None]
    #: Since when it stands so.
    mail_at: Mapped[datetime | None]
    #: Why the mail has not arrived, as a code; None where nothing is wrong.
    mail_error: Mapped[str | None]


class NoticeTemplate(Keyed, Base):
    """One version of the office's words for a kind; version 0 comes with the software."""

    __tablename__ = "notice_template"
    __table_args__ = (sa.UniqueConstraint("kind", "version"),)

    #: What it words.
    kind: Mapped[str]
    #: 1, 2, 3 …; the highest is the one that is used.
    version: Mapped[int]
    #: The title, with placeholders in braces; None for the words that come with the software.
    title: Mapped[str | None]
    #: The text, in the same way.
    text: Mapped[str | None]
    #: Who wrote it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
