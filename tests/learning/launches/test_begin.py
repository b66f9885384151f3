"""An attempt is begun, resumed, and begun anew."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials.models import Version
from app.kernel.outbox import Outgoing
from app.learning.launches import service
from app.learning.owners.models import Owner
from app.learning.records.models import Attempt, LearnerRecord
from tests import factories
from tests.learning import made
from tests.learning.made import Sitting


@pytest.fixture
def version(session: Session) -> Version:
    """A course of one SCO."""
    return made.version(session)


@pytest.fixture
def learner(session: Session) -> uuid.UUID:
    """Somebody who learns."""
    return factories.person(session).id


def begin(
    session: Session,
    version: Version,
    learner: uuid.UUID,
    assignment: uuid.UUID | None,
    now: datetime,
) -> Attempt:
    return service.begin(session, version, owner=Owner(learner), assignment_id=assignment, now=now)


def finish(session: Session, attempt: Attempt, now: datetime) -> None:
    """Take the attempt to its end: passed, finished, left."""
    sitting = Sitting(session, attempt, now)
    sitting.go()
    sitting.set(("cmi.core.lesson_status", "passed"), end=True)
    assert sitting.leave()


def test_the_first_launch_makes_an_attempt_and_a_record(
    session: Session, version: Version, learner: uuid.UUID, now: datetime
) -> None:
    assignment = uuid.uuid4()
    attempt = begin(session, version, learner, assignment, now)
    record = session.scalars(sa.select(LearnerRecord)).one()
    assert (attempt.number, attempt.lease, attempt.opened_lease) == (1, 1, 0)
    assert attempt.record_id == record.id
    assert (record.person_id, record.material_id) == (learner, version.material_id)
    assert (record.status, record.score, record.seconds) == ("not_started", None, 0)
    assert record.started_at == record.last_at == now


def test_a_launch_alone_tells_nobody_that_anything_was_learnt(
    session: Session, version: Version, learner: uuid.UUID, now: datetime
) -> None:
    begin(session, version, learner, uuid.uuid4(), now)
    assert session.scalars(sa.select(Outgoing)).all() == []


def test_an_open_attempt_is_resumed_with_the_next_lease(
    session: Session, version: Version, learner: uuid.UUID, now: datetime
) -> None:
    assignment = uuid.uuid4()
    first = begin(session, version, learner, assignment, now)
    leases = [begin(session, version, learner, assignment, now).lease for _ in range(3)]
    assert leases == [2, 3, 4]
    assert session.scalars(sa.select(Attempt.id)).all() == [first.id]


def test_an_open_attempt_keeps_the_version_it_began_with(
    session: Session, version: Version, learner: uuid.UUID, now: datetime
) -> None:
    assignment = uuid.uuid4()
    begin(session, version, learner, assignment, now)
    resumed = begin(session, made.newer_version(session, version), learner, assignment, now)
    assert resumed.version_id == version.id


def test_after_the_end_the_next_launch_takes_a_new_attempt_of_the_newest_version(
    session: Session, version: Version, learner: uuid.UUID, now: datetime
) -> None:
    assignment = uuid.uuid4()
    first = begin(session, version, learner, assignment, now)
    finish(session, first, now)
    newer = made.newer_version(session, version)
    second = begin(session, newer, learner, assignment, now)
    assert second.id != first.id
    assert (second.number, second.lease, second.version_id) == (2, 1, newer.id)
    assert second.record_id == first.record_id
    assert second.document == {}


def test_a_preview_is_always_new_and_leaves_no_record(
    session: Session, version: Version, learner: uuid.UUID, now: datetime
) -> None:
    one, other = (begin(session, version, learner, None, now) for _ in range(2))
    finish(session, one, now)
    assert one.id != other.id
    assert (one.record_id, one.number, other.number) == (None, 1, 1)
    assert session.scalars(sa.select(LearnerRecord)).all() == []
    assert session.scalars(sa.select(Outgoing)).all() == []


def test_a_preview_is_told_to_the_content_as_browsing(
    session: Session, version: Version, now: datetime
) -> None:
    delivered = made.launched(session, version, now, is_preview=True).go()
    assert delivered.state is not None
    assert delivered.state["values"]["cmi.core.lesson_mode"] == "browse"
    assert delivered.state["values"]["cmi.core.credit"] == "no-credit"


def test_two_people_have_two_records_of_one_material(
    session: Session, version: Version, learner: uuid.UUID, now: datetime
) -> None:
    other = factories.person(session).id
    one = begin(session, version, learner, uuid.uuid4(), now)
    two = begin(session, version, other, uuid.uuid4(), now)
    assert one.record_id != two.record_id
