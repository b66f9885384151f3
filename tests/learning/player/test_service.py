"""From a person and an assignment to an address on the content's origin."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from app.learning.player import access, service
from app.learning.records.models import Attempt, LearnerRecord
from scorm.structure import Item
from tests import factories
from tests.learning import made


@pytest.fixture
def learner(session: Session) -> Actor:
    """Somebody who is signed in."""
    return Actor(person_id=factories.person(session, "架空 花子").id)


def read(settings: Settings, address: str) -> access.Launch:
    """Return what an address's token says."""
    host = made.origin(address).removeprefix("http://")
    return access.read(settings, made.path(address).strip("/"), host)


def test_a_launch_leads_to_the_published_version(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    version = made.version(session, sha256="ab" * 32)
    address = service.launch(
        session,
        material_id=version.material_id,
        assignment_id=uuid.uuid4(),
        back="/assignments/1",
        language="en",
        by=learner,
        now=now,
        settings=settings,
    )
    attempt = session.scalars(sa.select(Attempt)).one()
    assert attempt.version_id == version.id
    assert read(settings, address) == access.Launch(
        attempt.id, 1, "ab" * 32, "", "en", "/assignments/1"
    )
    line = session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.actor_id) == ("attempt.launched", learner.person_id)
    assert (line.subject_kind, line.subject_id) == ("attempt", attempt.id)
    assert line.details == {"lease": 1, "version": str(version.id)}


def test_a_material_without_a_published_version_cannot_be_launched(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    version = made.version(session)
    session.execute(sa.update(type(version)).values(state="draft"))
    session.expire_all()
    with pytest.raises(NotFound):
        service.launch(
            session,
            material_id=version.material_id,
            assignment_id=uuid.uuid4(),
            back="/",
            language="ja",
            by=learner,
            now=now,
            settings=settings,
        )
    assert session.scalars(sa.select(LearnerRecord)).all() == []


def test_a_preview_takes_any_version_and_is_noted_as_one(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    version = made.version(session)
    session.execute(sa.update(type(version)).values(state="draft"))
    address = service.preview(
        session,
        version_id=version.id,
        back="/materials",
        language="ja",
        by=learner,
        now=now,
        settings=settings,
    )
    setup = service.setup(session, read(settings, address), settings)
    assert setup["preview"] is True
    assert setup["back"] == "http://localhost:8000/materials"
    assert session.scalars(sa.select(AuditEvent.action)).all() == ["attempt.previewed"]


def test_a_version_that_is_not_there_cannot_be_previewed(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    with pytest.raises(NotFound):
        service.preview(
            session,
            version_id=uuid.uuid4(),
            back="/",
            language="ja",
            by=learner,
            now=now,
            settings=settings,
        )


def test_the_player_starts_from_the_outline_with_what_is_hidden_marked(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    chapter = Item(
        "K", "第一章", children=(made.sco("A"), Item("H", "隠", "r", "h.html", visible=False))
    )
    version = made.version(session, chapter, edition="2004-4")
    address = service.preview(
        session,
        version_id=version.id,
        back="/",
        language="ja",
        by=learner,
        now=now,
        settings=settings,
    )
    setup = service.setup(session, read(settings, address), settings)
    (entry,) = setup["outline"]
    assert (entry["title"], entry["launchable"]) == ("第一章", False)
    assert [(each["id"], each["launchable"], each["visible"]) for each in entry["items"]] == [
        ("A", True, True),
        ("H", True, False),
    ]
    assert setup["statuses"] == {"A": "not_started", "H": "not_started"}
    assert (setup["edition"], setup["lease"]) == ("2004-4", 1)
    names = {row["name"] for row in setup["elements"]["elements"]}
    assert {"cmi.completion_status", "adl.data.n.store"} <= names


def test_the_content_is_given_the_learners_registered_name(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    version = made.version(session, made.sco("A", href="頁 1.html?x=1#top"))
    address = service.launch(
        session,
        material_id=version.material_id,
        assignment_id=uuid.uuid4(),
        back="/",
        language="ja",
        by=learner,
        now=now,
        settings=settings,
    )
    delivered = service.deliver(session, read(settings, address), "start", now)
    assert delivered["state"]["values"]["cmi.core.student_name"] == "架空 花子"
    assert delivered["state"]["values"]["cmi.core.student_id"] == str(learner.person_id)
    assert delivered["address"] == "content/%E9%A0%81%201.html?x=1#top"
    assert service.deliver(session, read(settings, address), "continue", now) == {"item": None}
