"""What a guest has learnt, handed over to who they turn out to be."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.owners.models import Owner
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.sharing import service as sharing


def hand_over(session: Session, guest_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Make a person's what is a guest's: records, attempts, and what courses share.

    A value that the person's own courses know already stays as theirs.
    """
    for table in (LearnerRecord, Attempt):
        session.execute(
            sa.update(table)
            .where(table.guest_id == guest_id)
            .values(guest_id=None, person_id=person_id)
        )
    sharing.hand_over(session, Owner(guest_id=guest_id), Owner(person_id))
