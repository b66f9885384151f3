"""Rows of the sections."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Section(Keyed, Base):
    """A part of the organisation for as long as it exists: 部, 課 or 係."""

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)

    #: Code of the staff register, with its leading zeros.
    code: Mapped[str] = mapped_column(index=True)
    #: Name as the organisation writes it.
    name: Mapped[str]
    #: What it is a part of; None at the top.
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: Place among its siblings; lists of staff follow it.
    position: Mapped[int] = mapped_column(default=0)
    #: Its first day.
    valid_from: Mapped[date]
    #: Its last day; None while it exists.
    valid_to: Mapped[date | None]
