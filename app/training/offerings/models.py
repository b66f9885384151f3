"""Rows of what a fiscal year's plan offers, and of the seats it allots."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed


class Obligation(StrEnum):
    """Whether it has to be taken, and how people come to it: 必修, 指名, 推薦, 公募, 自由受講."""

    MANDATORY = "mandatory"
    NAMED = "named"
    NOMINATED = "nominated"
    OPEN = "open"
    FREE = "free"


#: What sections are asked to put people forward for.
NOMINATED_FOR = frozenset({Obligation.NOMINATED, Obligation.OPEN})
#: What people can apply for by themselves.
APPLIED_FOR = frozenset({Obligation.OPEN, Obligation.FREE})


class ApprovalPath(StrEnum):
    """Who approves an application: 承認不要, 所属長のみ, 所属長＋人材育成."""

    NOBODY = "nobody"
    HEAD = "head"
    HEAD_AND_OFFICE = "head_and_office"


class ChangePath(StrEnum):
    """Who alone approves a change to another run: 自動承認, 所属長承認, 研修管理者承認."""

    NOBODY = "nobody"
    HEAD = "head"
    OFFICE = "office"


class LateChange(StrEnum):
    """What becomes of a change after its limit: 受付不可, 緊急連絡として受付."""

    REFUSE = "refuse"
    URGENT = "urgent"


class Overflow(StrEnum):
    """What becomes of a nomination beyond the quota: 不可, 補欠として可."""

    REFUSE = "refuse"
    WAITLIST = "waitlist"


class Promotion(StrEnum):
    """How the next on the waiting list comes to a seat: 自動繰上, 担当確認後繰上."""

    AUTOMATIC = "automatic"
    CONFIRMED = "confirmed"


class Offering(Keyed, Base):
    """年度の実施: a training as one fiscal year's plan offers it, with the rules of its runs.

    Its row is the lock of its seats: whoever gives one away, or changes how many there are, holds
    it (`seats.service`).
    """

    __tablename__ = "offering"
    __table_args__ = (sa.UniqueConstraint("training_id", "fiscal_year"),)

    #: The training.
    training_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training.id"), index=True)
    #: The fiscal year, by the year in which it begins.
    fiscal_year: Mapped[int] = mapped_column(index=True)
    #: Whom it is meant for (対象), in words.
    target: Mapped[str] = mapped_column(default="")
    #: What is taught (科目), in words.
    subjects: Mapped[str] = mapped_column(default="")
    #: Whether it has to be taken, and how people come to it.
    obligation: Mapped[str] = mapped_column(default=Obligation.NAMED)
    #: Who approves an application.
    approval_path: Mapped[str] = mapped_column(default=ApprovalPath.HEAD_AND_OFFICE)
    #: Who approves a change to another run.
    change_path: Mapped[str] = mapped_column(default=ChangePath.OFFICE)
    #: What becomes of a change that is asked for after its limit.
    late_change: Mapped[str] = mapped_column(default=LateChange.REFUSE)
    #: What becomes of a nomination beyond the section's quota.
    overflow: Mapped[str] = mapped_column(default=Overflow.REFUSE)
    #: How the next on the waiting list comes to a seat that was freed.
    promotion: Mapped[str] = mapped_column(default=Promotion.CONFIRMED)
    #: Until when that happens, as a rule that counts back from the run's first day.
    promotion_rule: Mapped[str] = mapped_column(default="3開庁日前")
    #: Percent of the time that somebody may miss and still complete it.
    absence_limit: Mapped[int] = mapped_column(default=25)
    #: What it takes to complete it (completion.Rule); empty: as usual.
    completion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: How often that was changed: 1 at first.
    completion_version: Mapped[int] = mapped_column(default=1)
    #: Whether its people are those of a condition (audiences.models.Condition); empty: of none.
    condition: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Whether who comes to fulfil the condition later is added (動的).
    is_dynamic: Mapped[bool] = mapped_column(default=False)
    #: When who has not finished is reminded (reminders.queries.Rule); empty: as usual.
    reminders: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: When it was planned.
    created_at: Mapped[datetime]


class Quota(Keyed, Base):
    """割当: how many of a section, of a grade, or of both an offering takes."""

    __tablename__ = "quota"
    __table_args__ = (
        sa.CheckConstraint("at_least >= 0 AND at_least <= at_most", name="range"),
        sa.UniqueConstraint("offering_id", "section_id", "grade"),
    )

    #: The offering.
    offering_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    #: The section; None for a quota of a grade in all sections.
    section_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("section.id"))
    #: Whether the sections below share it.
    with_children: Mapped[bool] = mapped_column(default=True)
    #: The grade (職層); empty for all.
    grade: Mapped[str] = mapped_column(default="")
    #: So many it is asked to send (推薦下限).
    at_least: Mapped[int] = mapped_column(default=0)
    #: So many it may send (推薦上限).
    at_most: Mapped[int]
