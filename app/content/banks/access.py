"""The only ways to a bank and to a question of one."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.banks.models import Question, QuestionBank
from app.kernel.errors import NotFound


def bank(session: Session, bank_id: uuid.UUID, *, to_change: bool = False) -> QuestionBank:
    """Return a bank; `to_change` locks it, so that its questions change one after another.

    Raises NotFound where there is none.
    """
    found = session.get(QuestionBank, bank_id, with_for_update=to_change or None)
    if found is None:
        raise NotFound
    return found


def question(session: Session, question_id: uuid.UUID, *, to_change: bool = False) -> Question:
    """Return a question; `to_change` locks its bank first. Raises NotFound where there is none."""
    if to_change:
        place = sa.select(Question.bank_id).where(Question.id == question_id)
        bank_id = session.scalar(place)
        if bank_id is None:
            raise NotFound
        bank(session, bank_id, to_change=True)
    found = session.get(Question, question_id)
    if found is None:
        raise NotFound
    return found
