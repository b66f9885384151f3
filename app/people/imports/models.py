"""Rows of an import between its check and its commit: the wanted columns alone, then nothing."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Kind(StrEnum):
    """What a file is about."""

    STAFF = "staff"
    SECTIONS = "sections"


class Mode(StrEnum):
    """What it means that somebody is not in a file."""

    #: 差分: nothing.
    DIFFERENCE = "difference"
    #: 全件: that they have left.
    FULL = "full"


class ImportBatch(Keyed, Base):
    """One file: asked for, checked, and then committed or discarded."""

    __tablename__ = "import_batch"

    #: `staff` or `sections`.
    kind: Mapped[str]
    #: `difference` or `full`.
    mode: Mapped[str]
    #: The day from which its content holds (発令日).
    effective_on: Mapped[date]
    #: Whether numbers that lack leading zeros are filled up to the usual length.
    fills_numbers: Mapped[bool]
    #: Who uploaded it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: The job that checks or commits it, newest first.
    job_id: Mapped[uuid.UUID | None]
    #: The register's revision at the check; None until it is checked.
    revision: Mapped[int | None]
    #: Counts and warnings of the check; nobody's data.
    summary: Mapped[dict[str, Any]]
    #: `committed`, `discarded` or `expired`; None while it waits.
    ending: Mapped[str | None]
    #: When it ended; its rows are gone then.
    ended_at: Mapped[datetime | None]


class ImportRow(Keyed, Base):
    """One row of a checked file, with what it would do."""

    __tablename__ = "import_row"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "row"),
        sa.Index("ix_import_row_batch_id_state", "batch_id", "state"),
    )

    #: Of which file.
    batch_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("import_batch.id"))
    #: Its number in the file; whoever is absent from a full file comes after the last one.
    row: Mapped[int]
    #: added, changed, unchanged, absent, error.
    state: Mapped[str]
    #: Values by column, findings, and old and new value by column.
    data: Mapped[dict[str, Any]]
