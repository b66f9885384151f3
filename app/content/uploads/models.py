"""Rows of uploads."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Upload(Keyed, Base):
    """A file on its way: how far it is, the size of what lies in the folder of uploads says alone.

    So nothing is written here while pieces come, and a crash loses nothing that was acknowledged.
    """

    __tablename__ = "upload"

    #: Who sends it; nobody else has anything of it.
    created_by: Mapped[uuid.UUID]
    #: When it was begun.
    created_at: Mapped[datetime]
    #: What its sender calls it: the last part alone, and nothing that cannot be shown.
    file_name: Mapped[str]
    #: How many bytes it will have.
    size: Mapped[int] = mapped_column(sa.BigInteger)
    #: When the last piece was acknowledged; none while there is more to come.
    finished_at: Mapped[datetime | None]

    @property
    def name(self) -> str:
        """Its name in the folder of uploads."""
        return f"{self.id}.part"
