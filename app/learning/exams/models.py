"""Rows of sittings: one go at a test."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Sitting(Keyed, Base):
    """受験: one person's one go at a test, with what was asked, answered, and given for it."""

    __tablename__ = "sitting"
    __table_args__ = (
        sa.UniqueConstraint("record_id", "number"),
        sa.Index(
            "ix_sitting_open",
            "ends_at",
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        ),
    )

    #: The record it counts for.
    record_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("learner_record.id"))
    #: Who sits.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Which version of the test; stays the same.
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material_version.id"), index=True)
    #: 1, 2, 3 … within the record.
    number: Mapped[int]
    #: What the questions and the options were drawn and arranged by.
    seed: Mapped[str]
    #: The keys of the questions that were drawn, in the order in which they are asked.
    drawn: Mapped[list[Any]]
    #: The answers so far, by the key of their question.
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The last saving that was taken: one with a lower number comes late and changes nothing.
    sequence: Mapped[int] = mapped_column(default=0)
    #: When it was begun.
    started_at: Mapped[datetime]
    #: When its time is over, in the server's time; None where there is no limit.
    ends_at: Mapped[datetime | None]
    #: When an answer was last saved.
    saved_at: Mapped[datetime | None]
    #: When it was handed in; None while it is open.
    submitted_at: Mapped[datetime | None]
    #: Whether it was handed in because its time was over.
    is_by_time: Mapped[bool] = mapped_column(default=False)
    #: The points of each question, by its key; None where a hand has still to give them.
    marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: From 0 to 100; None until all is marked.
    score: Mapped[float | None]
    #: Whether the pass mark was reached; None until all is marked.
    is_passed: Mapped[bool | None]
    #: Who marked by hand last.
    marked_by: Mapped[uuid.UUID | None]
    #: When all was marked.
    marked_at: Mapped[datetime | None]
