"""Rows of the audit; the migration adds triggers that refuse to change or delete one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class AuditEvent(Base):
    """One line: an act or a view, by whom, on what, with the hash that seals it to its past."""

    __tablename__ = "audit_event"

    #: Place in the chain, without gaps, from 1.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: When it happened.
    at: Mapped[datetime]
    #: What happened, as a stable code: `person.signed_in`, `enrolment.enrol`.
    action: Mapped[str] = mapped_column(index=True)
    #: Who did it; empty for the system itself and for somebody unknown.
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    #: The kind of thing it was done to: a table's name.
    subject_kind: Mapped[str]
    #: The thing's key, where there is one thing.
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    #: Codes, counts and old → new values; never answers, never passwords.
    details: Mapped[dict[str, Any]]
    #: Address the request came from; empty for a job.
    address: Mapped[str]
    #: The request's or job's reference, the same as in the log.
    reference: Mapped[str]
    #: SHA-256 of the line before, in hexadecimal; 64 zeros for the first.
    previous_hash: Mapped[str]
    #: SHA-256 over this line and `previous_hash`.
    hash: Mapped[str]


class AuditHead(Base):
    """The last line of the chain: one row, locked by whoever adds the next line."""

    __tablename__ = "audit_head"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: `seq` of the last line; 0 before the first.
    seq: Mapped[int]
    #: `hash` of the last line.
    hash: Mapped[str]
