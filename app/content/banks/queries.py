"""Reads of banks: the list, one bank's questions, and what papers may draw from."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.banks.models import Question, QuestionBank
from content_packages.questions import item


@dataclass(frozen=True)
class BankRow:
    """One bank in the list."""

    id: uuid.UUID
    name: str
    created_at: datetime
    archived_at: datetime | None
    questions: int


@dataclass(frozen=True)
class QuestionRow:
    """One question in the list of a bank's."""

    id: uuid.UUID
    #: Its place in the bank, from 1.
    number: int
    question: item.Question


@dataclass(frozen=True)
class Pool:
    """A bank as a paper draws from it."""

    id: uuid.UUID
    name: str
    is_archived: bool
    questions: tuple[item.Question, ...]


def _count() -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Question)
        .where(Question.bank_id == QuestionBank.id)
        .scalar_subquery()
    )


def banks(words: str = "", *, archived: bool = False) -> sa.Select[*tuple[Any, ...]]:
    """Return the query of the list, with the columns of `BankRow`, by name."""
    query = (
        sa.select(
            QuestionBank.id,
            QuestionBank.name,
            QuestionBank.created_at,
            QuestionBank.archived_at,
            _count(),
        )
        .where(
            QuestionBank.archived_at.is_not(None)
            if archived
            else QuestionBank.archived_at.is_(None)
        )
        .order_by(QuestionBank.name, QuestionBank.id)
    )
    for word in words.split():
        query = query.where(
            sa.func.lower(QuestionBank.name).contains(word.lower(), autoescape=True)
        )
    return query


def questions(
    bank_id: uuid.UUID, words: str = "", *, kind: str = ""
) -> sa.Select[*tuple[Any, ...]]:
    """Return the query of a bank's questions in their order: key, place, document."""
    place = sa.func.row_number().over(order_by=(Question.position, Question.id))
    numbered = (
        sa.select(Question.id, place.label("number"), Question.document)
        .where(Question.bank_id == bank_id)
        .subquery()
    )
    document = numbered.c.document
    query = sa.select(numbered.c.id, numbered.c.number, document).order_by(numbered.c.number)
    if kind:
        query = query.where(document["kind"].as_string() == kind)
    for word in words.split():
        text = sa.func.lower(document["text"].as_string())
        query = query.where(text.contains(word.lower(), autoescape=True))
    return query


def row(key: uuid.UUID, number: int, document: dict[str, Any]) -> QuestionRow:
    """Return a line of `questions`."""
    return QuestionRow(key, number, item.from_document(document))


def all_of(session: Session, bank_id: uuid.UUID) -> tuple[item.Question, ...]:
    """Return a bank's questions in their order."""
    return pools(session, [bank_id])[bank_id].questions


def pools(session: Session, bank_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Pool]:
    """Return banks with all their questions, by key: two statements; what is gone is left out."""
    if not bank_ids:
        return {}
    found = defaultdict(list)
    rows = sa.select(Question.bank_id, Question.document).where(Question.bank_id.in_(bank_ids))
    for bank_id, document in session.execute(rows.order_by(Question.position, Question.id)):
        found[bank_id].append(item.from_document(document))
    names = sa.select(QuestionBank.id, QuestionBank.name, QuestionBank.archived_at)
    return {
        bank_id: Pool(bank_id, name, archived_at is not None, tuple(found[bank_id]))
        for bank_id, name, archived_at in session.execute(
            names.where(QuestionBank.id.in_(bank_ids))
        )
    }


def choices(session: Session) -> list[BankRow]:
    """Return the banks that a paper may draw from, by name."""
    return [BankRow(*columns) for columns in session.execute(banks())]


def count(session: Session, bank_id: uuid.UUID) -> int:
    """Return how many questions a bank has."""
    query = sa.select(sa.func.count()).select_from(Question).where(Question.bank_id == bank_id)
    return session.scalar(query) or 0
