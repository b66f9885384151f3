"""A video that is being watched, as the content's origin sees it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.content.videos.models import WatchingRule
from app.kernel.actor import Actor
from app.kernel.settings import Settings
from app.learning.attempts.service import Message
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player.access import Visit
from app.learning.records.access import Assigned
from app.learning.records.models import Attempt, LearnerRecord
from app.learning.watching import service
from tests import factories
from tests.learning import made


@dataclass
class Viewer:
    """Somebody who watches one video, with a clock of their own."""

    session: Session
    attempt_id: uuid.UUID
    now: datetime
    lease: int = 1
    sequence: int = 0
    count: int = 0
    is_late: bool = False
    answers: list[dict[str, Any]] = field(default_factory=list)

    def say(self, *changes: tuple[str, str], leaving: bool = False) -> dict[str, Any]:
        """Send one message with these elements."""
        self.sequence += 1
        message = Message(self.sequence, "video", list(changes), finished=leaving, leaving=leaving)
        return self.send(message)

    def send(self, *messages: Message) -> dict[str, Any]:
        """Send messages, as they are."""
        self.answers.append(
            service.commit(
                self.session,
                self.attempt_id,
                lease=self.lease,
                messages=messages,
                now=self.now,
                is_late=self.is_late,
            )
        )
        return self.answers[-1]

    def open(self) -> dict[str, Any]:
        """Open the launch, as the page does."""
        return self.say(("position", "0"))

    def play(self, start: float, stop: float, *more: tuple[str, str]) -> dict[str, Any]:
        """Play a stretch in its own time, and tell of it."""
        seconds = stop - start
        self.now += timedelta(seconds=seconds)
        self.count += 1
        return self.say(
            (f"played.{self.count}", f"{start},{stop}"),
            (f"spent.{self.count}", f"{seconds},{seconds},0"),
            ("position", str(stop)),
            *more,
        )

    @property
    def attempt(self) -> Attempt:
        """The attempt as it stands."""
        return self.session.get_one(Attempt, self.attempt_id, populate_existing=True)

    @property
    def record(self) -> LearnerRecord:
        """The record as it stands."""
        assert self.attempt.record_id is not None
        return self.session.get_one(LearnerRecord, self.attempt.record_id, populate_existing=True)


@dataclass
class Watching:
    """A launched video and the window on it."""

    viewer: Viewer
    address: str
    client: FlaskClient
    assigned: Assigned
    actor: Actor

    def get(self, name: str, **headers: str) -> TestResponse:
        """Get something below the token."""
        return self.client.get(
            f"{self._below()}/{name}", base_url=made.origin(self.address), headers=headers,
            buffered=True,
        )  # fmt: skip

    def post(self, name: str, body: Any) -> TestResponse:
        """Send JSON, as the player's script does."""
        return self.client.post(
            f"{self._below()}/{name}",
            base_url=made.origin(self.address),
            headers={"Accept": "application/json"},
            data=body if isinstance(body, str) else json.dumps(body),
        )

    def _below(self) -> str:
        return urlsplit(self.address).path.rpartition("/")[0]


Launch = Callable[..., Watching]


@pytest.fixture
def launch(session: Session, settings: Settings, content: FlaskClient, now: datetime) -> Launch:
    """Launch a new video by a rule, with what stands beside it."""

    def do(
        rule: WatchingRule | None = None, *, actor: Actor | None = None, **beside: Any
    ) -> Watching:
        material = factories.video(session, factories.person(session), **beside)
        who = actor or Actor(person_id=factories.person(session, "架空 花子").id)
        assigned = Assigned(material.id, uuid.uuid4(), watching=rule)
        return again(Watching(Viewer(session, material.id, now), "", content, assigned, who))

    def again(before: Watching) -> Watching:
        viewer = before.viewer
        address = opening.launch(
            session, before.assigned, Visit(Owner(before.actor.known_id), "ja", "/assignments/1"),
            now=viewer.now, settings=settings,
        )  # fmt: skip
        record = sa.select(LearnerRecord.id).where(
            LearnerRecord.assignment_id == before.assigned.assignment_id
        )
        query = sa.select(Attempt).where(Attempt.record_id.in_(record), Attempt.ended_at.is_(None))
        attempt = session.scalars(query).one()
        newer = Viewer(session, attempt.id, viewer.now, lease=attempt.lease)
        return Watching(newer, address, content, before.assigned, before.actor)

    do.again = again  # type: ignore[attr-defined] # a second launch of the same assignment
    return do
