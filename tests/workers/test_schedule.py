"""What is looked at again and again: waiting rows, and uploads left behind."""

import os
import uuid
from datetime import timedelta

import rq
import sqlalchemy as sa

from app.kernel import clock, jobs, outbox
from app.kernel.jobs import Job, State
from tests.content.made import package
from tests.workers import made
from workers import performing, schedule


def asked(connection):
    """Return the tasks that the queue holds, with their arguments."""
    found = rq.Queue(jobs.QUEUE, connection=connection).jobs
    return [(job.func_name, *job.args) for job in found]


def test_waiting_rows_are_nudged_for_once_the_queue_is_empty(queued_shop, connection, tmp_path):
    job_id = made.import_job(queued_shop, package(tmp_path / "p.zip"))
    with queued_shop.database.unit_of_work() as session:
        outbox.put(session, outbox.Kind.MOVED, {}, clock.now())
    connection.flushall()
    schedule.nudge_waiting(queued_shop, clock.now())
    expected = [("workers.tasks.perform", str(job_id)), ("workers.tasks.carry",)]
    assert asked(connection) == expected
    schedule.nudge_waiting(queued_shop, clock.now())
    assert asked(connection) == expected


def test_a_lost_queue_loses_nothing(queued_shop, connection, tmp_path):
    first = made.import_job(queued_shop, package(tmp_path / "p.zip"))
    connection.flushall()
    second = made.import_job(queued_shop, package(tmp_path / "q.zip"))
    connection.flushall()
    schedule.nudge_waiting(queued_shop, clock.now())
    for _, job_id in asked(connection):
        performing.perform(queued_shop, uuid.UUID(job_id))
    assert {made.job(queued_shop, key).status for key in (first, second)} == {State.DONE}


def test_without_redis_an_upload_is_taken_and_waits(shop, tmp_path, caplog):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    schedule.nudge_waiting(shop, clock.now())
    assert made.job(shop, job_id).status == State.QUEUED
    assert "queue.unreachable" in caplog.messages


def test_a_job_that_killed_every_worker_is_given_up_with_a_reason(shop, tmp_path):
    job_id = made.import_job(shop, package(tmp_path / "p.zip"))
    for _ in range(jobs.MOST_ATTEMPTS):
        with shop.database.unit_of_work() as session:
            assert jobs.claim(session, job_id, clock.now())
            session.execute(sa.update(Job).values(lease_until=clock.now() - jobs.LEASE))
    schedule.nudge_waiting(shop, clock.now())
    job = made.job(shop, job_id)
    assert (job.status, job.result) == (State.FAILED, {"code": "worker_lost"})


def test_uploads_are_deleted_after_a_day_unless_a_live_job_needs_them(shop, tmp_path):
    live = made.import_job(shop, package(tmp_path / "p.zip"))
    needed = shop.settings.uploads / made.job(shop, live).arguments["upload"]
    left, fresh = shop.settings.uploads / "left.zip", shop.settings.uploads / "fresh.zip"
    for path in (left, fresh):
        path.write_bytes(b"x")
    now = clock.now()
    old = (now - timedelta(hours=25)).timestamp()
    for path in (needed, left):
        os.utime(path, (old, old))
    assert schedule.delete_left_uploads(shop, now) == 1
    assert (needed.exists(), left.exists(), fresh.exists()) == (True, False, True)


def test_two_schedules_at_once_do_a_job_once(queued_shop, connection, tmp_path):
    made.import_job(queued_shop, package(tmp_path / "p.zip"))
    connection.flushall()
    nudges = []
    for _ in range(2):
        schedule.nudge_waiting(queued_shop, clock.now())
        nudges += asked(connection)
        connection.flushall()
    assert len(nudges) == 2
    for _, job_id in nudges:
        performing.perform(queued_shop, uuid.UUID(job_id))
    assert len(made.versions(queued_shop)) == 1
