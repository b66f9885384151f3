"""Reads of the debug log."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.learning.traces.models import TraceLines
from app.learning.traces.service import CONTENT

#: A page of more lines helps nobody; the file has them all.
MOST_SHOWN = 2_000


@dataclass(frozen=True)
class Line:
    """One call of the content, or one decision of the sequencer.

    `what` is the function or the book's process, `about` the element or the activity, `value` what
    was set, `said` the answer, and `error` its code, "0" for none and "" for a decision.
    """

    at: datetime
    source: str
    what: str
    about: str
    value: str
    said: str
    error: str


def lines(session: Session, attempt_id: uuid.UUID) -> Generator[Line, None, None]:
    """Yield all lines of an attempt, the oldest first; close it where not all are read."""
    query = (
        sa.select(TraceLines)
        .where(TraceLines.attempt_id == attempt_id)
        .order_by(TraceLines.id)
        .execution_options(yield_per=100)
    )
    with closing(session.scalars(query)) as rows:
        for row in rows:
            for line in row.lines:
                if row.source == CONTENT:
                    what, about, value, said, error = line
                else:
                    (what, about, said), value, error = line, "", ""
                yield Line(row.at, row.source, what, about or "", value, said, error)


def traced(session: Session, attempt_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Return which of these attempts have a log."""
    query = sa.select(TraceLines.attempt_id).where(TraceLines.attempt_id.in_(attempt_ids))
    return set(session.scalars(query.distinct()))
