"""Rows of result reports: the form of a training, a report, and what was handed in."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.training.results.states import TRANSITIONS, ReportState


class ReportForm(Base):
    """報告の様式: what the learners of a training report on; without one, the usual questions."""

    __tablename__ = "report_form"

    #: The training.
    training_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training.id"), primary_key=True)
    #: Its fields in their order: key, label, hint, whether it is needed, most characters.
    fields: Mapped[list[Any]]
    #: Days after the run's last day within which it is due, unless the run says otherwise.
    due_days: Mapped[int] = mapped_column(default=14)
    #: When it was last changed.
    changed_at: Mapped[datetime]


class ResultReport(Keyed, Base):
    """受講結果報告: what one person reports of one enrolment, through all its versions."""

    __tablename__ = "result_report"
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The enrolment.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"), unique=True)
    #: One of `ReportState`.
    state: Mapped[str] = mapped_column(default=ReportState.DRAFT, index=True)
    #: What is being written, by the key of its field.
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: When that was last kept.
    saved_at: Mapped[datetime | None]


class ReportVersion(Keyed, Base):
    """報告の版: what was handed in once, and never changes."""

    __tablename__ = "report_version"
    __table_args__ = (sa.UniqueConstraint("report_id", "number"),)

    #: The report.
    report_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("result_report.id"))
    #: 1, 2, 3 … within the report.
    number: Mapped[int]
    #: The fields as they were asked.
    fields: Mapped[list[Any]]
    #: What was answered, by the key of its field.
    answers: Mapped[dict[str, Any]]
    #: When it was handed in.
    submitted_at: Mapped[datetime]
    #: What the head said to it.
    comment: Mapped[str] = mapped_column(default="")
    #: What the office said to it.
    office_comment: Mapped[str] = mapped_column(default="")
