"""Rows of what people are told about their data, and of their having read it."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class PurposeStatement(Keyed, Base):
    """One version of the wording; version 0 is the one that comes with the software."""

    __tablename__ = "purpose_statement"

    #: 1, 2, 3 …; the highest is the one that is shown.
    version: Mapped[int] = mapped_column(unique=True)
    #: What the data is used for.
    purpose: Mapped[str]
    #: Who can see it.
    viewers: Mapped[str]
    #: How long it is kept.
    retention: Mapped[str]
    #: Who wrote it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]


class PurposeConfirmation(Keyed, Base):
    """That somebody has read one version."""

    __tablename__ = "purpose_confirmation"
    __table_args__ = (sa.UniqueConstraint("person_id", "version"),)

    #: Who.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    #: Which version.
    version: Mapped[int]
    #: When.
    confirmed_at: Mapped[datetime]
