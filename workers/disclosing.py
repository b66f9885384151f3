"""The job that makes the bundle of one person."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.keeping.disclosure import service
from app.kernel import clock
from app.kernel.jobs import Job
from workers.lease import Progress
from workers.workshop import Workshop


def do(
    shop: Workshop,
    job: Job,
    progress: Progress,  # noqa: ARG001 - a bundle is made in seconds
) -> Callable[[Session, datetime], dict[str, Any]]:
    """Make the bundle where it waits to be fetched. Raises Refused for what cannot be printed."""
    disclosure_id = uuid.UUID(job.arguments["disclosure_id"])
    with shop.database.reading() as session:
        service.keep(session, disclosure_id, shop.settings, clock.now())
    return lambda _session, _now: {}


def clean(shop: Workshop, job: Job) -> None:
    """Delete what was not finished."""
    path = service.path_of(uuid.UUID(job.arguments["disclosure_id"]), shop.settings)
    path.with_suffix(".part").unlink(missing_ok=True)
