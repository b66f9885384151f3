"""Rows of what was said to a candidacy or a change."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class ApprovalStep(Keyed, Base):
    """承認の一段: what somebody said to a candidacy or to a change, and when."""

    __tablename__ = "approval_step"

    #: What it was said to: a candidacy or a change request.
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    #: What was done: an action of its table.
    action: Mapped[str]
    #: Who did it.
    actor_id: Mapped[uuid.UUID | None]
    #: In whose place (代行).
    for_id: Mapped[uuid.UUID | None]
    #: As which role; None as oneself.
    role: Mapped[str | None]
    #: Why, as a code.
    reason: Mapped[str | None]
    #: When.
    at: Mapped[datetime]
