"""Rows of candidacies, of the runs they ask for, and of what was said to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, Keyed
from app.kernel.workflow import Transitions
from app.training.candidacies.states import LIVE, TRANSITIONS, CandidacyState

_IS_LIVE = sa.text("state IN ({})".format(", ".join(f"'{state}'" for state in LIVE)))


class Route(StrEnum):
    """How: 申込 by themselves, 推薦 by their section, 指名 by the office."""

    APPLIED = "applied"
    NOMINATED = "nominated"
    NAMED = "named"


class Candidacy(Keyed, Base):
    """推薦・申込: one person put forward for one offering."""

    __tablename__ = "candidacy"
    __table_args__ = (
        sa.Index(
            "uq_candidacy_live",
            "offering_id",
            "person_id",
            unique=True,
            sqlite_where=_IS_LIVE,
            postgresql_where=_IS_LIVE,
        ),
    )
    transitions: ClassVar[Transitions] = TRANSITIONS

    #: The offering.
    offering_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("offering.id"), index=True)
    #: Who is put forward.
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    #: How: applied, nominated, named.
    route: Mapped[str] = mapped_column(default=Route.APPLIED)
    #: One of `CandidacyState`.
    state: Mapped[str] = mapped_column(default=CandidacyState.APPLIED, index=True)
    #: The section that puts them forward (推薦所属): whose quota it is charged to.
    section_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("section.id"), index=True)
    #: 職名 when it was put forward.
    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"))
    #: The section's own order (推薦順位), from 1; None where it gave none.
    rank: Mapped[int | None]
    #: Whether it is beyond the section's quota, and can only wait.
    is_over_quota: Mapped[bool] = mapped_column(default=False)
    #: Why it is let in although a condition is not met (例外許可), as a code.
    exception: Mapped[str | None]
    #: What the office would decide, while only the office sees it (決定案): a state.
    proposal: Mapped[str | None]
    #: The run that `proposal`, or the decision, puts them in.
    run_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("run.id"), index=True)
    #: Their place among those who wait, from 1.
    waiting: Mapped[int | None]
    #: What somebody who was named has answered: can, cannot; None while they have not.
    answer: Mapped[str | None]
    #: Who entered it, where that was not the person.
    entered_by: Mapped[uuid.UUID | None]
    #: When it was entered.
    created_at: Mapped[datetime]


class Preference(Base):
    """希望する回: one run that a candidacy asks for, in its order."""

    __tablename__ = "preference"
    __table_args__ = (sa.UniqueConstraint("candidacy_id", "run_id"),)

    #: The candidacy.
    candidacy_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("candidacy.id"), primary_key=True)
    #: 1, 2 or 3.
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: The run.
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("run.id"))
