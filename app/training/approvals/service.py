"""Writing down what somebody said, and holding back who would approve themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import SYSTEM, Actor, acting_as, acting_for
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
    session.add(_step(subject_id, action, by, now, reason))
    session.flush()


def note_all(
    session: Session, subject_ids: Iterable[uuid.UUID], action: str, *, by: Actor, now: datetime
) -> None:
    """Write down that somebody said the same to many of them."""
    session.add_all(_step(each, action, by, now) for each in subject_ids)
    session.flush()


def _step(
    subject_id: uuid.UUID, action: str, by: Actor, now: datetime, reason: str | None = None
) -> ApprovalStep:
    is_system = by == SYSTEM  # even while somebody acts in another's place
    return ApprovalStep(
        subject_id=subject_id,
        action=action,
        actor_id=by.person_id,
        for_id=None if is_system else acting_for.get(),
        role=None if is_system else acting_as.get() or None,
        reason=reason,
        at=now,
    )


def may_approve(person_id: uuid.UUID, by: Actor) -> bool:
    """Whether somebody may say a word to what is about a person: not where it is themselves.

    The head above does it, or the office. A deputy is no other in this than whom they stand in for.
    """
    is_own = person_id in (by.person_id, acting_for.get())
    return not is_own or by == SYSTEM or bool(by.roles & PLANNING)


def refuse_own(person_id: uuid.UUID, by: Actor) -> None:
    """Raise Refused("own_approval") where somebody would approve what is about themselves."""
    if not may_approve(person_id, by):
        raise Refused("own_approval")
