"""Rows of accounts."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Account(Base):
    """How one person's way in stands; there from the first password or sign-in on."""

    __tablename__ = "account"

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    #: Wrong passwords and codes in a row.
    failures: Mapped[int] = mapped_column(default=0)
    #: Until when no password and no code is accepted.
    locked_until: Mapped[datetime | None]
    #: Since when nothing lets the person in; None while the account is open.
    frozen_at: Mapped[datetime | None]
    #: Who froze it.
    frozen_by: Mapped[uuid.UUID | None]
