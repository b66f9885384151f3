"""Rows of learning: one attempt holds its whole run-time state as one document."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.learning.owners.models import Owned, one_owner
from app.learning.records.states import RecordStatus


class LearnerRecord(Keyed, Owned, Base):
    """What came of one person's taking one material for one purpose: what reports read."""

    __tablename__ = "learner_record"

    #: What is learnt.
    material_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material.id"), index=True)
    #: What it is taken for: a key of the wing that assigned it; opaque here.
    assignment_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    #: not_started, in_progress, completed, passed, failed: see `states`.
    status: Mapped[str]
    #: The best score so far, from 0 to 100; None while there is none.
    score: Mapped[float | None]
    #: How much is done, from 0 to 1.
    progress: Mapped[float] = mapped_column(default=0.0)
    #: Time spent, in seconds, over all attempts.
    seconds: Mapped[float] = mapped_column(default=0.0)
    #: So many sittings more than its test allows, granted one by one.
    extra_sittings: Mapped[int] = mapped_column(default=0)
    #: First launch.
    started_at: Mapped[datetime | None]
    #: First completion of any attempt.
    completed_at: Mapped[datetime | None]
    #: When something was last done, to the minute: the first launch, or what was told since.
    last_at: Mapped[datetime | None]


class Attempt(Keyed, Owned, Base):
    """One way through one version, from its first launch to its end. Its key is its registration.

    A launch takes the lease: the newest one may write, an older one is told that it may not.
    """

    __tablename__ = "attempt"
    __table_args__ = (sa.UniqueConstraint("record_id", "number"), one_owner())

    #: The record it counts for; None for an author's preview, which leaves none.
    record_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("learner_record.id"), index=True
    )
    #: Which version is taken; stays the same until the attempt ends.
    version_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material_version.id"), index=True)
    #: 1, 2, 3 … within the record; 1 for a preview.
    number: Mapped[int] = mapped_column(default=1)
    #: All that it is made of, as `scorm.attempt` has it.
    document: Mapped[dict[str, Any]]
    #: The newest launch.
    lease: Mapped[int] = mapped_column(default=0)
    #: The launch whose player is open and may write.
    opened_lease: Mapped[int] = mapped_column(default=0)
    #: The last sequence number applied within `opened_lease`.
    sequence: Mapped[int] = mapped_column(default=0)
    #: The answer to that sequence number, given again when it is asked again.
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: The last navigation within `opened_lease` that was followed.
    step: Mapped[int] = mapped_column(default=0)
    #: Whether each call of its content and each decision of the sequencer is written down.
    is_traced: Mapped[bool] = mapped_column(default=False)
    #: How far this attempt is; the record shows the best of its attempts.
    status: Mapped[str] = mapped_column(default=RecordStatus.NOT_STARTED)
    #: Its score, from 0 to 100; None while there is none.
    score: Mapped[float | None]
    #: How much of it is done, from 0 to 1.
    progress: Mapped[float] = mapped_column(default=0.0)
    #: Time spent in it, in seconds.
    seconds: Mapped[float] = mapped_column(default=0.0)
    #: When it was done; None again if the content takes it back.
    completed_at: Mapped[datetime | None]
    #: First launch.
    created_at: Mapped[datetime]
    #: Last commit.
    committed_at: Mapped[datetime | None]
    #: When something of it first came after the time to learn was over; None where all was in time.
    late_at: Mapped[datetime | None]
    #: When it came to its end: the next launch begins another one.
    ended_at: Mapped[datetime | None]
