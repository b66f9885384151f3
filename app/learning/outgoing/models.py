"""Rows of what waits to be forwarded: narrow, and gone once it is taken."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base

#: In the place of a status of HTTP, for what we do not send ourselves.
HELD_BACK: Final = 0


class XapiOutgoing(Base):
    """A statement that another record store is to get; what did not go stays until asked."""

    __tablename__ = "xapi_outgoing"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's class setting

    #: The destination.
    forward_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("xapi_forward.id"), primary_key=True
    )
    #: The statement.
    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: When it was refused, or held back; None while it waits.
    refused_at: Mapped[datetime | None]
    #: With which status of HTTP; 0 for held back, None while it waits.
    status: Mapped[int | None]
    #: And with which words, the first letters; None while it waits.
    answer: Mapped[str | None]
