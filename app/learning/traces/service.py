"""Write the debug log: only of attempts that are traced, and with what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.learning.records.models import Attempt
from app.learning.traces.models import TraceLines
from scorm.sequencing.session import Decision

CONTENT, SEQUENCER = "content", "sequencer"


def add_calls(
    session: Session, attempt: Attempt, calls: Sequence[list[Any]], now: datetime
) -> None:
    """Keep what content has called, as the player noted it."""
    if attempt.is_traced and calls:
        session.add(TraceLines(attempt_id=attempt.id, at=now, source=CONTENT, lines=list(calls)))


def add_decisions(
    session: Session, attempt: Attempt, decisions: Sequence[Decision] | None, now: datetime
) -> None:
    """Keep what the sequencer has decided, and by which process of the book."""
    if attempt.is_traced and decisions:
        lines = [[one.process, one.activity, one.said] for one in decisions]
        session.add(TraceLines(attempt_id=attempt.id, at=now, source=SEQUENCER, lines=lines))
