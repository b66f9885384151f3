"""Reads of what a report is asked by: the fields of a training, or the usual ones."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.training.results.models import ReportForm

#: Days after the last one within which a report is due where nothing else is said.
DUE_DAYS = 14
#: So many characters an answer has where nothing is said, and no answer more, whatever is said.
USUAL_LENGTH, LONGEST = 2_000, 10_000


@dataclass(frozen=True)
class ReportField:
    """One thing that is asked in a report."""

    #: What its answer is kept under, whatever becomes of its words.
    key: str
    label: str
    hint: str = ""
    is_needed: bool = True
    #: So many characters at most.
    most: int = USUAL_LENGTH

    def plain(self) -> dict[str, Any]:
        """Return it as a row keeps it."""
        return asdict(self)


@dataclass(frozen=True)
class Asked:
    """What is asked, in its order, and within how many days."""

    fields: tuple[ReportField, ...]
    due_days: int = DUE_DAYS


#: 報告の様式 of a training that has none of its own.
USUAL = Asked(
    (
        ReportField("learnt", "学んだこと", "研修で学んだことを、具体的に書いてください。"),
        ReportField(
            "use", "職務への活用", "学んだことを、担当する職務にどう生かすかを書いてください。"
        ),
        ReportField(
            "opinion", "研修への意見", "内容や進め方について、気づいたことがあれば書いてください。",
            is_needed=False, most=1000,
        ),
    )
)  # fmt: skip


def fields_of(plain: Iterable[Mapping[str, Any]]) -> tuple[ReportField, ...]:
    """Return the fields that a row keeps."""
    return tuple(ReportField(**each) for each in plain)


def asked(session: Session, training_id: uuid.UUID) -> Asked:
    """Return what the reports of a training are asked by."""
    row = session.get(ReportForm, training_id)
    return Asked(fields_of(row.fields), row.due_days) if row else USUAL


def is_own(session: Session, training_id: uuid.UUID) -> bool:
    """Whether a training has a form of its own."""
    return session.get(ReportForm, training_id) is not None


def due_days() -> sa.ColumnElement[int]:
    """Return the column of the days within which a report is due, over an outer `ReportForm`."""
    return sa.func.coalesce(ReportForm.due_days, DUE_DAYS)


def due_at(
    last_on: date, extended_until: date | None, due_until: datetime | None, days: int
) -> datetime:
    """Return until when a report is due: by the run's word, or so many days after its last one.

    Who was away over the end has their days after their own last one.
    """
    if due_until is not None and extended_until is None:
        return due_until
    return clock.end_of((extended_until or last_on) + timedelta(days=days))
