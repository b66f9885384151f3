"""Reads of the second factor: how it stands with somebody's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.people.second_factor.models import RecoveryCode, SecondFactor


@dataclass(frozen=True)
class FactorState:
    """How it stands with somebody's second factor."""

    #: Since when it is in use; None where there is none.
    set_up_at: datetime | None
    #: A secret that waits for its first code, sealed; None where none does.
    proposed: str | None
    #: Recovery codes that were not used yet.
    codes_left: int

    @property
    def is_set_up(self) -> bool:
        """Whether it is in use."""
        return self.set_up_at is not None


def state_of(session: Session, person_id: uuid.UUID) -> FactorState:
    """Return how it stands with somebody's second factor."""
    row = session.get(SecondFactor, person_id)
    left = session.scalar(
        sa.select(sa.func.count()).where(
            RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
        )
    )
    return FactorState(row.set_up_at if row else None, row.proposed if row else None, left or 0)
