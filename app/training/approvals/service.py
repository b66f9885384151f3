"""Writing down what somebody said, and holding back who would approve themselves."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import SYSTEM, Actor, acting_for
from app.kernel.errors import Refused
from app.people.permission.access import PLANNING
from app.training.approvals.models import ApprovalStep


def note(
    session: Session,
    subject_id: uuid.UUID,
    action: str,
    *,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Write down that somebody said something to a candidacy or a change, and in whose place."""
    session.add(
        ApprovalStep(
            subject_id=subject_id,
            action=action,
            actor_id=by.person_id,
            for_id=acting_for.get(),
            reason=reason,
            at=now,
        )
    )
    session.flush()


def refuse_own(person_id: uuid.UUID, by: Actor) -> None:
    """Raise Refused("own_approval") where somebody would approve what is about themselves.

    The head above does it, or the office.
    """
    if person_id == by.person_id and by != SYSTEM and not by.roles & PLANNING:
        raise Refused("own_approval")
