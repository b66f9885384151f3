"""Rows of the audit; the migrations add triggers that refuse to change or delete a line."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class AuditEvent(Base):
    """One line: an act or a view, by whom, on what, with the hash that seals it to its past."""

    __tablename__ = "audit_event"
    #: Each search reads the newest lines of its period off one of these, however many there are.
    __table_args__ = (
        sa.Index("ix_audit_event_at_seq", "at", "seq"),
        sa.Index("ix_audit_event_action_at", "action", "at"),
        sa.Index("ix_audit_event_actor_id_at", "actor_id", "at"),
        sa.Index("ix_audit_event_role_at", "role", "at"),
        sa.Index("ix_audit_event_address_at", "address", "at"),
    )

    #: Place in the chain, without gaps.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: When it happened.
    at: Mapped[datetime]
    #: What happened, as a stable code: `person.signed_in`, `enrolment.enrol`.
    action: Mapped[str]
    #: Who did it; empty for the system itself and for somebody unknown.
    actor_id: Mapped[uuid.UUID | None]
    #: As which role: the one that the route's rule let in; empty where none was asked for.
    role: Mapped[str]
    #: On whose behalf it was done, by proxy or delegation; None where for nobody else.
    for_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    #: The kind of thing it was done to: a table's name.
    subject_kind: Mapped[str]
    #: The thing's key, where there is one thing.
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    #: Codes, counts and old → new values; never answers, never passwords. None once forgotten.
    details: Mapped[dict[str, Any] | None]
    #: Random, so that nobody finds forgotten details by trying; None once they are forgotten.
    salt: Mapped[str | None]
    #: SHA-256 over `salt` and `details`, in hexadecimal; empty with a seal of version 1.
    details_hash: Mapped[str]
    #: Address the request came from; empty for a job.
    address: Mapped[str]
    #: The request's or job's reference, the same as in the log.
    reference: Mapped[str]
    #: How the line is sealed: 1 over its details, 2 over their hash.
    seal_version: Mapped[int]
    #: SHA-256 of the line before, in hexadecimal; 64 zeros for the first.
    previous_hash: Mapped[str]
    #: SHA-256 over this line and `previous_hash`.
    hash: Mapped[str]


class AuditHead(Base):
    """Both ends of the chain: one row, locked by whoever adds the next line."""

    __tablename__ = "audit_head"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: `seq` of the last line; that before the first one where there is none.
    seq: Mapped[int]
    #: `hash` of the last line.
    hash: Mapped[str]
    #: `seq` of the first line that is kept: those before it are past their time.
    first_seq: Mapped[int] = mapped_column(default=1)
    #: `previous_hash` of that line.
    first_previous_hash: Mapped[str]


class AuditPerson(Base):
    """By whom to find a line that shows or changes several people; the line's details name them."""

    __tablename__ = "audit_person"

    #: Whom the line shows or changes.
    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: The line.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)


class RecordedSetting(Base):
    """A setting as it was at the last start, to tell at the next one what was changed."""

    __tablename__ = "recorded_setting"

    #: The environment variable.
    variable: Mapped[str] = mapped_column(primary_key=True)
    #: Its value; of a secret the keyed hash.
    value: Mapped[str] = mapped_column(sa.Text)
