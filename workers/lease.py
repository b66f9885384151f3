"""A sign of life from a job: how far it is, and that its worker still lives.

A thread says both, so that a slow step without any progress does not look like a dead worker, and
a fast one does not write to the database for every megabyte.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy.exc import OperationalError

from app.kernel import clock, jobs
from app.kernel.db import Database

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

#: Seconds between two looks at the progress.
INTERVAL = 0.5
#: Seconds after which the lease is renewed even where nothing has changed: a third of its length.
RENEWAL = jobs.LEASE.total_seconds() / 3


class LostError(Exception):
    """The job is no longer ours: it was cancelled, or another worker has taken it."""


class Lease:
    """Keeps a running job's lease while it is entered."""

    def __init__(self, database: Database, job_id: uuid.UUID) -> None:
        self._database = database
        self._job_id = job_id
        self._progress = (0, 0)
        self._over = threading.Event()
        self._is_lost = False
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    def progress(self, done: int, total: int) -> None:
        """Take down how far the job is, in units of `total`; raises LostError once it is lost."""
        if self._is_lost:
            raise LostError
        self._progress = (done, total)

    def __enter__(self) -> Self:
        """Begin to give signs of life."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give no more of them; when this returns, nothing is being written."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        said, said_at = (0, 0), time.monotonic()
        while not self._over.wait(INTERVAL):
            present = self._progress
            if present != said or time.monotonic() - said_at > RENEWAL:
                said, said_at = present, time.monotonic()
                self._say(*present)

    def _say(self, done: int, total: int) -> None:
        try:
            with self._database.unit_of_work() as session:
                self._is_lost = not jobs.report(session, self._job_id, done, total, clock.now())
        except OperationalError:
            # The next sign follows; should none arrive, the lease ends and the row is retried.
            log.warning("lease.not_renewed", extra={"job_id": str(self._job_id)})
