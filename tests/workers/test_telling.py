"""Attempts are told to the record store by a worker: each once, whatever happens in between."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.kernel import clock
from app.learning.records.models import Attempt
from app.learning.retention import service as retention
from app.learning.statements.models import XapiStatement, XapiTerm
from app.learning.telling import service
from app.learning.turns.models import AttemptTold
from tests.learning import made as learning
from tests.learning.made import Sitting
from workers import telling
from workers.workshop import Workshop

PASSED = ("cmi.core.lesson_status", "passed")
EXPECTED = ["initialized", "passed", "completed", "terminated", "passed", "completed"]


def learnt(shop: Workshop, now: datetime, *, end: bool = True) -> uuid.UUID:
    """Have somebody take a course, and return the attempt."""
    with shop.database.unit_of_work() as session:
        sitting = learning.launched(session, learning.version(session), now)
        sitting.go()
        sitting.set(PASSED, end=end)
        return sitting.attempt.id


def due(shop: Workshop) -> list[uuid.UUID]:
    """Return the attempts that are due."""
    with shop.database.reading() as session:
        return service.due(session, clock.now(), 99)


def verbs(shop: Workshop, attempt_id: uuid.UUID) -> list[str]:
    """Return what the store knows of an attempt, in the order of storing."""
    with shop.database.reading() as session:
        texts = session.scalars(sa.select(XapiStatement.text).order_by(XapiStatement.seq)).all()
    said = [json.loads(text) for text in texts]
    mine = [each for each in said if each["context"]["registration"] == str(attempt_id)]
    assert [each["timestamp"] for each in mine] == sorted(each["timestamp"] for each in mine)
    return [each["verb"]["display"]["en"] for each in mine]


def test_every_attempt_that_is_due_is_told_of_and_twice_changes_nothing(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    long_ago = clock.now() - timedelta(minutes=5)
    keys = [learnt(shop, long_ago) for _ in range(5)]
    fresh = learnt(shop, clock.now())
    assert telling.tell(shop, clock.now()) == 5 * len(EXPECTED)
    assert telling.tell(shop, clock.now()) == 0
    assert [verbs(shop, key) for key in keys] == [EXPECTED] * 5
    assert verbs(shop, fresh) == []
    assert due(shop) == []


def test_a_worker_that_dies_in_between_has_told_nothing_and_the_next_tells_all(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = learnt(shop, clock.now() - timedelta(minutes=5))
    keep = service.own_statements.keep

    def dying(*given: Any, **named: Any) -> None:
        keep(*given, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(service.own_statements, "keep", dying)
    with pytest.raises(KeyboardInterrupt):
        telling.tell(shop, clock.now())
    assert verbs(shop, key) == []
    monkeypatch.undo()
    assert due(shop) == []  # what has failed waits
    later = clock.now() + service.PUT_OFF
    with shop.database.reading() as session:
        row = session.get_one(AttemptTold, key)
        assert (len(row.turns), row.told) == (1, {})
        assert row.next_at is not None
        assert row.next_at <= later
    monkeypatch.setattr(clock, "now", lambda: later)
    assert telling.tell(shop, later) == len(EXPECTED)
    assert verbs(shop, key) == EXPECTED


def test_a_power_cut_after_the_statements_leaves_the_row_as_due_as_it_was(
    shop: Workshop,
) -> None:
    key = learnt(shop, clock.now() - timedelta(minutes=5))
    with shop.database.unit_of_work() as session:
        row = service.claim(session, key, clock.now())
        assert row is not None
        assert service.tell(session, row, shop.settings, now=clock.now()) == len(EXPECTED)
        session.flush()
        session.rollback()
    assert due(shop) == [key]
    assert telling.tell(shop, clock.now()) == len(EXPECTED)
    assert verbs(shop, key) == EXPECTED


def test_one_that_cannot_be_told_of_keeps_no_other_waiting(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    long_ago = clock.now() - timedelta(minutes=5)
    odd, sound = learnt(shop, long_ago), learnt(shop, long_ago + timedelta(minutes=1))
    tell = service.telling.tell

    def invalid(scene: Any, *given: Any) -> Any:
        statements, told = tell(scene, *given)
        if scene.registration == odd:
            statements[0]["verb"]["id"] = "no IRI"
        return statements, told

    monkeypatch.setattr(service.telling, "tell", invalid)
    assert telling.tell(shop, clock.now()) == len(EXPECTED)
    assert (verbs(shop, odd), verbs(shop, sound)) == ([], EXPECTED)
    [line] = [each for each in caplog.records if each.getMessage() == "attempt.not_told"]
    assert line.__dict__["attempt"] == str(odd)
    assert due(shop) == []


def test_what_is_erased_is_erased_with_all_that_was_told_of_it(shop: Workshop) -> None:
    long_ago = clock.now() - timedelta(minutes=5)
    key, other = learnt(shop, long_ago), learnt(shop, long_ago)
    telling.tell(shop, clock.now())
    with shop.database.unit_of_work() as session:
        person_id = session.get_one(Attempt, key).person_id
        assert person_id is not None
        gone = retention.erase_person(session, person_id)
        assert (gone["attempt"], gone["attempt_told"]) == (1, 1)
        assert gone["xapi_statement"] == len(EXPECTED)
    assert verbs(shop, other) == EXPECTED
    with shop.database.reading() as session:
        assert session.scalars(sa.select(AttemptTold.attempt_id)).all() == [other]
        seqs = sa.select(XapiTerm.seq).distinct()
        assert len(session.scalars(seqs).all()) == len(EXPECTED)


def side_by_side(*acts: Callable[[], object]) -> None:
    """Do several things at the same moment."""
    start = threading.Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        start.wait()
        act()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_who_tell_at_once_tell_once(shop: Workshop) -> None:
    keys = [learnt(shop, clock.now() - timedelta(minutes=5)) for _ in range(6)]
    side_by_side(*[lambda: telling.tell(shop, clock.now())] * 3)
    assert [verbs(shop, key) for key in keys] == [EXPECTED] * 6


def test_a_turn_that_comes_while_an_attempt_is_told_of_is_not_lost(shop: Workshop) -> None:
    key = learnt(shop, clock.now() - timedelta(minutes=5), end=False)
    is_told = threading.Event()

    def look() -> None:
        with shop.database.unit_of_work() as session:
            row = service.claim(session, key, clock.now())
            assert row is not None
            service.tell(session, row, shop.settings, now=clock.now())
            session.flush()
            is_told.set()

    def turn() -> None:
        is_told.wait(10)
        with shop.database.unit_of_work() as session:
            attempt = session.get_one(Attempt, key)
            attempt.lease += 1
            session.flush()
            Sitting(session, attempt, clock.now()).go()

    side_by_side(look, turn)
    with shop.database.unit_of_work() as session:
        row = session.get_one(AttemptTold, key)
        assert [turn["entry"] for turn in row.turns] == ["resume"]
        row.next_at = clock.now()
    telling.tell(shop, clock.now() + timedelta(seconds=1))
    assert verbs(shop, key)[-2:] == ["suspended", "resumed"]
