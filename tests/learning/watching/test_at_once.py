"""Two windows on one video at the same moment: real transactions on a real database."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from app.content.videos.models import Completion, WatchingRule
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.errors import Conflict
from app.kernel.settings import Settings
from app.learning.attempts.service import Message
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player.access import Visit
from app.learning.records.access import Assigned
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.watching import service
from tests import factories
from tests.learning.attempts.test_at_once import together

RULE = WatchingRule(Completion.PERCENT, 10)


class Film:
    """A video, a learner and an assignment that are committed."""

    def __init__(self, database: Database, settings: Settings, now: datetime) -> None:
        self.database, self.settings, self.now = database, settings, now
        with database.unit_of_work() as session:
            material = factories.video(session, factories.person(session))
            self.assigned = Assigned(material.id, uuid.uuid4(), watching=RULE)
            self.actor = Actor(person_id=factories.person(session).id)

    def launch(self) -> tuple[uuid.UUID, int]:
        """Launch in a unit of work of its own; return the attempt and its lease."""
        with self.database.unit_of_work() as session:
            opening.launch(
                session, self.assigned, Visit(Owner(self.actor.known_id), "ja", "/"), now=self.now,
                settings=self.settings,
            )  # fmt: skip
            attempt = session.scalars(
                sa.select(Attempt).where(Attempt.person_id == self.actor.known_id)
            ).one()
            return attempt.id, attempt.lease

    def say(
        self, attempt_id: uuid.UUID, lease: int, number: int, *changes: tuple[str, str]
    ) -> dict[str, object] | None:
        """Send one message in a unit of work of its own; None where another window is in front."""
        message = Message(number, "video", list(changes), finished=False)
        try:
            with self.database.unit_of_work() as session:
                return service.commit(
                    session, attempt_id, lease=lease, messages=[message],
                    now=self.now + timedelta(seconds=60 * number),
                )  # fmt: skip
        except Conflict as error:
            if error.code != "superseded":
                raise
            return None


@pytest.mark.requirement("TRK-03")
def test_one_message_sent_often_at_once_is_applied_once(
    committed: Database, settings: Settings, now: datetime
) -> None:
    film = Film(committed, settings, now)
    attempt_id, lease = film.launch()
    film.say(attempt_id, lease, 1, ("position", "0"))
    answers = together(
        4, lambda: film.say(attempt_id, lease, 2, ("played.1", "0,20"), ("spent.1", "20,20,0"))
    )
    assert answers[0] is not None
    assert answers == [answers[0]] * 4
    with committed.reading() as session:
        attempt, record = (
            session.get_one(Attempt, attempt_id),
            session.scalars(sa.select(LearnerRecord)).one(),
        )
        assert attempt.document["played_seconds"] == record.seconds == 20
        assert (record.status, record.progress) == ("completed", 1.0)


@pytest.mark.requirement("VID-05")
def test_of_two_windows_that_open_at_once_one_is_in_front(
    committed: Database, settings: Settings, now: datetime
) -> None:
    film = Film(committed, settings, now)
    launched = together(2, film.launch)
    assert len({attempt_id for attempt_id, _ in launched}) == 1
    assert sorted(lease for _, lease in launched) == [1, 2]
    waiting = iter(launched)
    answers = together(2, lambda: film.say(*next(waiting), 1, ("position", "0")))
    assert any(answers)
    older, newer = sorted(launched, key=lambda each: each[1])
    assert film.say(*older, 2) is None
    assert film.say(*newer, 2) is not None
