"""Rows of enrolment."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.training.enrolment.states import TRANSITIONS, EnrolmentState


class Enrolment(Keyed, Base):
    """受講者の登録: one person in one run, with the post they held when it was decided."""

    __tablename__ = "enrolment"
    __table_args__ = (sa.UniqueConstraint("run_id", "person_id"),)
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The run.
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run.id"))
    #: The learner.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: decided, in_progress, completed, revoked.
    state: Mapped[str] = mapped_column(default=EnrolmentState.DECIDED)
    #: 所属 when it was decided.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: 職名 when it was decided.
    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"))
    #: When it was decided.
    decided_at: Mapped[datetime]


class Assignment(Keyed, Base):
    """One material that one enrolment has to take: what a learner's record is kept for."""

    __tablename__ = "assignment"
    __table_args__ = (sa.UniqueConstraint("enrolment_id", "run_item_id"),)

    #: The enrolment.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"))
    #: The run's component.
    run_item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run_item.id"), index=True)
