"""The process that takes nudges from a queue, each in a work-horse of its own.

Work-horses die with it: rq alone would leave one at work after its worker was killed, and the job
would be done by two. What they need is imported before they are forked: each would otherwise spend
a second of processor on it, for a nudge that takes milliseconds.
"""

from __future__ import annotations

import gc

# What is imported stays: the collector of garbage would look for some in it again and again, and
# take a fifth of the time of the start.
gc.disable()

import logging
import os
import signal
import sys
import time

import redis
import rq
from rq.job import Job
from rq.worker import Worker

from app.kernel import logs
from app.kernel.jobs import MEDIA_QUEUE, QUEUE
from app.kernel.processes import die_with
from app.kernel.settings import Settings
from workers import tasks  # noqa: F401 - for the work-horses, see above

log = logging.getLogger(__name__)

#: Seconds after which a task is ended, whatever it does: the largest import takes minutes, and a
#: film of an uneven rate, which one worker alone can do, hours. Its own limit comes before that.
LONGEST = {QUEUE: 3600, MEDIA_QUEUE: 24 * 3600}
#: Seconds between two attempts to reach Redis.
PATIENCE = 1.0


class Listener(Worker):
    """An rq worker whose work-horses die with it."""

    #: This process, noted before a fork for the child to look at.
    _parent = 0

    def execute_job(self, job: Job, queue: rq.Queue) -> None:
        """Give the task its own limit: rq's would be three minutes."""
        job.timeout = LONGEST[queue.name]
        super().execute_job(job, queue)

    def main_work_horse(self, job: Job, queue: rq.Queue) -> None:
        """Work, in the child."""
        die_with(self._parent, signal.SIGKILL)
        super().main_work_horse(job, queue)

    def fork_work_horse(self, job: Job, queue: rq.Queue) -> None:
        """Begin the child."""
        self._parent = os.getpid()
        super().fork_work_horse(job, queue)


def reach(connection: redis.Redis) -> None:
    """Wait until Redis answers."""
    told = False
    while True:
        try:
            connection.ping()
        except redis.RedisError:
            if not told:
                log.warning("queue.unreachable")
                told = True
            time.sleep(PATIENCE)
        else:
            return


def listen(settings: Settings, queue: str) -> None:
    """Take nudges of a queue until SIGTERM or SIGINT; a task under way is finished first."""
    connection = redis.Redis.from_url(settings.redis)
    reach(connection)
    worker = Listener(
        [rq.Queue(queue, connection=connection)],
        connection=connection,
        worker_ttl=30,
        job_monitoring_interval=5,
        maintenance_interval=10,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    die_with(int(sys.argv[1]), signal.SIGTERM)
    configured = Settings.from_environment()
    logs.configure(configured.log_format)
    # A work-horse shares the memory of what is loaded as long as nothing touches it.
    gc.freeze()
    gc.enable()
    listen(configured, sys.argv[2])
