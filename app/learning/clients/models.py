"""Rows of those who speak to the record store."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class XapiClient(Keyed, Base):
    """A system with a key and a secret of its own (HTTP Basic)."""

    __tablename__ = "xapi_client"

    #: What the office calls it.
    name: Mapped[str]
    #: Its key, which is no secret.
    key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    #: SHA-256 of its secret: 256 random bits need no slow hash.
    secret_hash: Mapped[str] = mapped_column(sa.String(64))
    #: What it may do (Communication 4.0), of `access.SCOPES`.
    scopes: Mapped[list[Any]]
    #: Who made it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: Since when it may do nothing any more.
    stopped_at: Mapped[datetime | None]
