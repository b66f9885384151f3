"""What a record of a document or a link goes through: opened, then read by the learner's word."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from app.learning.records import service as records
from app.learning.records.models import LearnerRecord
from app.learning.records.service import Going
from app.learning.records.states import DONE, RecordStatus


def begin(session: Session, record_id: uuid.UUID, now: datetime) -> None:
    """Note that it was opened; what is done stays done."""
    record = session.get_one(LearnerRecord, record_id, with_for_update=True)
    if record.status not in DONE:
        going = Going(RecordStatus.IN_PROGRESS, None, 0.0, 0.0, None)
        records.conclude_record(session, record_id, [going], now)


def finish(session: Session, record_id: uuid.UUID, now: datetime) -> None:
    """Note that it was read to the end; twice is no error."""
    record = session.get_one(LearnerRecord, record_id, with_for_update=True)
    if record.status not in DONE:
        going = Going(RecordStatus.COMPLETED, None, 1.0, 0.0, now)
        records.conclude_record(session, record_id, [going], now)
