"""The row of the system's state."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Reason(StrEnum):
    """Why nothing may be changed."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    DRILL = "drill"


class SystemState(Base):
    """How the system stands: one row, there from the first migration on."""

    __tablename__ = "system_state"

    #: Always 1.
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Whether it may only be read: every request that would change something is refused.
    is_read_only: Mapped[bool]
    #: Why, as a code; None while everything works.
    reason: Mapped[str | None]
    #: Since when.
    since: Mapped[datetime | None]
    #: Who began it.
    begun_by: Mapped[uuid.UUID | None]
