"""Rows of what sections have answered to a call."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Answer(StrEnum):
    """推薦名簿を所属長に回した, 該当なし."""

    LIST = "list"
    NOBODY = "nobody"


class SectionAnswer(Keyed, Base):
    """所属の回答: that a section's list lies before its head, or that it sends nobody."""

    __tablename__ = "section_answer"
    __table_args__ = (sa.UniqueConstraint("offering_id", "section_id"),)

    #: The offering.
    offering_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("offering.id"))
    #: The section.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: list, nobody.
    answer: Mapped[str]
    #: Who said so.
    answered_by: Mapped[uuid.UUID | None]
    #: When.
    answered_at: Mapped[datetime]
