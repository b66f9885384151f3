"""What a guest learns: kept like anybody's, shared with nobody's, and out of the staff's reach."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.actor import Actor, Grant
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import Gone, NotFound
from app.kernel.settings import Settings
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player import access, service
from app.learning.player.access import Door, Visit
from app.learning.records import access as looking_after
from app.learning.records.access import Assigned
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.retention import service as retention
from app.people.permission.models import Role
from tests.learning import made


@pytest.fixture
def guest() -> Owner:
    return Owner(guest_id=uuid.uuid4())


def launched(
    session: Session, settings: Settings, guest: Owner, now: datetime, door: Door | None = None
) -> access.Launch:
    version = made.version(session, made.sco("A"), sha256="ab" * 32)
    visit = Visit(guest, "ja", "/lti/left", door)
    assigned = Assigned(version.material_id, uuid.uuid4())
    address = opening.launch(session, assigned, visit, now=now, settings=settings)
    token = address.split("/")[3]
    host = address.split("/")[2]
    return access.read(settings, token, host)


def test_a_guest_has_an_attempt_and_a_record_and_content_learns_no_name(
    session: Session, settings: Settings, guest: Owner, now: datetime
) -> None:
    launch = launched(session, settings, guest, now)
    delivered = service.navigate(session, launch, 1, "open", now)
    assert delivered["state"]["values"]["cmi.core.student_id"] == str(guest.id)
    assert delivered["state"]["values"]["cmi.core.student_name"] == "受講者"
    record, attempt = (
        session.scalars(sa.select(LearnerRecord)).one(),
        session.scalars(sa.select(Attempt)).one(),
    )
    assert record.owner == attempt.owner == guest
    assert session.scalars(sa.select(AuditEvent)).all() == []  # it is about people


@pytest.mark.parametrize("both", [True, False])
def test_a_row_is_of_one_of_both(session: Session, *, both: bool) -> None:
    version = made.version(session, made.sco("A"))
    row = LearnerRecord(
        person_id=made.factories.person(session).id if both else None,
        guest_id=uuid.uuid4() if both else None,
        material_id=version.material_id,
        assignment_id=uuid.uuid4(),
        status="not_started",
    )
    session.add(row)
    with pytest.raises(IntegrityError, match="one_owner"):
        session.flush()


def test_nobody_of_the_office_looks_after_a_guests_record(
    session: Session, settings: Settings, guest: Owner, now: datetime
) -> None:
    launched(session, settings, guest, now)
    record = session.scalars(sa.select(LearnerRecord)).one()
    office = Actor(made.factories.person(session).id, grants=(Grant(Role.OFFICE),))
    with pytest.raises(NotFound):
        looking_after.record(session, office, record.id, now)


def test_answers_of_guests_are_erased_when_their_time_is_over(
    session: Session, settings: Settings, guest: Owner, now: datetime
) -> None:
    launched(session, settings, guest, now)
    answers = retention.HOLDINGS[0]
    tomorrow = now.date().replace(year=now.year + 1)
    assert [row[:2] for row in session.execute(answers.due(tomorrow))] == [(None, 1)]
    assert answers.erase(session, None, tomorrow) == {"attempt": 1}


def test_a_door_that_is_shut_shows_nothing_more(
    session: Session, settings: Settings, guest: Owner, now: datetime, content: FlaskClient
) -> None:
    door = Door(uuid.uuid4(), "https://portal.example.jp")
    launch = launched(session, settings, guest, now, door)
    assert launch.framed_by == "https://portal.example.jp"
    with content.application.app_context():
        content.application.extensions[access.IS_OPEN] = lambda _session, key: key == door.id
        assert service.setup(session, launch, settings)["title"]
        content.application.extensions[access.IS_OPEN] = lambda _session, _key: False
        with pytest.raises(Gone):
            service.setup(session, launch, settings)
