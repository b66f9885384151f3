"""An author who uploads, and what the browser's library sends."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import factory
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.permission.models import Role
from app.people.register.models import Person
from tests import factories
from tests.kernel import fresh

JSON = {"Accept": "application/json", "Tus-Resumable": "1.0.0"}


@dataclass
class Sender:
    """One person's library: it speaks tus 1.0.0 to the office."""

    client: FlaskClient
    who: Person
    folder: Path

    def ask(self, method: str, path: str, headers: dict[str, str], **more: Any) -> TestResponse:
        """Send a request; a header that is empty is left out."""
        said = {name: value for name, value in (JSON | headers).items() if value}
        return self.client.open(path, method=method, headers=said, buffered=True, **more)

    def begin(self, size: int | str, name: str = "研修.mp4", **headers: str) -> TestResponse:
        """Create an upload."""
        told = f"filename {base64.b64encode(name.encode()).decode()}"
        more = {"Upload-Length": str(size), "Upload-Metadata": told} | headers
        return self.ask("POST", "/uploads", more)

    def begun(self, size: int) -> str:
        """Create an upload, and return its address."""
        return str(self.begin(size).location)

    def send(self, path: str, content: bytes, offset: int | str, **headers: str) -> TestResponse:
        """Send a piece."""
        more = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        return self.ask("PATCH", path, more | headers, data=content)

    def offset(self, path: str) -> int:
        """Ask how far an upload is."""
        return int(self.ask("HEAD", path, {}).headers["Upload-Offset"])

    def file(self, path: str) -> Path:
        """Return where the bytes lie."""
        return self.folder / f"{key(path)}.part"


def key(path: str) -> uuid.UUID:
    """Return the key of the upload at an address."""
    return uuid.UUID(path.rpartition("/")[2])


@pytest.fixture
def sender(office: FlaskClient, session: Session, settings: Settings) -> Sender:
    """An author at the office."""
    who = factories.person(session, roles=(Role.AUTHOR,))
    factories.enter(office, session, who)
    return Sender(office, who, settings.uploads)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database whose units of work commit."""
    with fresh.migrated(request, tmp_path) as made:
        yield made


@pytest.fixture
def committing(own: Database, settings: Settings) -> Sender:
    """An author at an office whose units of work commit."""
    settings.instance.mkdir()
    app = factory.create_app(settings, own)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    client = app.test_client()
    with own.unit_of_work() as session:
        who = factories.person(session, roles=(Role.AUTHOR,))
        factories.enter(client, session, who)
    return Sender(client, who, settings.uploads)
