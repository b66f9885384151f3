"""A launch in a few statements comes to what `begin` comes to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.content.materials.queries import Published
from app.kernel.outbox import Outgoing
from app.learning.launches import service
from app.learning.launches.service import Launched
from app.learning.owners.models import Owner
from app.learning.records.models import Attempt, LearnerRecord
from tests import factories
from tests.learning import made


def published(version: Version) -> Published:
    """Return a version as launches take it."""
    return Published(
        version.id, version.material_id, "package", version.sha256, version.root,
        version.starts_anew, version.edition,
    )  # fmt: skip


class Learner:
    """Somebody who launches a course of one SCO for one assignment."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.version = made.version(session)
        self.owner = Owner(factories.person(session).id)
        self.assignment_id = uuid.uuid4()

    def launch(self, version: Version | None = None) -> Launched:
        """Launch the course, or another version of it."""
        launched = service.launch(
            self.session,
            published(version or self.version),
            owner=self.owner,
            assignment_id=self.assignment_id,
            now=self.now,
        )
        self.session.flush()
        self.session.expire_all()
        return launched


@pytest.fixture
def learner(session: Session, now: datetime) -> Learner:
    return Learner(session, now)


def contents(row: Attempt | LearnerRecord, *own: str) -> dict[str, Any]:
    """Return what a row holds beside its keys and what is its `own`."""
    names = {column.name for column in row.__table__.columns}
    return {name: getattr(row, name) for name in names - {"id", "record_id", *own}}


def test_a_first_launch_leaves_the_rows_that_begin_leaves(
    session: Session, learner: Learner, now: datetime
) -> None:
    launched = learner.launch()
    other = service.begin(
        session, learner.version, owner=learner.owner, assignment_id=uuid.uuid4(), now=now
    )
    attempt = session.get_one(Attempt, launched.attempt_id)
    assert launched == Launched.of(attempt)
    assert contents(attempt) == contents(other)
    records = {row.assignment_id: row for row in session.scalars(sa.select(LearnerRecord))}
    mine = records.pop(learner.assignment_id)
    assert attempt.record_id == mine.id
    assert contents(mine, "assignment_id") == contents(records.popitem()[1], "assignment_id")
    assert session.scalars(sa.select(Outgoing)).all() == []


def test_going_on_takes_the_next_lease_and_nothing_else(session: Session, learner: Learner) -> None:
    first = learner.launch()
    before = contents(session.get_one(Attempt, first.attempt_id), "lease")
    again = [learner.launch() for _ in range(2)]
    assert [each.lease for each in again] == [2, 3]
    assert {each.attempt_id for each in again} == {first.attempt_id}
    assert contents(session.get_one(Attempt, first.attempt_id), "lease") == before


def test_an_open_attempt_keeps_its_version(session: Session, learner: Learner) -> None:
    first = learner.launch()
    newer = made.newer_version(session, learner.version)
    assert learner.launch(newer) == Launched(first.attempt_id, 2, learner.version.id)


def test_a_version_that_starts_anew_ends_the_attempt(session: Session, learner: Learner) -> None:
    first = learner.launch()
    newer = made.newer_version(session, learner.version, starts_anew=True)
    second = learner.launch(newer)
    assert (second.lease, second.version_id) == (1, newer.id)
    assert session.get_one(Attempt, first.attempt_id).ended_at == learner.now
    assert session.get_one(Attempt, second.attempt_id).number == 2


def test_after_an_end_the_record_goes_on_with_another_attempt(
    session: Session, learner: Learner
) -> None:
    first = session.get_one(Attempt, learner.launch().attempt_id)
    first.ended_at = learner.now
    second = session.get_one(Attempt, learner.launch().attempt_id)
    assert (second.number, second.lease, second.record_id) == (2, 1, first.record_id)


def test_a_record_that_nothing_was_begun_for_is_taken(session: Session, learner: Learner) -> None:
    session.add(
        LearnerRecord(
            **learner.owner.columns(),
            material_id=learner.version.material_id,
            assignment_id=learner.assignment_id,
            status="not_started",
        )
    )
    attempt = session.get_one(Attempt, learner.launch().attempt_id)
    record = session.scalars(sa.select(LearnerRecord)).one()
    assert (attempt.record_id, record.started_at) == (record.id, learner.now)
