"""What is looked at again and again: waiting rows, and uploads left behind."""

import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import rq
import sqlalchemy as sa

from app.content.uploads import service as uploads
from app.kernel import clock, jobs, outbox
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent
from app.kernel.jobs import Job, State
from tests import factories
from tests.content.made import package
from tests.workers import made
from workers import performing, schedule

#: What takes the guard of the audit's lines away.
UNGUARDED = {
    "sqlite": ["DROP TRIGGER audit_event_no_update"],
    "postgresql": ["ALTER TABLE audit_event DISABLE TRIGGER USER"],
}


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


def test_an_upload_in_pieces_has_a_week_from_its_last_piece_and_goes_with_its_row(shop):
    with shop.database.unit_of_work() as session:
        by = Actor(person_id=factories.person(session).id)
        fresh, over = (
            uploads.begin(session, "film.mp4", 10, shop.settings, by=by, now=clock.now()).name
            for _ in range(2)
        )
    now = clock.now()
    for name, age in ((fresh, timedelta(days=6)), (over, timedelta(days=8))):
        at = (now - age).timestamp()
        os.utime(shop.settings.uploads / name, (at, at))
    assert schedule.delete_left_uploads(shop, now) == 1
    assert [path.name for path in shop.settings.uploads.glob("*")] == [fresh]
    with shop.database.reading() as session:
        assert uploads.names(session) == {fresh}


def test_what_an_upload_has_become_is_kept_for_a_live_job_and_for_a_day(shop):
    with shop.database.unit_of_work() as session:
        by = Actor(person_id=factories.person(session).id)
        taken, given = (
            uploads.begin(session, "film.mp4", 0, shop.settings, by=by, now=clock.now())
            for _ in range(2)
        )
        for row in (taken, given):
            uploads.take_over(session, row.id, shop.settings, by=by)
        jobs.ask(
            session, jobs.Name.IMPORT_PACKAGE, {"upload": taken.name}, by=by.person_id,
            now=clock.now(),
        )  # fmt: skip
    names = {taken.name, given.name}
    assert schedule.delete_left_uploads(shop, clock.now() + timedelta(hours=23)) == 0
    assert {path.name for path in shop.settings.uploads.glob("*")} == names
    assert schedule.delete_left_uploads(shop, clock.now() + timedelta(hours=25)) == 1
    assert [path.name for path in shop.settings.uploads.glob("*")] == [taken.name]


def audit_lines(shop):
    with shop.database.reading() as session:
        return session.execute(
            sa.select(AuditEvent.action, AuditEvent.details).order_by(AuditEvent.seq)
        ).all()


@pytest.mark.requirement("SEC-07")
def test_the_audit_is_proved_once_a_day_and_what_came_of_it_is_a_line(shop):
    now = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)  # 23:59 in Japan
    schedule.keep_audit(shop, now)
    schedule.keep_audit(shop, now)
    assert audit_lines(shop) == [("audit.verified", {"lines": 0, "last": 0})]
    schedule.keep_audit(shop, now + timedelta(minutes=1))
    assert audit_lines(shop)[1:] == [("audit.verified", {"lines": 1, "last": 1})]


@pytest.mark.requirement("SEC-07")
def test_a_broken_audit_is_an_error_and_a_line_and_loses_nothing(shop, caplog):
    now = clock.now()
    with shop.database.unit_of_work() as session:
        for age in (5 * 366, 0):
            moment = now - timedelta(days=age)
            audit.record(session, "x", by=None, now=moment, subject=("x", None))
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        for statement in UNGUARDED["sqlite" if is_sqlite else "postgresql"]:
            session.execute(sa.text(statement))
        session.execute(sa.text("UPDATE audit_event SET action = 'y' WHERE seq = 2"))
    schedule.keep_audit(shop, now)
    assert [line.action for line in audit_lines(shop)] == ["x", "y", "audit.broken"]
    assert audit_lines(shop)[-1].details == {"seq": 2}
    assert [(line.levelname, line.seq) for line in caplog.records] == [("ERROR", 2)]


def test_lines_past_their_time_are_dropped_once_they_are_proved(shop):
    now = clock.now()
    with shop.database.unit_of_work() as session:
        for age in (5 * 366, 4 * 366, 2 * 366):
            moment = now - timedelta(days=age)
            audit.record(session, "x", by=None, now=moment, subject=("x", None))
    kept_long = replace(shop, settings=replace(shop.settings, audit_years=4))
    schedule.keep_audit(kept_long, now)
    assert audit_lines(shop)[-1].details["count"] == 1
    schedule.keep_audit(shop, now + timedelta(days=1))
    assert [line.action for line in audit_lines(shop)] == [
        "x", "audit.verified", "audit.expired", "audit.verified", "audit.expired",
    ]  # fmt: skip
    with shop.database.reading() as session:
        assert verification.first_broken(session) is None


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
