"""Rows of what the record store was told of attempts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class AttemptTold(Base):
    """What the record store was told of one attempt, and what has turned in it since.

    It stays as long as its attempt: what is resumed is told of from there on.
    """

    __tablename__ = "attempt_told"
    __table_args__ = (
        sa.Index(
            "ix_attempt_told_waiting",
            "next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
    )

    #: The attempt.
    attempt_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("attempt.id"), primary_key=True)
    #: When it is looked at next; None until it turns again.
    next_at: Mapped[datetime | None]
    #: What has turned since it was looked at: items begun and left, a video's player opened.
    turns: Mapped[list[Any]]
    #: What was told, as `xapi.scorm.telling` or `xapi.video_telling` has it; empty at first.
    told: Mapped[dict[str, Any]]
