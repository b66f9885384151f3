"""Long work as rows: the row is the truth, the queue only nudges a worker to look at it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import redis
import rq
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.actor import acting_as, acting_for
from app.kernel.db import Base, Keyed, after_commit

log = logging.getLogger(__name__)

QUEUE = "kenshu"
#: The queue of what keeps a processor busy for minutes: nobody's mail waits behind a film.
MEDIA_QUEUE = "kenshu-media"
#: A running job whose lease has run out is taken up again by another worker.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3


class Name(StrEnum):
    """What workers can do; `workers/__main__.py` says which function does it."""

    IMPORT_PACKAGE = "import_package"
    CHECK_REGISTER = "check_register"
    COMMIT_REGISTER = "commit_register"
    DISCLOSE = "disclose"
    ERASE = "erase"
    ORDER_ALL = "order_all"
    IMPORT_VIDEO = "import_video"
    MAKE_VIDEO_PART = "make_video_part"
    FINISH_VIDEO = "finish_video"


#: The jobs of `MEDIA_QUEUE`.
MEDIA = frozenset({Name.IMPORT_VIDEO, Name.MAKE_VIDEO_PART, Name.FINISH_VIDEO})


class State(StrEnum):
    """The life of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Keyed, Base):
    """One piece of long work, that a page can show and find again."""

    __tablename__ = "job"

    #: What is to be done.
    name: Mapped[str]
    #: Ids and codes it needs.
    arguments: Mapped[dict[str, Any]]
    #: queued, running, done, refused (it says why), failed (a fault of ours), cancelled.
    status: Mapped[str] = mapped_column(default=State.QUEUED, index=True)
    #: Who asked for it.
    created_by: Mapped[uuid.UUID | None]
    #: As which role they asked: the audit says the same of what the job does.
    role: Mapped[str] = mapped_column(default="")
    #: In whose place, where a deputy asked.
    for_id: Mapped[uuid.UUID | None]
    #: When it was asked for.
    created_at: Mapped[datetime]
    #: How far it is, in units of `total`.
    done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: How much there is; 0 while unknown.
    total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: How often a worker has begun it.
    attempts: Mapped[int] = mapped_column(default=0)
    #: Until when the worker that runs it is believed to be alive.
    lease_until: Mapped[datetime | None]
    #: What came of it: ids, or the code and data of a refusal.
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: When it ended.
    ended_at: Mapped[datetime | None]


def ask(
    session: Session, name: Name, arguments: dict[str, Any], *, by: uuid.UUID | None, now: datetime
) -> Job:
    """Add a job, and nudge a worker once it is committed."""
    job = Job(
        name=name,
        arguments=arguments,
        created_by=by,
        role=acting_as.get(),
        for_id=acting_for.get(),
        created_at=now,
    )
    session.add(job)
    session.flush()
    if nudge := session.info.get("nudge"):
        job_id = str(job.id)
        after_commit(session, lambda: nudge("perform", job_id, queue=queue_of(name)))
    return job


def queue_of(name: str) -> str:
    """Return the queue of a job's name."""
    return MEDIA_QUEUE if name in MEDIA else QUEUE


def claim(session: Session, job_id: uuid.UUID, now: datetime) -> Job | None:
    """Take a job that waits, or whose worker has died; None when it is somebody else's or ended."""
    dead = sa.and_(Job.status == State.RUNNING, Job.lease_until < now)
    taken = session.execute(
        sa.update(Job)
        .where(Job.id == job_id, sa.or_(Job.status == State.QUEUED, dead))
        .where(Job.attempts < MOST_ATTEMPTS)
        .values(status=State.RUNNING, attempts=Job.attempts + 1, lease_until=now + LEASE)
        .returning(Job.id)
    ).scalar_one_or_none()
    return None if taken is None else session.get(Job, taken, populate_existing=True)


def report(session: Session, job_id: uuid.UUID, done: int, total: int, now: datetime) -> bool:
    """Say how far a job is, and renew its lease; return False where it has ended, or was."""
    told = session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.status == State.RUNNING)
        .values(done=done, total=total, lease_until=now + LEASE)
        .returning(Job.id)
    )
    return told.scalar_one_or_none() is not None


def cancel(session: Session, job_ids: Collection[uuid.UUID], now: datetime) -> None:
    """End jobs that have not ended yet; who is at work on one learns it by its next report."""
    session.execute(
        sa.update(Job)
        .where(Job.id.in_(job_ids), Job.status.in_((State.QUEUED, State.RUNNING)))
        .values(status=State.CANCELLED, ended_at=now, lease_until=None)
    )


def end(
    session: Session, job_id: uuid.UUID, status: State, result: dict[str, Any], now: datetime
) -> None:
    """Record what came of a job."""
    session.execute(
        sa.update(Job)
        .where(Job.id == job_id)
        .values(status=status, result=result, ended_at=now, lease_until=None)
    )


def waiting(session: Session, now: datetime, queue: str = QUEUE) -> list[uuid.UUID]:
    """Return the jobs of a queue that no live worker has: waiting, or with a lease run out."""
    dead = sa.and_(Job.status == State.RUNNING, Job.lease_until < now)
    is_media = Job.name.in_(MEDIA)
    return list(
        session.scalars(
            sa.select(Job.id)
            .where(sa.or_(Job.status == State.QUEUED, dead), Job.attempts < MOST_ATTEMPTS)
            .where(is_media if queue == MEDIA_QUEUE else ~is_media)
            .order_by(Job.created_at)
        )
    )


def give_up(session: Session, now: datetime) -> int:
    """Fail the jobs that have killed every worker that took them; return how many."""
    return len(
        session.execute(
            sa.update(Job)
            .where(Job.status == State.RUNNING, Job.lease_until < now)
            .where(Job.attempts >= MOST_ATTEMPTS)
            .values(status=State.FAILED, result={"code": "worker_lost"}, ended_at=now)
            .returning(Job.id)
        ).all()
    )


def nudger(address: str) -> Callable[..., None]:
    """Return a function that asks a worker, through Redis, to call one of `workers.tasks`."""
    connection = redis.Redis.from_url(address, socket_connect_timeout=2)
    queues = {name: rq.Queue(name, connection=connection) for name in (QUEUE, MEDIA_QUEUE)}

    def nudge(task: str, *arguments: str, queue: str = QUEUE) -> None:
        try:
            queues[queue].enqueue(
                f"workers.tasks.{task}", *arguments, result_ttl=0, failure_ttl=3600
            )
        except redis.RedisError:
            # Nothing is lost: the row waits, and the worker looks for waiting rows by itself.
            log.warning("queue.unreachable", extra={"task": task})

    return nudge
