"""The job that orders a whole audience into a run: in one transaction, and only once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.actor import SYSTEM, Actor
from app.kernel.jobs import Job
from app.training.ordering import service
from workers.lease import Progress
from workers.workshop import Workshop


def do(
    _shop: Workshop, job: Job, _progress: Progress
) -> Callable[[Session, datetime], dict[str, Any]]:
    """Return what enrols, orders and tells: whom it takes is known only under the lock."""
    run_id = uuid.UUID(job.arguments["run_id"])
    # Whether they may was asked when the job was; the audit says who it was, and as what.
    by = Actor(person_id=job.created_by, grants=SYSTEM.grants)

    def record(session: Session, now: datetime) -> dict[str, Any]:
        header = service.header_of(job)
        order, people = service.order_all(session, run_id, header, by=by, now=now)
        return {"order_id": str(order.id) if order else None, "people": people}

    return record


def clean(_shop: Workshop, _job: Job) -> None:
    """Put nothing away: a job brings nothing along."""
