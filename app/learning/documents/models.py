"""Rows of documents that content keeps with us."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class XapiDocument(Base):
    """A document: its bytes as they came, under what it is about and a name."""

    __tablename__ = "xapi_document"

    #: 64 bits of the hash of its kind (state, agent, activity), its activity and its agent.
    about: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    #: The registration that it belongs to; empty for none.
    registration: Mapped[str] = mapped_column(sa.String(36), primary_key=True)
    #: SHA-256 of its name, as names may be longer than an index bears.
    name_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    #: Its name: stateId or profileId.
    name: Mapped[str]
    #: Its media type.
    content_type: Mapped[str]
    #: The bytes.
    content: Mapped[bytes]
    #: When it was last written.
    updated_at: Mapped[datetime]
