"""A job is a row: one worker has it, and it survives its worker."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import jobs
from app.kernel.db import Database
from app.kernel.jobs import Job, State
from tests.learning.attempts.test_at_once import together


@pytest.fixture
def waiting(session: Session, now: datetime) -> uuid.UUID:
    """A job that nobody has taken."""
    return jobs.ask(session, jobs.Name.IMPORT_PACKAGE, {"upload": "x.zip"}, by=None, now=now).id


def dead(now: datetime) -> datetime:
    """Return a moment at which a lease that began now has run out."""
    return now + jobs.LEASE + timedelta(seconds=1)


def test_a_job_is_claimed_once(session: Session, waiting: uuid.UUID, now: datetime) -> None:
    job = jobs.claim(session, waiting, now)
    assert job is not None
    assert (job.status, job.attempts, job.lease_until) == (State.RUNNING, 1, now + jobs.LEASE)
    assert jobs.claim(session, waiting, now) is None
    assert jobs.claim(session, waiting, now + jobs.LEASE) is None


def test_a_job_that_is_not_there_is_nobodys(session: Session, now: datetime) -> None:
    assert jobs.claim(session, uuid.uuid4(), now) is None


def test_a_job_whose_worker_died_is_claimed_again(
    session: Session, waiting: uuid.UUID, now: datetime
) -> None:
    jobs.claim(session, waiting, now)
    assert jobs.waiting(session, now) == []
    assert jobs.waiting(session, dead(now)) == [waiting]
    again = jobs.claim(session, waiting, dead(now))
    assert again is not None
    assert again.attempts == 2


def test_a_sign_of_life_renews_the_lease(
    session: Session, waiting: uuid.UUID, now: datetime
) -> None:
    jobs.claim(session, waiting, now)
    jobs.report(session, waiting, 3, 10, now + timedelta(seconds=50))
    assert jobs.claim(session, waiting, dead(now)) is None
    job = session.get_one(Job, waiting, populate_existing=True)
    assert (job.done, job.total) == (3, 10)


def test_a_sign_of_life_of_an_ended_job_changes_nothing(
    session: Session, waiting: uuid.UUID, now: datetime
) -> None:
    jobs.claim(session, waiting, now)
    jobs.end(session, waiting, State.DONE, {"version_id": "x"}, now)
    jobs.report(session, waiting, 3, 10, now)
    job = session.get_one(Job, waiting, populate_existing=True)
    assert (job.status, job.done, job.lease_until) == (State.DONE, 0, None)
    assert (job.result, job.ended_at) == ({"version_id": "x"}, now)
    assert jobs.waiting(session, dead(now)) == []


def test_a_job_that_kills_every_worker_is_given_up_after_three(
    session: Session, waiting: uuid.UUID, now: datetime
) -> None:
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.claim(session, waiting, now) is not None
        assert jobs.give_up(session, now) == 0
        now = dead(now)
    assert jobs.claim(session, waiting, now) is None
    assert jobs.waiting(session, now) == []
    assert jobs.give_up(session, now) == 1
    job = session.get_one(Job, waiting, populate_existing=True)
    assert (job.status, job.result) == (State.FAILED, {"code": "worker_lost"})
    assert jobs.give_up(session, now) == 0


def test_jobs_wait_in_the_order_in_which_they_were_asked_for(
    session: Session, waiting: uuid.UUID, now: datetime
) -> None:
    earlier, later = (
        jobs.ask(
            session, jobs.Name.IMPORT_PACKAGE, {}, by=None, now=now + timedelta(hours=hours)
        ).id
        for hours in (-1, 1)
    )
    assert jobs.waiting(session, now) == [earlier, waiting, later]


def test_of_four_workers_at_once_one_gets_the_job(committed: Database, now: datetime) -> None:
    with committed.unit_of_work() as session:
        job_id = jobs.ask(session, jobs.Name.IMPORT_PACKAGE, {}, by=None, now=now).id

    def claim() -> bool:
        with committed.unit_of_work() as session:
            return jobs.claim(session, job_id, now) is not None

    assert sorted(together(4, claim)) == [False, False, False, True]
    with committed.reading() as session:
        assert session.scalars(sa.select(Job.attempts)).one() == 1


def test_a_queue_that_is_away_loses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    jobs.nudger("unix:///nowhere/redis.sock")("carry")
    (line,) = caplog.records
    assert (line.levelname, line.getMessage()) == ("WARNING", "queue.unreachable")
