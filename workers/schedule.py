"""What is looked at again and again: waiting rows, files nobody needs, audiences, and the audit.

Two schedules at once do no harm, so they need no lock: a nudge too many finds its row claimed (one
conditional UPDATE), giving up and deleting are the same done twice, and so are proving the audit
and bringing an audience up to date.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import redis
import rq
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.uploads import service as uploads
from app.content.videos import queries as videos_queries
from app.content.videos import service as videos
from app.keeping.disclosure import service as disclosure
from app.kernel import clock, jobs, outbox
from app.kernel.audit import service as audit
from app.kernel.audit import verification
from app.kernel.errors import Conflict, KenshuError, NotFound, Refused
from app.kernel.jobs import Job, State
from app.kernel.open_days import OpenDays, open_days
from app.learning.exams import queries as exams_queries
from app.learning.exams import service as exams
from app.learning.sending import service as sending
from app.people.imports import service as imports
from app.portals.gate import service as gate
from app.portals.passback import service as passback
from app.training.audiences import queries as audiences
from app.training.calendars import service as calendars
from app.training.candidacies import service as candidacies
from app.training.digests import service as digests
from app.training.following import service as following
from app.training.life import service as life
from app.training.ordering import queries as ordering_queries
from app.training.ordering import service as ordering
from app.training.reminders import queries as reminders_queries
from app.training.reminders import service as reminders
from app.training.report_notices import service as report_notices
from app.training.tomorrow import service as tomorrow
from workers.workshop import Workshop

log = logging.getLogger(__name__)

#: How old an upload must be before it counts as left behind: its page may still be on its way.
KEPT = timedelta(hours=24)
QUEUES = (jobs.QUEUE, jobs.MEDIA_QUEUE)
#: So many leave an audience in one unit of work: each may take an order back.
AT_ONCE = 100
#: What people are told once a day, in this order: the last tells of those before it.
OF_THE_DAY: Mapping[str, Callable[[Session, OpenDays, datetime], int]] = {
    "reminded": reminders.remind,
    "reports": report_notices.remind,
    "sessions": tomorrow.tell_sessions,
    "limits": tomorrow.tell_limits,
    "weekly": digests.tell_week,
    "without_mail": digests.tell_without_mail,
}


def nudge_waiting(shop: Workshop, now: datetime) -> None:
    """Give up jobs that kill their workers, and nudge for the rows that wait.

    While a queue holds nudges nothing is added to it: they lead to the rows by themselves, and what
    they do not lead to is found when the queue has run empty.
    """
    with shop.database.unit_of_work() as session:
        lost = jobs.give_up(session, now)
        waiting = {queue: jobs.waiting(session, now, queue) for queue in QUEUES}
        to_carry = outbox.is_waiting(session, now, mails_per_minute=shop.settings.mail_limit)
        is_to_send = {
            "pass_back": passback.is_waiting(session, now),
            "forward": sending.is_waiting(session, now),
        }
    if lost:
        log.error("jobs.given_up", extra={"count": lost})
    nudge = jobs.nudger(shop.settings.redis)
    for queue, job_ids in waiting.items():
        is_to_carry = to_carry and queue == jobs.QUEUE
        if (job_ids or is_to_carry) and _is_empty(shop, queue):
            for job_id in job_ids:
                nudge("perform", str(job_id), queue=queue)
            if is_to_carry:
                nudge("carry")
    tasks = [task for task, is_wanted in is_to_send.items() if is_wanted]
    if tasks and _is_empty(shop, jobs.QUEUE):
        for task in tasks:
            nudge(task)


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


def keep_audiences(shop: Workshop, now: datetime) -> None:
    """Once a day in Japan: bring every audience that follows its condition (動的) up to date.

    An offering at a time, and those who go in parts, so that nobody waits for the database long.
    What stands in the way of one offering keeps none of the others back.
    """
    with shop.database.reading() as session:
        if ordering_queries.kept_on(session) == clock.today(now):
            return
        offerings = audiences.followed(session, now)
    for offering_id in offerings:
        try:
            _keep_audience(shop, offering_id, now)
        except KenshuError as error:
            subject = {"offering_id": str(offering_id), "code": error.code}
            log.warning("audience.not_kept", extra=subject)
    with shop.database.unit_of_work() as session:
        ordering.note_kept(session, len(offerings), now=now)


def _keep_audience(shop: Workshop, offering_id: uuid.UUID, now: datetime) -> None:
    with shop.database.unit_of_work() as session:
        done = ordering.follow(session, offering_id, now=now)
    gone, days = 0, open_days(shop.settings.holidays)
    while True:
        with shop.database.unit_of_work() as session:
            count = ordering.let_go(session, offering_id, days, now=now, most=AT_ONCE)
        gone += count
        if count < AT_ONCE:
            break
    told = {"offering_id": str(offering_id), "added": done.added, "ordered": done.ordered}
    log.info("audience.kept", extra={**told, "gone": gone, "code": done.refused})


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


def settle_films(shop: Workshop, now: datetime) -> None:
    """Go on with each conversion, or end it, whose worker died after the last word it said."""
    with shop.database.reading() as session:
        making = videos_queries.making(session)
    for video_id in making:
        with shop.database.unit_of_work() as session:
            videos.settle(session, video_id, now)


def _is_empty(shop: Workshop, queue: str) -> bool:
    """Whether a queue can be reached and holds nothing."""
    with redis.Redis.from_url(shop.settings.redis, socket_connect_timeout=2) as connection:
        try:
            return rq.Queue(queue, connection=connection).count == 0
        except redis.RedisError:
            log.warning("queue.unreachable")
            return False


def close_sittings(shop: Workshop, now: datetime) -> int:
    """Hand in the sittings whose time is over, each by itself; return how many.

    What is handed in is not overdue any more: an end in the middle leaves the rest to the next
    round, and whoever hands theirs in at the same moment does it once.
    """
    with shop.database.reading() as session:
        overdue = exams_queries.overdue(session, now)
    for sitting_id in overdue:
        with suppress(NotFound), shop.database.unit_of_work() as session:  # erased meanwhile
            exams.hand_in(session, sitting_id, now=now)
    if overdue:
        log.info("sittings.closed", extra={"count": len(overdue)})
    return len(overdue)


def expire_imports(shop: Workshop, now: datetime) -> int:
    """Delete the rows of the register's files that nobody came back to; return how many files."""
    with shop.database.unit_of_work() as session:
        return imports.expire(session, now)


def follow_register(shop: Workshop, now: datetime) -> None:
    """Close what is open of those who have left, and give those who were away their time."""
    with shop.database.unit_of_work() as session:
        freed = following.leave(session, open_days(shop.settings.holidays), now)
        calendars.leave(session, now)
    with shop.database.unit_of_work() as session:
        extended = following.extend(session)
    if freed or extended:
        log.info("register.followed", extra={"freed": freed, "extended": extended})


def tell_of_the_day(shop: Workshop, now: datetime) -> None:
    """Once a day, from 8:00 of an open day in Japan: remind, announce, and tell the sections.

    Each part is a unit of work of its own, and what it has said it says no second time: after an
    end in the middle the next round goes on from there.
    """
    days = open_days(shop.settings.holidays)
    with shop.database.reading() as session:
        if not reminders_queries.is_due(session, days, now):
            return
    counts = {}
    for name, tell in OF_THE_DAY.items():
        with shop.database.unit_of_work() as session:
            counts[name] = tell(session, days, now)
    with shop.database.unit_of_work() as session:
        reminders.note_told(session, counts, now)
    log.info("day.told", extra=counts)


def delete_left_uploads(shop: Workshop, now: datetime) -> int:
    """Delete the uploads that no live job needs, a day after they came; return how many.

    Those that come piece by piece have a week from their last piece on, and go with their rows.
    """
    with shop.database.unit_of_work() as session:
        over = uploads.expire(session, shop.settings, now)
    with shop.database.reading() as session:
        live = session.scalars(
            sa.select(Job).where(Job.status.in_((State.QUEUED, State.RUNNING)))
        ).all()
        growing = uploads.names(session)
    needed = growing | {job.arguments.get("upload") for job in live}
    too_old = (now - KEPT).timestamp()
    left = [
        path
        for path in shop.settings.uploads.glob("*")
        if path.name not in needed and path.stat().st_mtime < too_old
    ]
    for path in left:
        path.unlink(missing_ok=True)
    if left or over:
        log.info("uploads.deleted", extra={"count": len(left) + over})
    return len(left) + over


def delete_old_disclosures(shop: Workshop, now: datetime) -> int:
    """Delete the bundles that nobody has fetched within their day; return how many."""
    with shop.database.reading() as session:
        count = disclosure.delete_old(session, shop.settings, now)
    if count:
        log.info("disclosures.deleted", extra={"count": count})
    return count


def forget_logins(shop: Workshop, now: datetime) -> int:
    """Delete what is left of portals' logins, and launches past their time; return how many."""
    with shop.database.unit_of_work() as session:
        return gate.forget(session, now)
