"""The outbox: a row in the transaction of what happened, a nudge after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.db import Database
from app.kernel.outbox import Claimed, Kind, Outgoing
from tests.kernel.test_db import break_off


def test_the_worker_is_nudged_after_the_commit_and_not_before(
    committed: Database, nudges: list[tuple[str, ...]], now: datetime
) -> None:
    with committed.unit_of_work() as session:
        outbox.put(session, Kind.MAIL, {"notice_id": "1"}, now)
        session.flush()
        assert nudges == []
    assert nudges == [("carry",)]


def test_what_is_rolled_back_was_never_told(
    committed: Database, nudges: list[tuple[str, ...]], now: datetime
) -> None:
    break_off(committed, lambda session: outbox.put(session, Kind.MAIL, {}, now))
    assert nudges == []
    with committed.reading() as session:
        assert session.query(Outgoing).count() == 0


def test_each_failure_waits_twice_as_long_up_to_six_hours(session: Session, now: datetime) -> None:
    row = outbox.put(session, Kind.MAIL, {}, now)
    session.flush()
    waits = []
    for _ in range(14):
        outbox.put_off(session, row.id, "TimeoutError", now)
        waits.append((row.next_at - now).total_seconds())
    assert waits[:12] == [10 * 2**failures for failures in range(12)]
    assert waits[12:] == [timedelta(hours=6).total_seconds()] * 2
    assert (row.failures, row.error, row.done_at) == (14, "TimeoutError", None)


def test_a_row_that_has_failed_for_months_still_waits_six_hours(
    session: Session, now: datetime
) -> None:
    row = outbox.put(session, Kind.MAIL, {}, now)
    row.failures = 5000
    session.flush()
    outbox.put_off(session, row.id, "OSError", now)
    assert row.next_at == now + outbox.LONGEST_WAIT


def test_a_claimed_row_is_nobody_elses_until_its_lease_is_over(
    session: Session, now: datetime
) -> None:
    put = outbox.put(session, outbox.Kind.PROGRESSED, {"assignment_id": "x"}, now)
    session.flush()
    claimed = outbox.claim(session, now)
    assert claimed is not None
    assert (claimed.id, claimed.payload) == (put.id, {"assignment_id": "x"})
    session.flush()
    assert outbox.claim(session, now) is None
    assert not outbox.is_waiting(session, now)
    assert outbox.is_waiting(session, now + outbox.LEASE)


def test_a_carried_row_never_comes_back(session: Session, now: datetime) -> None:
    put = outbox.put(session, outbox.Kind.PROGRESSED, {}, now)
    session.flush()
    outbox.finish(session, put.id, now)
    session.flush()
    assert not outbox.is_waiting(session, now + outbox.LONGEST_WAIT)


def test_rows_are_claimed_in_the_order_they_were_put(session: Session, now: datetime) -> None:
    later = outbox.put(session, outbox.Kind.PROGRESSED, {}, now)
    earlier = outbox.put(session, outbox.Kind.PROGRESSED, {}, now - outbox.FIRST_WAIT)
    session.flush()
    claimed = [outbox.claim(session, now), outbox.claim(session, now)]
    assert [each and each.id for each in claimed] == [earlier.id, later.id]


def test_many_rows_are_put_at_once_and_nudge_once(
    committed: Database, nudges: list[tuple[str, ...]], now: datetime
) -> None:
    with committed.unit_of_work() as session:
        outbox.put_all(session, Kind.MAIL, [{"notice_id": str(n)} for n in range(3)], now)
        outbox.put_all(session, Kind.MAIL, [], now)
    assert nudges == [("carry",)]
    with committed.reading() as session:
        rows = session.query(Outgoing).all()
        assert sorted(row.payload["notice_id"] for row in rows) == ["0", "1", "2"]


@pytest.mark.requirement("NTF-03")
def test_mails_beyond_the_rate_are_left_waiting_and_the_others_go_on(
    session: Session, now: datetime
) -> None:
    outbox.put_all(session, Kind.MAIL, [{"notice_id": str(n)} for n in range(5)], now)
    outbox.put(session, Kind.TRIAL, {}, now)
    outbox.put(session, Kind.MOVED, {}, now)
    session.flush()

    def claimed(moment: datetime, most: int) -> list[str]:
        found = []
        while row := outbox.claim(session, moment, mails_per_minute=most):
            outbox.finish(session, row.id, moment)
            session.flush()
            found.append(row.kind)
        return found

    assert claimed(now, 2) == ["mail", "mail", "trial", "moved"]
    soon, later = now + timedelta(seconds=59), now + timedelta(seconds=60)
    assert not outbox.is_waiting(session, soon, mails_per_minute=2)
    assert outbox.is_waiting(session, soon)
    assert claimed(soon, 2) == []
    assert claimed(later, 2) == ["mail", "mail"]
    assert claimed(later, 0) == ["mail"]


@pytest.mark.requirement("NTF-03")
def test_a_worker_waits_for_what_another_is_about_to_take_and_counts_it(
    committed: Database, now: datetime
) -> None:
    with committed.unit_of_work() as session:
        outbox.put_all(session, Kind.MAIL, [{"notice_id": str(n)} for n in range(2)], now)

    def claim() -> Claimed | None:
        with committed.unit_of_work() as session:
            return outbox.claim(session, now, mails_per_minute=1)

    with ThreadPoolExecutor(1) as another:
        with committed.unit_of_work() as session:
            assert outbox.claim(session, now, mails_per_minute=1) is not None
            taken = another.submit(claim)
            with pytest.raises(TimeoutError):
                taken.result(timeout=0.5)
        assert taken.result(timeout=30) is None
