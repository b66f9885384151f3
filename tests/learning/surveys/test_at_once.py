"""Answers handed in at the same moment: none is lost, none counts twice, nobody waits for ever."""

from __future__ import annotations

import itertools
import uuid

import pytest
import sqlalchemy as sa

from app.kernel import clock
from app.kernel.db import Database
from app.learning.owners.models import Owner
from app.learning.records import service as records
from app.learning.records.access import Assigned
from app.learning.records.models import LearnerRecord
from app.learning.surveys import service
from app.learning.surveys.models import AnonymousResponse
from tests import factories
from tests.kernel.conftest import committed
from tests.learning.attempts.test_at_once import together
from tests.learning.surveying import LONG, survey

__all__ = ["committed"]


@pytest.mark.requirement("QST-03")
def test_answers_handed_in_at_once_are_each_taken_once(committed: Database) -> None:
    people, group_id = 4, uuid.uuid4()
    with committed.unit_of_work() as session:
        material_id = survey(session).id
        keys = [
            records.record_for(
                session, Owner(factories.person(session).id), material_id, uuid.uuid4()
            ).id
            for _ in range(people)
        ]
    turns = itertools.cycle(keys)  # each record in two windows

    def hand_in() -> None:
        key = next(turns)
        with committed.unit_of_work() as session:
            row = session.get_one(LearnerRecord, key)
            assigned = Assigned(material_id, row.assignment_id, group_id=group_id)
            raw = {"scale": 3, "choice": LONG, "words": str(key)}
            assert service.hand_in(session, assigned, key, None, raw, clock.now()) == []

    together(2 * people, hand_in)
    with committed.reading() as session:
        said = session.scalars(sa.select(AnonymousResponse.answers)).all()
        assert sorted(each["words"] for each in said) == sorted(map(str, keys))
        assert set(session.scalars(sa.select(LearnerRecord.status))) == {"completed"}
