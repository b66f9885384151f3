"""Rows of scores that go back: one for who takes what, with what was sent and what waits."""

from __future__ import annotations

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class PortalScore(Base):
    """What a portal is to know of one assignment: the row is its own place in the queue."""

    __tablename__ = "portal_score"
    __table_args__ = (
        sa.Index(
            "ix_portal_score_waiting",
            "next_at",
            "assignment_id",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
    )

    #: Who takes what.
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("portal_assignment.id"), primary_key=True
    )
    #: activityProgress (AGS 3.4.7): InProgress, Completed.
    activity_progress: Mapped[str]
    #: gradingProgress (AGS 3.4.8): Pending, FullyGraded.
    grading_progress: Mapped[str]
    #: From 0 to 100; None while there is none.
    given: Mapped[float | None]
    #: Grows with every change of these.
    revision: Mapped[int] = mapped_column(default=1)
    #: The revision that the portal has taken last; 0 for none.
    sent_revision: Mapped[int] = mapped_column(default=0)
    #: When that was.
    sent_at: Mapped[datetime | None]
    #: Whether something final was taken: nothing that is not may follow.
    is_final_sent: Mapped[bool] = mapped_column(default=False)
    #: The time that the last score had which was sent: the next one's is later (AGS 3.4.9).
    stamped_at: Mapped[datetime | None]
    #: When it is to be sent; while it is being sent, when somebody else may try; None for done.
    next_at: Mapped[datetime | None]
    #: How often it has failed since it was last taken.
    failures: Mapped[int] = mapped_column(default=0)
    #: Why it was not taken, as a code; empty where it was.
    error: Mapped[str] = mapped_column(default="")
    #: The platform's status and words, cut.
    answer: Mapped[str] = mapped_column(default="")
