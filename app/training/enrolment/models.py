"""Rows of enrolment."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.training.candidacies.models import Candidacy
from app.training.enrolment.states import SEATED, TRANSITIONS, EnrolmentState

_IS_SEATED = sa.text("state IN ({})".format(", ".join(f"'{state}'" for state in SEATED)))


class Enrolment(Keyed, Base):
    """受講者の登録: one person in one run, with the post they held when it was decided."""

    __tablename__ = "enrolment"
    __table_args__ = (
        # One seat a person and run: who was moved away may come back, as another enrolment.
        sa.Index(
            "uq_enrolment_seated",
            "run_id",
            "person_id",
            unique=True,
            sqlite_where=_IS_SEATED,
            postgresql_where=_IS_SEATED,
        ),
        sa.Index("ix_enrolment_run_id_person_id", "run_id", "person_id"),
        # All that lists and counts across a year's half a million rows ask of those they pass over.
        sa.Index("ix_enrolment_state", "state", "run_id", "person_id", "extended_until"),
    )
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The run.
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run.id"))
    #: The learner.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: One of `EnrolmentState`.
    state: Mapped[str] = mapped_column(default=EnrolmentState.DECIDED)
    #: The state that goes on when a cancelled run is held after all.
    state_before: Mapped[str | None]
    #: 所属 when it was decided.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: 職名 when it was decided.
    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"))
    #: When it was decided.
    decided_at: Mapped[datetime]
    #: Their own due date, where they were away over the run's (受講対象外期間); None: the run's.
    extended_until: Mapped[date | None]
    #: The nomination or application it came from; None where the office enrolled by list.
    candidacy_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(Candidacy.id), index=True)
    #: The enrolment that it takes the place of: moved from another run, or another's.
    follows_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("enrolment.id"), index=True)


class Assignment(Keyed, Base):
    """One material that one enrolment has to take: what a learner's record is kept for."""

    __tablename__ = "assignment"
    __table_args__ = (sa.UniqueConstraint("enrolment_id", "run_item_id"),)

    #: The enrolment.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"))
    #: The run's component.
    run_item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run_item.id"), index=True)
