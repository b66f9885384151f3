"""Rows of addresses by which calendars subscribe."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class CalendarKey(Base):
    """カレンダーの購読アドレスの鍵: one a person, until they take it back or leave."""

    __tablename__ = "calendar_key"

    #: Whose sessions and due dates it shows.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    #: Its SHA-256, in hexadecimal: of 256 random bits, no slower hash is needed.
    key_hash: Mapped[str] = mapped_column(unique=True)
    #: When it was made.
    created_at: Mapped[datetime]
    #: When a calendar asked by it, noted once a day; None before the first.
    used_at: Mapped[datetime | None]
