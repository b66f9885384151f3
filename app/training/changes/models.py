"""Rows of requests for a change."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.training.changes.states import PENDING, TRANSITIONS, ChangeState

_IS_PENDING = sa.text("state IN ({})".format(", ".join(f"'{state}'" for state in PENDING)))


class ChangeKind(StrEnum):
    """参加回変更, 差替え, 辞退, 受講年度変更, 免除."""

    MOVE = "move"
    REPLACE = "replace"
    DECLINE = "decline"
    DEFER = "defer"
    EXEMPT = "exempt"


class ChangeRequest(Keyed, Base):
    """変更の申請: what somebody asks for one enrolment."""

    __tablename__ = "change_request"
    __table_args__ = (
        sa.Index(
            "uq_change_request_pending",
            "enrolment_id",
            unique=True,
            sqlite_where=_IS_PENDING,
            postgresql_where=_IS_PENDING,
        ),
    )
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The enrolment it is about.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)
    #: What is asked for.
    kind: Mapped[str]
    #: One of `ChangeState`.
    state: Mapped[str] = mapped_column(default=ChangeState.REQUESTED, index=True)
    #: The run to move to.
    run_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("run.id"))
    #: Who takes the seat instead.
    successor_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: Why, as a code.
    reason: Mapped[str]
    #: Whether it came after the limit, as an urgent call (緊急連絡).
    is_urgent: Mapped[bool] = mapped_column(default=False)
    #: Who asked for it.
    requested_by: Mapped[uuid.UUID | None]
    #: When.
    requested_at: Mapped[datetime]
