"""Rows of invitations."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class PortalInvitation(Keyed, Base):
    """An address by which one portal registers itself, once and for a time."""

    __tablename__ = "portal_invitation"

    #: SHA-256 of the token in the address.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: What the office calls the portal that is meant.
    name: Mapped[str]
    #: Who invited: who proposes what comes of it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: Until when it holds.
    expires_at: Mapped[datetime]
    #: When it was used.
    used_at: Mapped[datetime | None]
    #: What came of it.
    portal_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("portal.id"))
