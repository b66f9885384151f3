"""Rows of our own keys."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class PortalKey(Base):
    """A pair of keys: the newest one signs, older ones are published until they are withdrawn."""

    __tablename__ = "portal_key"

    #: The id that platforms know it by.
    kid: Mapped[str] = mapped_column(primary_key=True)
    #: The portal that it is for.
    portal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal.id"), index=True)
    #: The private half, sealed.
    sealed: Mapped[str]
    #: When it was made.
    created_at: Mapped[datetime]
    #: From when on it signs: platforms have fetched it by then.
    signs_from: Mapped[datetime]
    #: When it was withdrawn; nothing that it has signed counts any more.
    withdrawn_at: Mapped[datetime | None]
