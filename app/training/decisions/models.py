"""Rows of decisions on completion."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.kernel.db import Base, Keyed


class Decision(Keyed, Base):
    """修了認定: what was decided of an enrolment, by which rule, and on what facts.

    It never changes: what is decided otherwise is the next version.
    """

    __tablename__ = "completion_decision"
    __table_args__ = (sa.UniqueConstraint("enrolment_id", "number"),)

    #: The enrolment.
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("enrolment.id"))
    #: 1, 2, 3 … within the enrolment; the highest holds.
    number: Mapped[int]
    #: Whether it was completed.
    is_completed: Mapped[bool]
    #: The rule as it was, with its version (`completion.Rule`).
    rule: Mapped[dict[str, Any]]
    #: What it was held against (`completion.Facts`).
    facts: Mapped[dict[str, Any]]
    #: Why it is otherwise than the rule says, or than before, as a code; None where it is not.
    reason: Mapped[str | None]
    #: Who decided it.
    decided_by: Mapped[uuid.UUID | None]
    #: When.
    decided_at: Mapped[datetime] = mapped_column(index=True)


class DecisionChangedError(AssertionError):
    """Something tried to change a decision: another version is the only way."""


@event.listens_for(Decision, "before_update")
def _refuse_changes(
    _mapper: Mapper[Decision], _connection: sa.Connection, decision: Decision
) -> None:
    raise DecisionChangedError(str(decision.id))
