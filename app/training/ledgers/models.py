"""Rows of old ledgers, as they were taken in."""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class LedgerImport(Keyed, Base):
    """台帳の取込: one file of old history that was taken in."""

    __tablename__ = "ledger_import"

    #: Name of the file, to be recognised.
    file_name: Mapped[str]
    #: Who took it in.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]


class LedgerEntry(Keyed, Base):
    """過去の履歴: one line of an old ledger."""

    __tablename__ = "ledger_entry"

    #: The file it came with.
    import_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("ledger_import.id"), index=True)
    #: Whose history it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The training as the ledger calls it.
    title: Mapped[str]
    #: The training that it is here; None where it is none of those.
    training_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("training.id"), index=True)
    #: The fiscal year, by the year in which it begins.
    fiscal_year: Mapped[int]
    #: When it was completed, as far as the ledger says.
    completed_on: Mapped[date | None]
    #: Whether it was completed.
    is_completed: Mapped[bool]
    #: 所属 as the ledger says.
    section: Mapped[str] = mapped_column(default="")
    #: 職名 as the ledger says.
    job_title: Mapped[str] = mapped_column(default="")
