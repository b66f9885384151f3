"""Rows of the debug log."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class TraceLines(Keyed, Base):
    """What one request has added: calls of the content, or decisions of the sequencer, in order."""

    __tablename__ = "trace_lines"

    #: The attempt it tells of.
    attempt_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    #: When the request came.
    at: Mapped[datetime]
    #: content, or sequencer.
    source: Mapped[str]
    #: The lines: `[call, argument, value, answer, error]`, or `[process, activity, what it said]`.
    lines: Mapped[list[Any]]
