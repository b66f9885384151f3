"""Rows of disclosure."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Disclosure(Keyed, Base):
    """One bundle of one person: asked for, made by a worker, fetched once, and deleted."""

    __tablename__ = "disclosure"

    #: Whom it tells of.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Who asked for it on the page.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: The job that makes it.
    job_id: Mapped[uuid.UUID | None]
    #: When its file was fetched; it is deleted then.
    fetched_at: Mapped[datetime | None]
