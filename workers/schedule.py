"""What is looked at again and again: waiting rows, files that nobody needs, and the audit.

Two schedules at once do no harm, so they need no lock: a nudge too many finds its row claimed (one
conditional UPDATE), giving up and deleting are the same done twice, and so is proving the audit.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

import redis
import rq
import sqlalchemy as sa

from app.keeping.disclosure import service as disclosure
from app.kernel import clock, jobs, outbox
from app.kernel.audit import service as audit
from app.kernel.audit import verification
from app.kernel.errors import Conflict, Refused
from app.kernel.jobs import Job, State
from app.people.imports import service as imports
from app.training.candidacies import service as candidacies
from app.training.life import service as life
from workers.workshop import Workshop

log = logging.getLogger(__name__)

#: How old an upload must be before it counts as left behind: its page may still be on its way.
KEPT = timedelta(hours=24)


def nudge_waiting(shop: Workshop, now: datetime) -> None:
    """Give up jobs that kill their workers, and nudge for the rows that wait.

    While the queue holds nudges nothing is added: they lead to the rows by themselves, and what
    they do not lead to is found when the queue has run empty.
    """
    with shop.database.unit_of_work() as session:
        lost = jobs.give_up(session, now)
        waiting = jobs.waiting(session, now)
        to_carry = outbox.is_waiting(session, now)
    if lost:
        log.error("jobs.given_up", extra={"count": lost})
    if (waiting or to_carry) and _is_empty(shop):
        nudge = jobs.nudger(shop.settings.redis)
        for job_id in waiting:
            nudge("perform", str(job_id))
        if to_carry:
            nudge("carry")


def keep_audit(shop: Workshop, now: datetime) -> None:
    """Once a day in Japan: prove that no line of the audit was changed, and drop old lines.

    What came of it is a line of the audit, too. Nothing is dropped from an audit that is broken.
    """
    with shop.database.reading() as session:
        last = verification.last_check(session)
        if last and clock.today(last.at) >= clock.today(now):
            return
        verdict = verification.verify(session)
    with shop.database.unit_of_work() as session:
        verification.note(session, verdict, now)
        if verdict.broken is None:
            audit.expire(session, now, shop.settings.audit_years)
    if verdict.broken is None:
        log.info("audit.verified", extra={"lines": verdict.lines})
    else:
        log.error("audit.broken", extra={"seq": verdict.broken})


def keep_runs(shop: Workshop, now: datetime) -> int:
    """Do what the clock does with calls and runs, each run by itself; return with how many.

    What is done is not due any more, so that twice does nothing more. A run that lacks something
    stays as it is, and the next round asks again: the office's home names it.
    """
    with shop.database.unit_of_work() as session:
        count = candidacies.lapse(session, now)
    for name, duty in life.DUTIES.items():
        with shop.database.reading() as session:
            due = duty.due(session, now)
        done = sum(_done(shop, duty, run_id, now) for run_id in due)
        if done:
            log.info("runs.moved_on", extra={"duty": name, "count": done})
        count += done
    return count


def _done(shop: Workshop, duty: life.Duty, run_id: uuid.UUID, now: datetime) -> bool:
    """Whether a run could be moved on; another hand may have been faster."""
    try:
        with shop.database.unit_of_work() as session:
            duty.do(session, run_id, now)
    except (Refused, Conflict):
        return False
    return True


def _is_empty(shop: Workshop) -> bool:
    """Whether the queue can be reached and holds nothing."""
    with redis.Redis.from_url(shop.settings.redis, socket_connect_timeout=2) as connection:
        try:
            return rq.Queue(jobs.QUEUE, connection=connection).count == 0
        except redis.RedisError:
            log.warning("queue.unreachable")
            return False


def expire_imports(shop: Workshop, now: datetime) -> int:
    """Delete the rows of the register's files that nobody came back to; return how many files."""
    with shop.database.unit_of_work() as session:
        return imports.expire(session, now)


def delete_left_uploads(shop: Workshop, now: datetime) -> int:
    """Delete the uploads that no live job needs, a day after they came; return how many."""
    with shop.database.reading() as session:
        live = session.scalars(
            sa.select(Job).where(Job.status.in_((State.QUEUED, State.RUNNING)))
        ).all()
    needed = {job.arguments.get("upload") for job in live}
    too_old = (now - KEPT).timestamp()
    left = [
        path
        for path in shop.settings.uploads.glob("*")
        if path.name not in needed and path.stat().st_mtime < too_old
    ]
    for path in left:
        path.unlink(missing_ok=True)
    if left:
        log.info("uploads.deleted", extra={"count": len(left)})
    return len(left)


def delete_old_disclosures(shop: Workshop, now: datetime) -> int:
    """Delete the bundles that nobody has fetched within their day; return how many."""
    with shop.database.reading() as session:
        count = disclosure.delete_old(session, shop.settings, now)
    if count:
        log.info("disclosures.deleted", extra={"count": count})
    return count
