"""Rows of notices."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Notice(Keyed, Base):
    """One message to one person; its words are made from `kind` and `data` when it is shown."""

    __tablename__ = "notice"

    #: Whom it is for.
    person_id: Mapped[uuid.UUID] = mapped_column(index=True)
    #: What it says, as a code of the wing that wrote it.
    kind: Mapped[str]
    #: What fills the sentence: titles and dates, never results or other people.
    data: Mapped[dict[str, Any]]
    #: Path in the office that it leads to.
    path: Mapped[str]
    #: When it was written.
    created_at: Mapped[datetime]
    #: When the person opened it.
    read_at: Mapped[datetime | None]
    #: The same thing is said once: kind, subject, person, and what else makes it another.
    dedupe_key: Mapped[str] = mapped_column(unique=True)
