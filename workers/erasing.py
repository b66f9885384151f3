"""The job that erases what was approved, line by line; begun again it goes on where it was."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.keeping.retention import queries, service
from app.kernel import clock
from app.kernel.jobs import Job
from workers.lease import Progress
from workers.workshop import Workshop


def do(
    shop: Workshop, job: Job, progress: Progress
) -> Callable[[Session, datetime], dict[str, Any]]:
    """Erase every line in a unit of work of its own; return what certifies them all."""
    erasure_id = uuid.UUID(job.arguments["erasure_id"])
    with shop.database.reading() as session:
        lines = queries.waiting(session, erasure_id)
    for count, line_id in enumerate(lines, 1):
        is_done = False
        while not is_done:
            with shop.database.unit_of_work() as session:
                is_done = service.erase_line(session, line_id, shop.settings, clock.now())
        progress(count, len(lines))
    shop.database.settle()

    def record(session: Session, now: datetime) -> dict[str, Any]:
        service.finish(session, erasure_id, shop.settings, now)
        return {}

    return record


def clean(_shop: Workshop, _job: Job) -> None:
    """Put nothing away: a job brings nothing along."""
