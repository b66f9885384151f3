"""Rows of portals' learners."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class LinkedBy(StrEnum):
    """How it was found who somebody is: 本人のサインイン, 対応表."""

    SELF = "self"
    TABLE = "table"


class PortalLearner(Keyed, Base):
    """Somebody from a portal; the row's key is a guest of learning."""

    __tablename__ = "portal_learner"
    __table_args__ = (sa.UniqueConstraint("portal_id", "subject"),)

    #: The portal that they come from.
    portal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("portal.id"))
    #: What it knows them by; None for somebody of whom it says nothing.
    subject: Mapped[str | None]
    #: Who of the staff it is, once that is proved; None while nobody knows.
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: How that was proved: self, table.
    linked_by: Mapped[str | None]
    #: When.
    linked_at: Mapped[datetime | None]
    #: When they came first.
    created_at: Mapped[datetime]
