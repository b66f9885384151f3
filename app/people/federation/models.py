"""Rows of signing in with the organisation's own account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class UsedAssertion(Base):
    """A SAML assertion that somebody has come in by, until it has expired: it counts once."""

    __tablename__ = "used_assertion"

    #: SHA-256 of the assertion's ID, in hexadecimal; nothing here leads to a person.
    digest: Mapped[str] = mapped_column(primary_key=True)
    #: From when on its own date would keep it out.
    expires_at: Mapped[datetime] = mapped_column(index=True)
