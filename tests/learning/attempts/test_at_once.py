"""Two windows at the same moment: real transactions on a real database."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

import pytest
import sqlalchemy as sa

from app.content.materials import queries as materials
from app.kernel.db import Database
from app.kernel.errors import Conflict
from app.learning.attempts import service
from app.learning.attempts.service import Navigated
from app.learning.launches import service as launches
from app.learning.owners.models import Owner
from app.learning.records.models import Attempt, LearnerRecord
from tests import factories
from tests.learning import made

LOCATION = "cmi.core.lesson_location"
Result = TypeVar("Result")


class Course:
    """A course, a learner and an assignment that are committed."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database, self.now = database, now
        self.assignment_id = uuid.uuid4()
        with database.unit_of_work() as session:
            self.material_id = made.version(session, made.sco("A"), made.sco("B")).material_id
            self.person_id = factories.person(session).id

    def begin(self) -> tuple[uuid.UUID, int]:
        """Launch in a unit of work of its own; return the attempt and its lease."""
        with self.database.unit_of_work() as session:
            launched = launches.launch(
                session,
                materials.published(session, self.material_id),
                owner=Owner(self.person_id),
                assignment_id=self.assignment_id,
                now=self.now,
            )
            return launched.attempt_id, launched.lease

    def open(self) -> tuple[uuid.UUID, int]:
        """Launch, and have the first item delivered."""
        attempt_id, lease = self.begin()
        self.navigate(attempt_id, lease, 1, "open")
        return attempt_id, lease

    def navigate(self, attempt_id: uuid.UUID, lease: int, step: int, request: str) -> Navigated:
        """Take a step in a unit of work of its own."""
        with self.database.unit_of_work() as session:
            return service.navigate(
                session,
                attempt_id,
                lease=lease,
                step=step,
                request=request,
                learner=made.HANAKO,
                now=self.now,
            )

    def open_or_refused(self) -> int | None:
        """Return the lease of a launch that could be opened; None for one that came too late."""
        try:
            return self.open()[1]
        except Conflict:
            return None

    def commit(self, attempt_id: uuid.UUID, lease: int, number: int) -> dict[str, object]:
        """Commit one message in a unit of work of its own."""
        with self.database.unit_of_work() as session:
            return service.commit(
                session,
                attempt_id,
                lease=lease,
                messages=[made.message(number, (LOCATION, str(number)))],
                now=self.now,
            )


def together(count: int, act: Callable[[], Result]) -> list[Result]:
    """Have threads begin the same act at the same moment, and return what each got."""
    gate = threading.Barrier(count)

    def begin() -> Result:
        gate.wait(10)
        return act()

    with ThreadPoolExecutor(count) as pool:
        return [future.result(30) for future in [pool.submit(begin) for _ in range(count)]]


def test_two_first_launches_at_once_make_one_record_and_one_attempt(
    committed: Database, now: datetime
) -> None:
    for _ in range(5):
        course = Course(committed, now)
        launched = together(2, course.begin)
        assert len({attempt_id for attempt_id, _ in launched}) == 1
        assert sorted(lease for _, lease in launched) == [1, 2]
    with committed.reading() as session:
        for table in (LearnerRecord, Attempt):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 5


def test_one_message_sent_twice_at_once_is_applied_once(committed: Database, now: datetime) -> None:
    course = Course(committed, now)
    attempt_id, lease = course.open()
    answers = together(4, lambda: course.commit(attempt_id, lease, 1))
    assert answers == [answers[0]] * 4
    with committed.reading() as session:
        assert session.get_one(Attempt, attempt_id).sequence == 1


@pytest.mark.requirement("TRK-03")
def test_one_step_sent_twice_at_once_is_taken_once(committed: Database, now: datetime) -> None:
    course = Course(committed, now)
    attempt_id, lease = course.open()
    answers = together(4, lambda: course.navigate(attempt_id, lease, 2, "continue"))
    assert [made.named(answer) for answer in answers] == ["B"] * 4
    with committed.reading() as session:
        assert session.get_one(Attempt, attempt_id).step == 2


def test_commits_and_launches_at_once_never_wait_for_one_another_in_a_circle(
    committed: Database, now: datetime
) -> None:
    course = Course(committed, now)
    attempt_id, lease = course.open()
    sent: list[int] = []

    def commits() -> None:
        for number in range(1, 61):
            course.commit(attempt_id, lease, number)
            sent.append(number)

    def launches() -> None:
        while len(sent) < 60:
            course.begin()

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(commits), pool.submit(launches)]:
            future.result(60)
    with committed.reading() as session:
        attempt = session.get_one(Attempt, attempt_id)
        assert (attempt.sequence, attempt.opened_lease) == (60, lease)
        assert attempt.lease > lease


def test_of_two_windows_opened_at_once_the_newer_one_may_write(
    committed: Database, now: datetime
) -> None:
    course = Course(committed, now)
    opened = together(2, course.open_or_refused)
    assert 2 in opened
    with committed.reading() as session:
        attempt = session.scalars(sa.select(Attempt)).one()
        assert (attempt.lease, attempt.opened_lease) == (2, 2)
    assert course.commit(attempt.id, 2, 1)["sequence"] == 1
    with pytest.raises(Conflict):
        course.commit(attempt.id, 1, 1)
