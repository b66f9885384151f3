"""Rows of question banks."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class QuestionBank(Keyed, Base):
    """問題集: questions of one subject, from which papers take or draw."""

    __tablename__ = "question_bank"

    #: What it is called.
    name: Mapped[str]
    #: Who made it.
    created_by: Mapped[uuid.UUID]
    #: When.
    created_at: Mapped[datetime]
    #: When it was put out of use; None while papers can draw from it.
    archived_at: Mapped[datetime | None]


class Question(Keyed, Base):
    """One question of a bank."""

    __tablename__ = "question"

    #: The bank.
    bank_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("question_bank.id"), index=True)
    #: Its place in the bank; gaps mean nothing.
    position: Mapped[int]
    #: The question, as `content_packages.questions.item.to_document` gives it; its id is the key.
    document: Mapped[dict[str, Any]]
    #: When it was last changed.
    changed_at: Mapped[datetime]
