"""Rows of passwords that were."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class FormerPassword(Keyed, Base):
    """A password that somebody once chose: its hash, so that it is not chosen again soon."""

    __tablename__ = "former_password"

    #: Whose it was.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: The argon2id hash with its parameters.
    password_hash: Mapped[str]
    #: When it was given up.
    ended_at: Mapped[datetime]
