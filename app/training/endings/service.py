"""Taking several people out of a run by one way out, for one reason: all of them, or nobody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.open_days import OpenDays
from app.training.changes import service as changes


def end_all(
    session: Session,
    enrolment_ids: Sequence[uuid.UUID],
    action: str,
    reason: str,
    days: OpenDays,
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Have the office take people out of a run, and return how many.

    Raises what `changes.end` raises.
    """
    for enrolment_id in enrolment_ids:
        changes.end(session, enrolment_id, action, reason, days, by=by, now=now)
    return len(enrolment_ids)
