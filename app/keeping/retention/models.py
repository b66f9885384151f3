"""Rows of retention: periods, holds, erasures with what they take and what certifies them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.keeping.retention.states import TRANSITIONS, ErasureState
from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions


class HoldReason(StrEnum):
    """Why rows that are due are kept: a code, never free text."""

    #: 開示請求.
    DISCLOSURE = "disclosure"
    #: 係争.
    DISPUTE = "dispute"
    #: 監査・検査.
    INSPECTION = "inspection"


class RetentionPeriod(Keyed, Base):
    """How long a class is kept, from the moment somebody set it so; the newest row counts."""

    __tablename__ = "retention_period"

    #: The class of records.
    record_class: Mapped[str] = mapped_column(index=True)
    #: Years after the 1 April that follows the event.
    years: Mapped[int]
    #: Who set it.
    set_by: Mapped[uuid.UUID]
    #: When.
    set_at: Mapped[datetime]


class RetentionHold(Keyed, Base):
    """A person whose rows are not erased for a time, though they are due (消去の保留)."""

    __tablename__ = "retention_hold"

    #: Whose rows are kept.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: disclosure, dispute, inspection.
    reason: Mapped[str]
    #: The last day on which it holds.
    until: Mapped[date]
    #: Who placed it.
    placed_by: Mapped[uuid.UUID]
    #: When.
    placed_at: Mapped[datetime]
    #: When it was lifted before its last day; None while it holds.
    lifted_at: Mapped[datetime | None]


class Erasure(Keyed, Base):
    """All of one class that was due on a day, taken from its proposal to its certificate."""

    __tablename__ = "erasure"
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The class of records.
    record_class: Mapped[str]
    #: What happened before this day is erased.
    before: Mapped[date]
    #: proposed, approved, done, withdrawn.
    state: Mapped[str] = mapped_column(default=ErasureState.PROPOSED)
    #: Who proposed it.
    proposed_by: Mapped[uuid.UUID]
    #: When.
    proposed_at: Mapped[datetime]
    #: Who approved it, never the same; None until then.
    approved_by: Mapped[uuid.UUID | None]
    #: When.
    approved_at: Mapped[datetime | None]
    #: The office or name that answers for it (責任者), as the approver wrote it.
    responsible: Mapped[str] = mapped_column(default="")
    #: The job that erases.
    job_id: Mapped[uuid.UUID | None]
    #: People whose rows are gone.
    people: Mapped[int] = mapped_column(default=0)
    #: Rows that are gone, by table; files under "files".
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: People left out for a hold, or because they were not due any more.
    left_out: Mapped[int] = mapped_column(default=0)
    #: When it was done.
    ended_at: Mapped[datetime | None]
    #: What certifies it, item by item; empty until it is done.
    certificate: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ErasureLine(Keyed, Base):
    """One person whose rows an erasure takes; the line goes with them."""

    __tablename__ = "erasure_line"
    __table_args__ = (sa.UniqueConstraint("erasure_id", "person_id"),)

    #: Of which erasure.
    erasure_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("erasure.id"))
    #: Whose rows; None for rows about nobody.
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: How many rows were due when it was proposed.
    rows: Mapped[int]
    #: The first event among them.
    oldest_on: Mapped[date]
