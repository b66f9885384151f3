"""Rows of trainings, of their runs, and of what a run consists of."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.training.plans.states import TRANSITIONS, RunState


class Provider(StrEnum):
    """Who teaches a training: 区, 研修所, ブロック, 他の機関."""

    WARD = "ward"
    INSTITUTE = "institute"
    BLOCK = "block"
    OTHER = "other"


class RunKind(StrEnum):
    """eラーニング, 集合, 混合."""

    E_LEARNING = "e_learning"
    CLASSROOM = "classroom"
    MIXED = "mixed"


class ItemKind(StrEnum):
    """What a part of a run is: 教材, 集合研修, 受講結果報告."""

    MATERIAL = "material"
    SESSIONS = "sessions"
    REPORT = "report"


class TrainingCategory(Keyed, Base):
    """研修の区分: 職層, 専門, 派遣 …, as the office names them."""

    __tablename__ = "training_category"

    #: What it is called.
    name: Mapped[str] = mapped_column(unique=True)
    #: Its place in lists.
    position: Mapped[int]


class Training(Keyed, Base):
    """研修: what is taught, over all its years and runs."""

    __tablename__ = "training"

    #: Code of the office's plan.
    code: Mapped[str] = mapped_column(unique=True)
    #: What it is called.
    title: Mapped[str]
    #: What it is for, as its learners read it.
    purpose: Mapped[str] = mapped_column(default="")
    #: What kind of training it is (区分).
    category_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("training_category.id"), index=True
    )
    #: The section that holds it (主催); None for the training office itself.
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: Who teaches it: the ward, or an institute elsewhere.
    provider: Mapped[str] = mapped_column(default=Provider.WARD)
    #: Whether somebody who has completed it may take it again.
    is_once: Mapped[bool] = mapped_column(default=False)
    #: When it was registered.
    created_at: Mapped[datetime]


class Prerequisite(Base):
    """前提研修: what has to be completed before a training is taken."""

    __tablename__ = "prerequisite"

    #: The training that asks for it.
    training_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training.id"), primary_key=True)
    #: The training that is to be completed before.
    required_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("training.id"), primary_key=True)


class Run(Keyed, Base):
    """実施回: one time an offering is held, from its first to its last day."""

    __tablename__ = "run"
    __table_args__ = (
        sa.UniqueConstraint("offering_id", "number"),
        sa.CheckConstraint("learn_from <= learn_until", name="period"),
        sa.CheckConstraint("capacity_min <= capacity_max", name="capacity"),
    )
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The offering.
    offering_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    #: 1, 2, 3 … within the offering.
    number: Mapped[int]
    #: eラーニング, 集合, 混合.
    kind: Mapped[str] = mapped_column(default=RunKind.E_LEARNING)
    #: One of `RunState`.
    state: Mapped[str] = mapped_column(default=RunState.DRAFT, index=True)
    #: The state that a cancelled or postponed run goes back to.
    state_before: Mapped[str | None]
    #: Why it was cancelled or postponed, as a code.
    reason: Mapped[str | None]
    #: The first day on which it can be taken.
    learn_from: Mapped[date]
    #: The due date: the last day on which it can be taken.
    learn_until: Mapped[date]
    #: Whether it can still be taken after its last day, as late (遅延として可).
    takes_late: Mapped[bool] = mapped_column(default=False)
    #: How long it takes, in minutes, as learners are told.
    minutes: Mapped[int]
    #: With fewer it is not held; None: with however few.
    capacity_min: Mapped[int | None]
    #: So many seats there are; None: as many as are wanted.
    capacity_max: Mapped[int | None]
    #: From when it can be applied for; None until it is called for.
    apply_from: Mapped[date | None]
    #: Until when learners apply: as a day or a rule that counts back from the first day.
    apply_rule: Mapped[str] = mapped_column(default="")
    #: The moment that `apply_rule` means.
    apply_until: Mapped[datetime | None]
    #: Until when heads decide and nominate, as `apply_rule`.
    head_rule: Mapped[str] = mapped_column(default="")
    #: The moment that `head_rule` means.
    head_until: Mapped[datetime | None]
    #: Until when changes are taken without more, as `apply_rule`.
    change_rule: Mapped[str] = mapped_column(default="")
    #: The moment that `change_rule` means.
    change_until: Mapped[datetime | None]
    #: When it was registered.
    created_at: Mapped[datetime]


class RunSession(Keyed, Base):
    """コマ: one sitting of a run, at a time and a place."""

    __tablename__ = "run_session"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "number"),
        sa.CheckConstraint("starts_at < ends_at", name="time"),
    )

    #: The run.
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run.id"), index=True)
    #: 1, 2, 3 … within the run.
    number: Mapped[int]
    #: When it begins.
    starts_at: Mapped[datetime] = mapped_column(index=True)
    #: When it ends.
    ends_at: Mapped[datetime]
    #: Where it is held.
    place: Mapped[str] = mapped_column(default="")
    #: Where it is joined on line.
    online_url: Mapped[str] = mapped_column(default="")
    #: Who teaches, as learners are told.
    lecturer: Mapped[str] = mapped_column(default="")
    #: The code by which people check in at the door; None while nobody can.
    check_in_code: Mapped[str | None]


class RunItem(Keyed, Base):
    """構成要素: one part of a run, in its order: a material, the sessions, or the report."""

    __tablename__ = "run_item"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "position"),
        sa.UniqueConstraint("run_id", "material_id"),
    )

    #: The run.
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run.id"), index=True)
    #: What it is.
    kind: Mapped[str] = mapped_column(default=ItemKind.MATERIAL)
    #: The material that is taken; None for what is no material.
    material_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("material.id"), index=True)
    #: 1, 2, 3 … within the run.
    position: Mapped[int]
    #: Whether a run is not completed without it.
    is_required: Mapped[bool] = mapped_column(default=True)
    #: Until when, as a day or a rule that counts from the first session; empty: the run's last day.
    due_rule: Mapped[str] = mapped_column(default="")
    #: The moment that `due_rule` means.
    due_until: Mapped[datetime | None]
    #: Minutes that a test takes longer in this run than its paper says.
    extra_minutes: Mapped[int] = mapped_column(default=0)
    #: How a video is watched in this run, where that differs from its material: what
    #: `content.videos.models.WatchingRule` reads, of that only what is said otherwise here.
    watching: Mapped[dict[str, Any]] = mapped_column(default=dict)
