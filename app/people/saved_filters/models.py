"""Rows of lists that somebody wants again."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class SavedFilter(Keyed, Base):
    """保存した抽出条件: a list as somebody has narrowed and arranged it, under a name of theirs."""

    __tablename__ = "saved_filter"
    __table_args__ = (sa.UniqueConstraint("person_id", "endpoint", "name"),)

    #: Whose it is.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    #: The page of the list.
    endpoint: Mapped[str]
    #: What they call it.
    name: Mapped[str]
    #: What the address of the list says, without the page.
    query: Mapped[str]
    #: When it was kept.
    created_at: Mapped[datetime]
