"""Rows of the office's word on attendance."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Override(Base):
    """出席基準の判定の上書き: what the office says of one enrolment, whatever the rule says."""

    __tablename__ = "attendance_override"

    #: The enrolment.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"), primary_key=True)
    #: Whether enough was attended.
    is_enough: Mapped[bool]
    #: Why, as a code.
    reason: Mapped[str]
    #: Who decided it.
    decided_by: Mapped[uuid.UUID | None]
    #: When.
    decided_at: Mapped[datetime]
