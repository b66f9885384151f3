"""Two windows at the same moment: real transactions on a real database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import sqlalchemy as sa

from app.kernel.actor import Actor
from app.kernel.db import Database
from app.learning.exams import service
from app.learning.exams.models import Sitting
from app.learning.marking import service as marking
from app.learning.records.models import LearnerRecord
from content_packages.questions.paper import Rules
from tests.learning.papers import ESSAY, SINGLE, exam, sit, taken


@pytest.mark.requirement("QST-05")
def test_two_windows_begin_save_and_hand_in_one_sitting(committed: Database, now: datetime) -> None:
    with committed.unit_of_work() as session:
        of = taken(session, exam(session, SINGLE, ESSAY, rules=Rules(attempts=1)))
        record_id, assigned, by = of.record.id, of.assigned, Actor(person_id=of.who.id)

    def begin(_: int) -> object:
        with committed.unit_of_work() as session:
            return service.begin(session, record_id, assigned, by=by, now=now).id

    def save(number: int) -> bool:
        said = {"single": "o2"} if number % 2 else {"essay": "文"}
        with committed.unit_of_work() as session:
            row = session.scalars(sa.select(Sitting.id)).one()
            return service.save(session, row, said, now=now)[1]

    def hand_in(_: int) -> object:
        with committed.unit_of_work() as session:
            row = session.scalars(sa.select(Sitting.id)).one()
            return service.hand_in(session, row, now=now).submitted_at

    with ThreadPoolExecutor(2) as windows:
        assert len(set(windows.map(begin, range(2)))) == 1
        assert list(windows.map(save, range(4))) == [True] * 4
        assert len(set(windows.map(hand_in, range(2)))) == 1
    with committed.reading() as session:
        row = session.scalars(sa.select(Sitting)).one()
        assert (row.answers, row.sequence) == ({"single": "o2", "essay": "文"}, 4)


def test_two_sittings_of_one_record_marked_at_once_both_count(
    committed: Database, now: datetime
) -> None:
    with committed.unit_of_work() as session:
        of = taken(session, exam(session, ESSAY))
        record_id = of.record.id
        keys = [sit(session, of, {"essay": "文"}, now).id for _ in range(2)]

    def mark(place: int) -> None:
        with committed.unit_of_work() as session:
            points = {"essay": 4.0 * place}
            marking.mark(session, keys[place], points, by=Actor(), now=now)

    with ThreadPoolExecutor(2) as windows:
        list(windows.map(mark, range(2)))
    with committed.reading() as session:
        record = session.get_one(LearnerRecord, record_id)
        assert (record.status, record.score) == ("passed", 100.0)
