"""The record is the best of its attempts, and whoever assigned it is told of each change."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.errors import NotFound
from app.kernel.outbox import Kind, Outgoing
from app.learning.records import queries
from app.learning.records.models import Attempt, LearnerRecord
from scorm.structure import DataMap
from tests import factories
from tests.learning import made

STATUS = "cmi.core.lesson_status"
SCORE = "cmi.core.score.raw"
TIME = "cmi.core.session_time"


class Taking:
    """One assignment at a course of one SCO, taken again and again."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.version: Version = made.version(session)
        self.person_id = factories.person(session).id
        self.assignment_id = uuid.uuid4()

    def attempt(self, *changes: tuple[str, str], at: int = 0) -> Attempt:
        """Take a whole attempt, `at` minutes later."""
        sitting = made.launched(
            self.session,
            self.version,
            made.later(self.now, at),
            person_id=self.person_id,
            assignment_id=self.assignment_id,
        )
        sitting.go()
        sitting.set(*changes, end=True)
        sitting.leave()
        return sitting.attempt

    @property
    def record(self) -> LearnerRecord:
        """The record as it is now."""
        return self.session.scalars(sa.select(LearnerRecord)).one()

    def told(self) -> int:
        """Count what the assigning wing was told."""
        rows = self.session.scalars(sa.select(Outgoing)).all()
        payloads = [{"assignment_id": str(self.assignment_id)}] * len(rows)
        assert [row.payload for row in rows] == payloads
        assert {row.kind for row in rows} <= {Kind.PROGRESSED}
        return len(rows)


@pytest.fixture
def taking(session: Session, now: datetime) -> Taking:
    """Somebody's assignment."""
    return Taking(session, now)


def test_the_best_status_of_all_attempts_counts(taking: Taking) -> None:
    seen = []
    for status in ("failed", "passed", "failed", "completed"):
        taking.attempt((STATUS, status))
        seen.append(taking.record.status)
    assert seen == ["failed", "passed", "passed", "passed"]


def test_a_later_attempt_takes_no_completion_back(taking: Taking, now: datetime) -> None:
    taking.attempt((STATUS, "completed"), at=10)
    taking.attempt((STATUS, "incomplete"), at=20)
    assert taking.record.status == "completed"
    assert taking.record.completed_at == made.later(now, 10)
    assert taking.record.last_at == made.later(now, 20)


def test_the_first_completion_is_the_one_that_is_dated(taking: Taking, now: datetime) -> None:
    taking.attempt((STATUS, "failed"), at=1)
    assert taking.record.completed_at is None
    taking.attempt((STATUS, "completed"), at=2)
    taking.attempt((STATUS, "passed"), at=3)
    assert taking.record.completed_at == made.later(now, 2)
    assert taking.record.started_at == made.later(now, 1)


def test_the_best_score_counts_and_none_is_not_zero(taking: Taking) -> None:
    seen = []
    for changes in ((), ((SCORE, "40"),), ((SCORE, "90.5"),), ((SCORE, "10"),)):
        taking.attempt(*changes, (STATUS, "failed"))
        seen.append(taking.record.score)
    assert seen == [None, 40.0, 90.5, 90.5]


def test_the_time_of_all_attempts_is_added_up(taking: Taking) -> None:
    taking.attempt((TIME, "0000:10:00"), (STATUS, "failed"))
    taking.attempt((TIME, "0001:00:30.5"), (STATUS, "passed"))
    assert taking.record.seconds == 600 + 3630.5


def test_who_assigned_it_is_told_of_a_changed_status_or_score_and_of_nothing_else(
    taking: Taking,
) -> None:
    taking.attempt((STATUS, "failed"))
    after_first = taking.told()
    taking.attempt((STATUS, "failed"), (SCORE, "10"))
    assert taking.told() == after_first + 1  # a portal wants to know
    taking.attempt((STATUS, "failed"), (SCORE, "5"))
    assert taking.told() == after_first + 1  # the best one counts
    taking.attempt((STATUS, "passed"))
    assert taking.told() == after_first + 2
    assert after_first == 2  # begun, and failed


def test_a_record_tells_its_attempts_with_the_newest_first(
    session: Session, taking: Taking
) -> None:
    taking.attempt((STATUS, "failed"), (SCORE, "20"))
    answered = (
        ("cmi.interactions.0.id", "q1"),
        ("cmi.interactions.0.student_response", "個人情報"),
        ("cmi.interactions.0.result", "wrong"),
    )
    taking.attempt((STATUS, "passed"), (SCORE, "80"), *answered)
    detail = queries.detail(session, taking.record.id)
    assert [(each.number, each.status, each.score) for each in detail.attempts] == [
        (2, "passed", 80.0),
        (1, "failed", 20.0),
    ]
    (item,) = detail.attempts[0].items
    (interaction,) = item.interactions
    assert (interaction.id, interaction.response) == ("q1", "個人情報")
    assert interaction.result == "incorrect"


def test_an_item_that_was_never_opened_is_told_as_not_begun(
    session: Session, now: datetime
) -> None:
    course = made.version(session, made.sco("A"), made.sco("B"))
    row = made.launched(session, course, now).attempt
    assert row.record_id is not None
    items = queries.detail(session, row.record_id).attempts[0].items
    assert [(each.status, each.seconds, each.interactions) for each in items] == [
        ("not_started", 0.0, [])
    ] * 2


def test_a_record_tells_which_attempts_share_with_other_courses_and_which_are_traced(
    session: Session, now: datetime
) -> None:
    alone = made.launched(session, made.version(session, edition="2004-4"), now).attempt
    bucket = made.sco("A", shared_data=(DataMap("notes"),))
    sharing = made.launched(session, made.version(session, bucket, edition="2004-4"), now).attempt
    sharing.is_traced = True
    told = []
    for attempt in (alone, sharing):
        assert attempt.record_id is not None
        (detail,) = queries.detail(session, attempt.record_id).attempts
        told.append((detail.id == attempt.id, detail.shares, detail.is_traced))
    assert told == [(True, False, False), (True, True, True)]


def test_a_record_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.detail(session, uuid.uuid4())
    with pytest.raises(NotFound):
        queries.course_of(session, uuid.uuid4())


def test_a_version_without_a_course_is_not_found(session: Session) -> None:
    version = made.version(session)
    version.manifest = {**version.manifest, "organizations": []}
    session.flush()
    with pytest.raises(NotFound):
        queries.course(session, version.id)
