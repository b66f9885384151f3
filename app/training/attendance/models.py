"""Rows of attendance."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Presence(StrEnum):
    """How somebody was there: 出席, 遅刻, 早退, 欠席, 公欠, 補講."""

    PRESENT = "present"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    EXCUSED = "excused"
    MADE_UP = "made_up"


class Announcement(StrEnum):
    """What somebody gave notice of: 欠席, 遅刻, 早退."""

    ABSENT = "absent"
    LATE = "late"
    LEAVING_EARLY = "leaving_early"


class MakeUp(StrEnum):
    """How far a make-up (補講) is: 希望, 決定."""

    ASKED = "asked"
    GIVEN = "given"


class Attendance(Keyed, Base):
    """出欠: one person in one session, as announced before and as it was."""

    __tablename__ = "attendance"
    __table_args__ = (
        sa.UniqueConstraint("enrolment_id", "session_id"),
        sa.CheckConstraint("minutes >= 0", name="minutes"),
    )

    #: The enrolment.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"))
    #: The session.
    session_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run_session.id"), index=True)
    #: What was announced; None: nothing.
    announced: Mapped[str | None]
    #: Why, as a code.
    reason: Mapped[str | None]
    #: When it was announced.
    announced_at: Mapped[datetime | None]
    #: Who announced it, where that was not the person.
    announced_by: Mapped[uuid.UUID | None]
    #: How it was; None until it is known.
    presence: Mapped[str | None]
    #: Minutes that count.
    minutes: Mapped[int | None]
    #: Whether it is made up for, as asked or as given; None: it is not.
    make_up: Mapped[str | None]
    #: The session of another run in which it is made up for; without `make_up`, the one of an
    #: earlier run in which it was taken (case 13).
    makes_up_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("run_session.id"), index=True
    )
    #: The material by which it is made up for (録画視聴＋小テスト).
    make_up_item_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("run_item.id"))
    #: When somebody checked in at the door.
    checked_in_at: Mapped[datetime | None]
    #: Who noted how it was.
    noted_by: Mapped[uuid.UUID | None]
    #: When.
    noted_at: Mapped[datetime | None]
