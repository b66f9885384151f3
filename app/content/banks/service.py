"""What is done to a bank and to its questions; a question that is wrong never gets in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.banks import access
from app.content.banks.models import Question, QuestionBank
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Refused
from content_packages.questions import item

LONGEST_NAME = 200
#: Most questions of one bank: what one page and one test still hold.
MOST_QUESTIONS = 5_000


def make(session: Session, key: uuid.UUID, name: str, *, by: Actor, now: datetime) -> QuestionBank:
    """Make a bank under a key; twice is no error.

    Raises Refused("bank_name_needed") or Refused("bank_name_too_long").
    """
    known = session.get(QuestionBank, key)
    if known is not None:
        return known
    row = QuestionBank(id=key, name=_name(name), created_by=by.known_id, created_at=now)
    session.add(row)
    session.flush()
    _record(session, "question_bank.made", row, by, now)
    return row


def rename(
    session: Session, bank_id: uuid.UUID, name: str, *, by: Actor, now: datetime
) -> QuestionBank:
    """Call a bank otherwise; raises what `make` raises."""
    row = access.bank(session, bank_id, to_change=True)
    before, row.name = row.name, _name(name)
    _record(session, "question_bank.renamed", row, by, now, {"from": before, "to": row.name})
    return row


def archive(session: Session, bank_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Put a bank out of use: no test is published with it any more. Twice is no error."""
    row = access.bank(session, bank_id, to_change=True)
    if row.archived_at is None:
        row.archived_at = now
        _record(session, "question_bank.archived", row, by, now)


def restore(session: Session, bank_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Take a bank into use again. Twice is no error."""
    row = access.bank(session, bank_id, to_change=True)
    if row.archived_at is not None:
        row.archived_at = None
        _record(session, "question_bank.restored", row, by, now)


def add(
    session: Session,
    bank_id: uuid.UUID,
    key: uuid.UUID,
    question: item.Question,
    *,
    by: Actor,
    now: datetime,
) -> Question:
    """Add a question at the end under a key; twice is no error.

    Raises Refused("question_wrong") where `item.check` finds anything, or Refused("bank_full").
    """
    bank = access.bank(session, bank_id, to_change=True)
    known = session.get(Question, key)
    if known is not None:
        return known
    (row,) = _append(session, bank, [(key, question)], now)
    _record(session, "question_bank.written", bank, by, now, {"count": 1})
    return row


def add_all(
    session: Session,
    bank_id: uuid.UUID,
    questions: Iterable[item.Question],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Add questions of a file at the end, under the keys that are their ids; raises as `add`.

    All or none; those whose key is there already are left out, so that twice adds nothing. Returns
    how many were added.
    """
    bank = access.bank(session, bank_id, to_change=True)
    said = {_key(question): question for question in questions}
    known = set(session.scalars(sa.select(Question.id).where(Question.id.in_(said))))
    new = [(key, question) for key, question in said.items() if key not in known]
    if new:
        _append(session, bank, new, now)
        details: dict[str, object] = {"count": len(new)}
        _record(session, "question_bank.imported", bank, by, now, details)
    return len(new)


def write(
    session: Session,
    question_id: uuid.UUID,
    question: item.Question,
    *,
    by: Actor,
    now: datetime,
) -> Question:
    """Write a question anew; tests that are published keep it as it was. Raises as `add`."""
    row = access.question(session, question_id, to_change=True)
    row.document, row.changed_at = _document(row.id, question), now
    bank = access.bank(session, row.bank_id)
    _record(session, "question_bank.written", bank, by, now, {"count": 1})
    return row


def shift(session: Session, question_id: uuid.UUID, by_places: int) -> Question:
    """Move a question up (-1) or down (1); at the end it stays where it is."""
    row = access.question(session, question_id, to_change=True)
    query = sa.select(Question).where(Question.bank_id == row.bank_id)
    if by_places < 0:
        query = query.where(Question.position < row.position).order_by(Question.position.desc())
    else:
        query = query.where(Question.position > row.position).order_by(Question.position)
    other = session.scalars(query.limit(1)).one_or_none()
    if other is not None:
        row.position, other.position = other.position, row.position
    return row


def remove(session: Session, question_id: uuid.UUID, *, by: Actor, now: datetime) -> QuestionBank:
    """Delete a question, and return its bank; tests that are published keep it."""
    row = access.question(session, question_id, to_change=True)
    bank = access.bank(session, row.bank_id)
    session.delete(row)
    session.flush()
    _record(session, "question_bank.question_removed", bank, by, now, {"count": 1})
    return bank


def _append(
    session: Session,
    bank: QuestionBank,
    questions: list[tuple[uuid.UUID, item.Question]],
    now: datetime,
) -> list[Question]:
    known = sa.select(sa.func.count(), sa.func.max(Question.position))
    count, last = session.execute(known.where(Question.bank_id == bank.id)).one()
    if count + len(questions) > MOST_QUESTIONS:
        raise Refused("bank_full", limit=MOST_QUESTIONS)
    rows = [
        Question(
            id=key,
            bank_id=bank.id,
            position=position,
            document=_document(key, question),
            changed_at=now,
        )
        for position, (key, question) in enumerate(questions, (last or 0) + 1)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def _key(question: item.Question) -> uuid.UUID:
    try:
        return uuid.UUID(question.id)
    except ValueError as error:
        raise Refused("question_wrong") from error


def _document(key: uuid.UUID, question: item.Question) -> dict[str, object]:
    if item.check(question):
        raise Refused("question_wrong")
    return item.to_document(replace(question, id=str(key)))


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Refused("bank_name_needed")
    if len(name) > LONGEST_NAME:
        raise Refused("bank_name_too_long", limit=LONGEST_NAME)
    return name


def _record(
    session: Session,
    action: str,
    bank: QuestionBank,
    by: Actor,
    now: datetime,
    details: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("question_bank", bank.id),
        details=details or {},
    )
