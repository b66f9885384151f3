"""A job from its row to its end: claimed, done, recorded; one way out for each thing that happens.

The slow part of a job touches no row. The short part records what came of it and ends the job in
one unit of work, and only while the job is still this worker's: so a job that ran twice, because
its first worker was believed dead, is recorded once.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel import clock, jobs
from app.kernel.actor import acting_as, acting_for
from app.kernel.audit.service import Origin, origin
from app.kernel.errors import KenshuError, Unavailable
from workers import (
    disclosing,
    erasing,
    film_finishing,
    film_importing,
    film_making,
    importing,
    ordering,
    registering,
)
from workers.lease import Lease, LostError, Progress
from workers.workshop import Workshop

log = logging.getLogger(__name__)

#: Writes what came of a job, and returns the result to keep with its row.
Record = Callable[[Session, datetime], dict[str, Any]]


@dataclass(frozen=True)
class Handler:
    """How a job of one name is done."""

    #: The slow part; raises KenshuError to refuse the job, with a code that its page can tell.
    do: Callable[[Workshop, jobs.Job, Progress], Record]
    #: Puts away what the job brought along, once it has ended; may be called twice.
    clean: Callable[[Workshop, jobs.Job], None]


HANDLERS: Mapping[str, Handler] = {
    jobs.Name.IMPORT_PACKAGE: Handler(importing.do, importing.clean),
    jobs.Name.CHECK_REGISTER: Handler(registering.check, registering.clean),
    jobs.Name.COMMIT_REGISTER: Handler(registering.commit, registering.clean),
    jobs.Name.DISCLOSE: Handler(disclosing.do, disclosing.clean),
    jobs.Name.ERASE: Handler(erasing.do, erasing.clean),
    jobs.Name.ORDER_ALL: Handler(ordering.do, ordering.clean),
    jobs.Name.IMPORT_VIDEO: Handler(film_importing.do, film_importing.clean),
    jobs.Name.MAKE_VIDEO_PART: Handler(film_making.do, film_making.clean),
    jobs.Name.FINISH_VIDEO: Handler(film_finishing.do, film_finishing.clean),
}


def perform(shop: Workshop, job_id: uuid.UUID) -> None:
    """Do one job; nothing happens when another worker has it, or it has ended."""
    origin.set(Origin(reference=str(job_id)))
    with shop.database.unit_of_work() as session:
        job = jobs.claim(session, job_id, clock.now())
    if job is None:
        return
    acting_as.set(job.role)
    acting_for.set(job.for_id)
    log.info("job.begun", extra={"job": job.name, "attempt": job.attempts})
    try:
        _do(shop, job)
    except Unavailable as error:
        # What it needs is away for a while: when its lease has run out it is taken up again.
        log.warning("job.put_off", extra={"job": job.name, "code": error.code})
        return
    except KenshuError as error:
        result = {"code": error.code, "data": error.data}
        _end(shop, job, jobs.State.REFUSED, lambda _session, _now: result)
    except LostError:
        log.warning("job.lost", extra={"job": job.name, "attempt": job.attempts})
        return
    except Exception:
        log.exception("job.failed", extra={"job": job.name})
        _end(shop, job, jobs.State.FAILED, lambda _session, _now: {"code": "fault"})
    HANDLERS[job.name].clean(shop, job)


def _do(shop: Workshop, job: jobs.Job) -> None:
    with Lease(shop.database, job.id) as lease:
        record = HANDLERS[job.name].do(shop, job, lease.progress)
    _end(shop, job, jobs.State.DONE, record)


def _end(shop: Workshop, job: jobs.Job, status: jobs.State, record: Record) -> None:
    """Record and end in one unit of work; raises LostError where the job is not ours any more."""
    now = clock.now()
    with shop.database.unit_of_work() as session:
        present = session.get_one(jobs.Job, job.id, with_for_update=True, populate_existing=True)
        if (present.status, present.attempts) != (jobs.State.RUNNING, job.attempts):
            raise LostError
        result = record(session, now)
        jobs.end(session, job.id, status, result, now)
    code = result.get("code", "")
    log.info("job.ended", extra={"job": job.name, "status": str(status), "code": code})
