"""Saying otherwise than the rule of attendance, for a reason."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.enrolment.models import Enrolment
from app.training.verdicts.models import Override


class OverrideReason(StrEnum):
    """Why the office says otherwise than the rule: 公務による欠席, 補講を受けた, その他."""

    DUTY = "duty"
    MADE_UP = "made_up"
    MISTAKE = "mistake"
    OTHER = "other"


def override(
    session: Session,
    enrolment_id: uuid.UUID,
    verdict: str,
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Say, for a reason, whether enough was attended; a verdict of "rule" leaves it to the rule.

    Raises NotFound and Refused("reason_needed").
    """
    row = session.get(Enrolment, enrolment_id, with_for_update=True)
    if row is None or verdict not in ("enough", "not_enough", "rule"):
        raise NotFound
    kept = session.get(Override, enrolment_id)
    if verdict == "rule":
        if kept is not None:
            session.delete(kept)
    else:
        if reason not in list(OverrideReason):
            raise Refused("reason_needed")
        kept = kept or Override(enrolment_id=enrolment_id)
        kept.is_enough, kept.reason = verdict == "enough", reason
        kept.decided_by, kept.decided_at = by.person_id, now
        session.add(kept)
    session.flush()
    audit.record(
        session,
        "attendance_override.decided",
        by=by.person_id,
        now=now,
        subject=("enrolment", row.id),
        details={"people": [str(row.person_id)], "to": verdict},
    )
