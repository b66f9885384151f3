"""`python -m workers`: keeps the schedule, and processes beside it that take nudges.

SIGTERM or SIGINT ends all. Should another process end by itself, it is started again; should this
one be killed, the others and their work-horses go with it.
"""

from __future__ import annotations

import gc

# What is imported stays: the collector of garbage would look for some in it again and again, and
# take a fifth of the time of the start.
gc.disable()

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy.exc import OperationalError

from app.kernel import clock, jobs, logs
from workers import forwarding, schedule, sessions, telling, tidying
from workers.workshop import Workshop

log = logging.getLogger("workers")

#: Seconds between two looks for rows that wait.
ROUND = 15
#: Seconds between two looks at what is due by the clock alone: limits, first and last days.
MINUTE = 60
#: Seconds between two looks for what was left behind, and for a day whose work is not done yet.
HOUR = 3600
#: What is done every minute, in this order.
MINUTELY = (schedule.close_sittings, schedule.keep_runs, schedule.settle_films)
#: What is done every minute, beside the rounds: there may be much of it.
MINUTELY_BESIDE = (telling.tell,)
#: What is deleted every hour, in this order.
HOURLY = (
    schedule.delete_left_uploads,
    tidying.delete_left_parts,
    tidying.delete_left_benches,
    schedule.delete_old_disclosures,
    schedule.expire_imports,
    schedule.forget_logins,
    sessions.abandon_sessions,
    forwarding.drop_ended,
    schedule.follow_register,
    schedule.tell_of_the_day,
)
#: What is done once a day, beside the rounds and in this order.
DAILY = (schedule.keep_audiences, schedule.keep_audit)
#: Seconds that a task under way gets when all is to end; its row is taken up at the next start.
GRACE = 10


def main() -> None:
    """Work until told to end."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    shop = Workshop.opened()
    logs.configure(shop.settings.log_format)
    queues = [jobs.QUEUE, *[jobs.MEDIA_QUEUE] * shop.settings.transcoders]
    listeners = [_start(queue) for queue in queues]
    log.info("workers.started")
    next_round = next_minute = next_hour = 0.0
    keeper = teller = threading.Thread()
    while not over.wait(1):
        listeners = [_alive(*each) for each in zip(listeners, queues, strict=True)]
        if (moment := time.monotonic()) >= next_round:
            next_round = moment + ROUND
            _tried(schedule.nudge_waiting, shop)
            if moment >= next_minute and all(_tried(task, shop) for task in MINUTELY):
                next_minute = moment + MINUTE
                if not teller.is_alive():
                    teller = _beside(MINUTELY_BESIDE, shop)
            if moment >= next_hour and all(_tried(task, shop) for task in HOURLY):
                next_hour = moment + HOUR
                if not keeper.is_alive():
                    keeper = _beside(DAILY, shop)
    _stop(listeners)
    log.info("workers.ended")


def _beside(
    tasks: Iterable[Callable[[Workshop, datetime], object]], shop: Workshop
) -> threading.Thread:
    """Do what takes minutes while the rounds go on; it ends with the process, wherever it is."""
    thread = threading.Thread(target=lambda: [_tried(task, shop) for task in tasks], daemon=True)
    thread.start()
    return thread


def _tried(task: Callable[[Workshop, datetime], object], shop: Workshop) -> bool:
    """Whether a round went well; where the database is away for a while, the next one follows."""
    try:
        task(shop, clock.now())
    except OperationalError:
        log.warning("database.unreachable")
        return False
    return True


def _start(queue: str) -> subprocess.Popen[bytes]:
    # A process group of its own: Ctrl-C reaches this process alone, which passes it on.
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "workers.listening", str(os.getpid()), queue], process_group=0
    )


def _alive(listener: subprocess.Popen[bytes], queue: str) -> subprocess.Popen[bytes]:
    """Return a listener that runs: another one where this has ended."""
    if listener.poll() is None:
        return listener
    log.error("listener.ended", extra={"status": listener.returncode, "queue": queue})
    return _start(queue)


def _stop(listeners: Sequence[subprocess.Popen[bytes]]) -> None:
    """End all of them; a task under way gets its time, and a film is taken up at the next start."""
    for listener in listeners:
        listener.terminate()
    until = time.monotonic() + GRACE
    for listener in listeners:
        try:
            listener.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            listener.kill()
            listener.wait()


if __name__ == "__main__":
    gc.freeze()
    gc.enable()
    main()
