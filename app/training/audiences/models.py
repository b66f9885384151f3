"""Rows of whom an offering is for."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Source(StrEnum):
    """How somebody came to be meant: 条件, 個別指定."""

    CONDITION = "condition"
    LIST = "list"


class AudienceMember(Keyed, Base):
    """対象者: one person an offering is for, with the post of the day on which it was said."""

    __tablename__ = "audience_member"
    __table_args__ = (sa.UniqueConstraint("offering_id", "person_id"),)

    #: The offering.
    offering_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("offering.id"))
    #: Who is meant.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: 所属 on that day.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: 職名 on that day.
    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"))
    #: condition, list.
    source: Mapped[str] = mapped_column(default=Source.CONDITION)
    #: When it was said.
    added_at: Mapped[datetime]
