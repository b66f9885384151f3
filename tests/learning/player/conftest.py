"""An open launch, as the content's origin sees it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.kernel.settings import Settings
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player.access import Visit
from app.learning.records.access import Assigned
from app.learning.records.models import Attempt
from tests import factories
from tests.content_packages.made import UTF_8, File
from tests.learning import made

PAGE = b"<!doctype html><title>x</title>" * 20
FILM = bytes(range(256)) * 8
FILES = (
    File(b"index.html", PAGE),
    File(b"sound.mp3", FILM, method=0),
    File("図/表紙.html".encode(), PAGE, flags=UTF_8),
    File("資料.txt".encode("cp932"), b"cp932"),
)


@dataclass
class Window:
    """A browser's window on a launch: it knows the token's address and nothing else."""

    client: FlaskClient
    address: str
    attempt_id: uuid.UUID
    step: int = 0

    def get(self, name: str = "", **headers: str) -> TestResponse:
        """Get something below the token."""
        return self.client.get(
            made.path(self.address) + name,
            base_url=made.origin(self.address),
            buffered=True,
            headers={key.replace("_", "-"): value for key, value in headers.items()},
        )

    def post(self, verb: str, body: Any) -> TestResponse:
        """Send JSON, as the player's script does."""
        return self.send(verb, data=json.dumps(body))

    def send(self, verb: str, **given: Any) -> TestResponse:
        """Send a body of any kind."""
        return self.client.post(
            made.path(self.address) + verb,
            base_url=made.origin(self.address),
            headers={"Accept": "application/json"},
            **given,
        )

    def go(self, request: str = "open") -> Any:
        """Take the next step."""
        self.step += 1
        return self.at_step(self.step, request).get_json()

    def at_step(self, step: int, request: str) -> TestResponse:
        """Ask for something at a step that need not be the next one."""
        return self.post("navigate", {"step": step, "request": request})

    def commit(self, *messages: dict[str, Any]) -> TestResponse:
        """Send messages."""
        return self.post("commit", {"messages": list(messages)})


def message(
    sequence: int, *changes: list[str], item: str = "A", end: bool = False
) -> dict[str, Any]:
    """Return a message as the journal writes it."""
    return {"sequence": sequence, "item": item, "changes": list(changes), "finished": end}


@pytest.fixture
def window(
    session: Session, settings: Settings, tmp_path: Path, content: FlaskClient, now: datetime
) -> Window:
    """A launched attempt at a course of two SCOs whose package is in the store."""
    sha256 = made.kept(settings, tmp_path, *FILES)
    version = made.version(session, made.sco("A"), made.sco("B"), sha256=sha256)
    address = opening.launch(
        session,
        Assigned(version.material_id, uuid.uuid4()),
        Visit(Owner(factories.person(session, "架空 <花子>").id), "ja", "/assignments/1"),
        now=now,
        settings=settings,
    )
    return Window(content, address, session.scalars(sa.select(Attempt.id)).one())
