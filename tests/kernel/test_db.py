"""Moments, units of work, and the one place that commits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock, db
from app.kernel.audit.models import AuditEvent
from app.kernel.audit.service import record
from app.kernel.db import Database, ReadOnlyWriteError, insert_new
from app.kernel.jobs import Job, Name, ask
from app.people.register.models import StaffNumber
from app.people.sections.models import Section
from tests import factories
from tests.conftest import NOW


def job(session: Session, at: datetime = NOW) -> Job:
    """Add a row with a moment."""
    row = Job(name=Name.IMPORT_PACKAGE, arguments={}, created_by=None, created_at=at)
    session.add(row)
    session.flush()
    return row


def test_a_row_is_inserted_where_none_of_the_same_keys_is_there(session: Session) -> None:
    row = {"code": "9901", "valid_from": NOW.date()}
    assert insert_new(session, Section, **row)
    assert not insert_new(session, Section, id=session.scalars(sa.select(Section.id)).one(), **row)
    assert session.scalar(sa.select(sa.func.count()).select_from(Section)) == 1
    with pytest.raises(TypeError, match="section has no"):
        insert_new(session, Section, name="架空課", **row)


def break_off(database: Database, act: Callable[[Session], object]) -> None:
    """Act in a unit of work that ends with an error."""

    def fail(session: Session) -> None:
        act(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.unit_of_work() as session:
        fail(session)


def test_a_moment_without_a_time_zone_is_refused(session: Session) -> None:
    naive = datetime(2026, 4, 1)  # noqa: DTZ001 - that is what is refused
    with pytest.raises(sa.exc.StatementError, match="a moment needs its time zone"):
        job(session, naive)


def test_a_moment_comes_back_as_the_same_moment_in_utc(session: Session) -> None:
    tokyo = datetime(2026, 4, 1, 0, 0, tzinfo=clock.JST)
    row = job(session, tokyo)
    session.expire_all()
    assert row.created_at == tokyo
    assert row.created_at.utcoffset() == timedelta(0)
    assert row.ended_at is None


def test_moments_of_several_zones_are_in_the_order_of_time(session: Session) -> None:
    zones = [timezone(timedelta(hours=hours)) for hours in (9, 0, -5)]
    rows = [job(session, datetime(2026, 4, 1, 12, tzinfo=zone)) for zone in zones]
    found = session.scalars(sa.select(Job.id).order_by(Job.created_at))
    assert list(found) == [row.id for row in rows]


def test_keys_are_in_the_order_of_their_making() -> None:
    keys = [db.new_id() for _ in range(100)]
    assert keys == sorted(keys)
    assert {key.version for key in keys} == {7}


def test_a_document_keeps_every_character(session: Session) -> None:
    row = job(session)
    row.arguments = {"名": "髙﨑𠮷辻󠄀", "nested": [1, None, {"é": "\\"}]}
    session.flush()
    session.expire_all()
    assert row.arguments == {"名": "髙﨑𠮷辻󠄀", "nested": [1, None, {"é": "\\"}]}


def test_a_unit_of_work_is_committed_whole(committed: Database) -> None:
    with committed.unit_of_work() as session:
        job(session)
    break_off(committed, job)
    with committed.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_what_waits_for_the_commit_sees_it_done(committed: Database) -> None:
    seen: list[int | None] = []

    def look() -> None:
        with committed.reading() as other:
            seen.append(other.scalar(sa.select(sa.func.count()).select_from(Job)))

    with committed.unit_of_work() as session:
        db.after_commit(session, look)
        job(session)
        assert seen == []
    assert seen == [1]


def test_what_waits_for_a_commit_that_fails_never_happens(committed: Database) -> None:
    seen: list[str] = []
    break_off(committed, lambda session: db.after_commit(session, lambda: seen.append("done")))
    with committed.unit_of_work() as session:
        job(session)
    assert seen == []


def test_a_reading_unit_of_work_refuses_a_new_a_changed_and_a_deleted_row(
    committed: Database,
) -> None:
    with committed.unit_of_work() as session:
        section_id = factories.section(session).id
    with committed.reading() as session:
        session.add(Section(code="9", valid_from=factories.LONG_AGO))
        with pytest.raises(ReadOnlyWriteError):
            session.flush()
    with committed.reading() as session:
        session.get_one(Section, section_id).code = "変更"
        with pytest.raises(ReadOnlyWriteError):
            session.flush()
    with committed.reading() as session:
        session.delete(session.get_one(Section, section_id))
        with pytest.raises(ReadOnlyWriteError):
            session.flush()


def test_a_reading_unit_of_work_keeps_the_audits_line_where_it_may(
    committed: Database, now: datetime
) -> None:
    with committed.reading(AuditEvent) as session:
        record(session, "list.viewed", by=None, now=now, subject=("person", None))
    with committed.reading() as session:
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["list.viewed"]
    with pytest.raises(ReadOnlyWriteError), committed.reading(AuditEvent) as session:
        session.add(Section(code="9", valid_from=factories.LONG_AGO))


def test_two_writers_wait_for_one_another_and_lose_nothing(
    committed: Database, now: datetime
) -> None:
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(10):
                with committed.unit_of_work() as session:
                    record(session, "thing.done", by=None, now=now, subject=("thing", None))
        except sa.exc.DBAPIError as error:
            failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with committed.reading() as session:
        numbers = session.scalars(sa.select(AuditEvent.seq).order_by(AuditEvent.seq)).all()
    assert numbers == list(range(1, 41))


def test_a_reader_is_not_kept_waiting_by_a_writer(committed: Database) -> None:
    with committed.unit_of_work() as writer:
        job(writer)
        began = time.monotonic()
        with committed.reading() as reader:
            assert reader.scalar(sa.select(sa.func.count()).select_from(Job)) == 0
        assert time.monotonic() - began < 5


def test_a_key_that_leads_nowhere_is_refused_on_both_databases(session: Session) -> None:
    session.add(StaffNumber(person_id=db.new_id(), number="1", valid_from=factories.LONG_AGO))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_sqlite_is_opened_for_many_readers_and_checked_keys(committed: Database) -> None:
    if committed.engine.dialect.name != "sqlite":
        pytest.skip("pragmas are SQLite's own")
    with committed.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 15000,
        "synchronous": 2,
    }


@pytest.mark.postgres
def test_a_connection_that_has_lost_its_server_while_it_rested_is_replaced(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backend() -> int:
        with database.reading() as reader:
            return int(reader.scalar(sa.text("SELECT pg_backend_pid()")))

    database = db.connect(postgres)
    monkeypatch.setattr(db, "RESTED", 3600.0)
    resting = backend()
    assert backend() == resting
    killer = sa.create_engine(database.engine.url, isolation_level="AUTOCOMMIT")
    with killer.connect() as connection:
        connection.execute(sa.text(f"SELECT pg_terminate_backend({resting}, 5000)"))
    monkeypatch.setattr(db, "RESTED", 0.0)
    assert backend() != resting
    for engine in (database.engine, killer):
        engine.dispose()


def test_a_job_is_asked_for_by_a_nudge_after_the_commit(
    committed: Database, nudges: list[tuple[str, ...]], now: datetime
) -> None:
    with committed.unit_of_work() as session:
        row = ask(session, Name.IMPORT_PACKAGE, {}, by=None, now=now)
        assert nudges == []
    assert nudges == [("perform", str(row.id))]
