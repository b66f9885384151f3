"""Saying what a training's reports are asked by."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.training.plans.models import Training
from app.training.report_forms.queries import LONGEST, Asked
from app.training.results.models import ReportForm

#: No report asks for more, and none is due later.
MOST_FIELDS, LATEST = 12, 365


def write(
    session: Session, training_id: uuid.UUID, asked: Asked, *, by: Actor, now: datetime
) -> ReportForm:
    """Have the reports of a training be asked by these fields; those handed in keep theirs.

    Raises NotFound, and Refused("report_form_wrong") for no field, too many of them, or days and
    lengths that there are not.
    """
    training = session.get(Training, training_id, with_for_update=True)
    if training is None:
        raise NotFound
    keys = {field.key for field in asked.fields}
    is_sound = 1 <= len(asked.fields) <= MOST_FIELDS and len(keys) == len(asked.fields)
    lengths = all(field.label and 1 <= field.most <= LONGEST for field in asked.fields)
    if not (is_sound and lengths and 0 <= asked.due_days <= LATEST):
        raise Refused("report_form_wrong")
    row = session.get(ReportForm, training_id) or ReportForm(training_id=training_id)
    row.fields = [field.plain() for field in asked.fields]
    row.due_days, row.changed_at = asked.due_days, now
    session.add(row)
    session.flush()
    audit.record(
        session,
        "training.report_form_set",
        by=by.person_id,
        now=now,
        subject=("training", training_id),
        details={"count": len(asked.fields), "due_days": asked.due_days},
    )
    return row
