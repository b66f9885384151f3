"""Rows of trainings and runs."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.training.plans.states import TRANSITIONS, RunState


class Training(Keyed, Base):
    """研修: what is taught, over all its runs."""

    __tablename__ = "training"

    #: Code of the office's plan.
    code: Mapped[str] = mapped_column(unique=True)
    #: What it is called.
    title: Mapped[str]
    #: What it is for, as its learners read it.
    purpose: Mapped[str] = mapped_column(default="")
    #: When it was registered.
    created_at: Mapped[datetime]


class Run(Keyed, Base):
    """実施回: one time a training is held; here as e-learning, within its first and last day."""

    __tablename__ = "run"
    __table_args__ = (
        sa.UniqueConstraint("training_id", "number"),
        sa.CheckConstraint("learn_from <= learn_until", name="period"),
    )
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The training.
    training_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training.id"), index=True)
    #: 1, 2, 3 … within the training.
    number: Mapped[int]
    #: draft, open, ended, cancelled.
    state: Mapped[str] = mapped_column(default=RunState.DRAFT, index=True)
    #: The first day on which it can be taken.
    learn_from: Mapped[date]
    #: The due date: the last day on which it can be taken.
    learn_until: Mapped[date]
    #: How long it takes, in minutes, as learners are told.
    minutes: Mapped[int]
    #: When it was registered.
    created_at: Mapped[datetime]


class RunItem(Keyed, Base):
    """構成要素: one material of a run, in its order."""

    __tablename__ = "run_item"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "position"),
        sa.UniqueConstraint("run_id", "material_id"),
    )

    #: The run.
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run.id"), index=True)
    #: What is taken.
    material_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("material.id"), index=True)
    #: 1, 2, 3 … within the run.
    position: Mapped[int]
