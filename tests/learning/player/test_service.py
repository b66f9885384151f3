"""From a person and an assignment to an address on the content's origin."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.content.materials import service as materials
from app.content.materials.models import Version
from app.content.materials.queries import PlayOptions
from app.kernel.actor import Actor
from app.kernel.audit.models import AuditEvent
from app.kernel.errors import NotFound
from app.kernel.settings import Settings
from app.learning.attempts import service as attempts
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player import access, service
from app.learning.player.access import Visit
from app.learning.records.access import Assigned
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
    address = opening.launch(
        session,
        Assigned(version.material_id, uuid.uuid4()),
        Visit(Owner(learner.known_id), "en", "/assignments/1"),
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
        opening.launch(
            session,
            Assigned(version.material_id, uuid.uuid4()),
            Visit(Owner(learner.known_id), "ja", "/"),
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
        version,
        Visit(Owner(learner.known_id), "ja", "/materials"),
        now=now,
        settings=settings,
    )
    setup = service.setup(session, read(settings, address), settings)
    assert setup["preview"] is True
    assert setup["back"] == "http://localhost:8000/materials"
    assert session.scalars(sa.select(AuditEvent.action)).all() == ["attempt.previewed"]


def test_the_player_starts_from_the_outline_with_what_is_hidden_marked(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    chapter = Item(
        "K", "第一章", children=(made.sco("A"), Item("H", "隠", "r", "h.html", visible=False))
    )
    version = made.version(session, chapter, edition="2004-4")
    address = service.preview(
        session,
        version,
        Visit(Owner(learner.known_id), "ja", "/"),
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
    version = made.version(
        session, made.sco("A", href="頁 1.html?x=1#top", hide_lms_ui=("continue",))
    )
    address = opening.launch(
        session,
        Assigned(version.material_id, uuid.uuid4()),
        Visit(Owner(learner.known_id), "ja", "/"),
        now=now,
        settings=settings,
    )
    launch = read(settings, address)
    delivered = service.navigate(session, launch, 1, "open", now)
    assert delivered["state"]["values"]["cmi.core.student_name"] == "架空 花子"
    assert delivered["state"]["values"]["cmi.core.student_id"] == str(learner.person_id)
    assert delivered["address"] == "content/%E9%A0%81%201.html?x=1#top"
    assert delivered["hidden_controls"] == ["continue"]
    assert service.navigate(session, launch, 2, "continue", now) == {
        "item": None,
        "ended": False,
        "left": True,
        "reason": "",
        "controls": {
            "continue": False,
            "previous": False,
            "choices": ["A"],
            "jumps": [],
            "hidden": [],
        },
        "statuses": {"A": "in_progress"},
        "sequence": 0,
    }


def played(
    session: Session, learner: Actor, settings: Settings, now: datetime, version: Version
) -> access.Launch:
    """Launch a version for somebody, as its material is played."""
    return read(
        settings,
        opening.launch(
            session,
            Assigned(version.material_id, uuid.uuid4()),
            Visit(Owner(learner.known_id), "ja", "/"),
            now=now,
            settings=settings,
        ),
    )


def test_a_page_that_is_loaded_again_goes_on_counting_its_steps(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    version = made.version(session, made.sco("A"), made.sco("B"))
    launch = played(session, learner, settings, now, version)
    assert service.setup(session, launch, settings)["step"] == 0
    for step, request in enumerate(("open", "continue"), 1):
        service.navigate(session, launch, step, request, now)
    assert service.setup(session, launch, settings)["step"] == 2
    newer = replace(launch, lease=launch.lease + 1)
    assert service.setup(session, newer, settings)["step"] == 0


def test_a_material_is_played_as_its_author_has_set(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    version = made.version(session)
    launch = played(session, learner, settings, now, version)
    usual = service.setup(session, launch, settings)
    options = PlayOptions(window="new", suspends_silent=False, strict_limits=True)
    materials.set_play(session, version.material_id, options, by=learner, now=now)
    special = service.setup(session, launch, settings)
    assert (usual["window"], special["window"]) == ("page", "new")
    limits = [
        {row["name"]: row["limit"] for row in found["elements"]["elements"]}["cmi.suspend_data"]
        for found in (usual, special)
    ]
    assert limits == [64_000, 4_096]


def test_silence_ends_a_session_where_the_material_says_so(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    items = (made.sco("A"), made.sco("B"))
    version = made.version(session, *items, edition="2004-4", sequencing=made.FLOW)
    options = PlayOptions(suspends_silent=False)
    materials.set_play(session, version.material_id, options, by=learner, now=now)
    launch = played(session, learner, settings, now, version)
    service.navigate(session, launch, 1, "open", now)
    incomplete = made.message(1, ("cmi.completion_status", "incomplete"))
    attempts.commit(session, launch.attempt_id, lease=1, messages=[incomplete], now=now)
    service.navigate(session, launch, 2, "continue", now)
    back = service.navigate(session, launch, 3, "previous", now)
    assert back["state"]["values"]["cmi.entry"] == "ab-initio"


def test_only_a_traced_attempt_has_its_page_tell_what_content_calls(
    session: Session, learner: Actor, settings: Settings, now: datetime
) -> None:
    version = made.version(session)
    launch = played(session, learner, settings, now, version)
    setup = service.setup(session, launch, settings)
    assert (setup["traced"], setup["trace"]) == (False, None)
    made.attempt(session, launch.attempt_id).is_traced = True
    setup = service.setup(session, launch, settings)
    assert setup["traced"]
    assert setup["trace"] == f"http://localhost:8000/traces/{launch.attempt_id}"
