"""The programming interface, as the systems that speak to it see it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import api, record_store
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.clients import service as clients
from tests import apps, factories
from tests.content_packages.made import File, zip_of

ACTOR = {"account": {"homePage": "https://other.example.jp", "name": "7"}}
STRUCTURE = """<?xml version="1.0" encoding="utf-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="https://author.example.jp/c">
    <title><langstring lang="ja">講座</langstring></title>
    <description><langstring lang="ja">説明</langstring></description>
  </course>
  {units}
</courseStructure>"""
UNIT = """<au id="https://author.example.jp/u/{at}" moveOn="{move_on}" {more}>
    <title><langstring lang="ja">項目 {at}</langstring></title>
    <description><langstring lang="ja">説明</langstring></description>
    <url>{url}</url>
  </au>"""


def structure(
    count: int = 1, *, url: str = "index.html", move_on: str = "CompletedOrPassed", more: str = ""
) -> str:
    """Return a cmi5.xml of some units."""
    units = (UNIT.format(at=at, url=url, move_on=move_on, more=more) for at in range(count))
    return STRUCTURE.format(units="".join(units))


def package(count: int = 1, **facts: Any) -> bytes:
    """Return a ZIP of a course of some units."""
    page = File(b"index.html", b"<!doctype html><title>unit</title>")
    return zip_of(File(b"cmi5.xml", structure(count, **facts).encode()), page)


@dataclass(frozen=True)
class System:
    """A system that speaks to the interface."""

    web: FlaskClient
    key: str
    secret: str

    def ask(
        self, method: str, path: str, body: Any = None, of_type: str = "application/json"
    ) -> TestResponse:
        """Ask for something."""
        pair = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "Accept-Language": "ja"}
        if body is not None:
            headers["Content-Type"] = of_type
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        return self.web.open(f"/api/v1{path}", method=method, headers=headers, data=data)

    def import_course(self, content: bytes | None = None, **facts: Any) -> str:
        """Import a course; return its key."""
        response = self.ask("POST", "/courses", content or package(**facts), "application/zip")
        assert response.status_code == 201, response.text
        key: str = response.get_json()["id"]
        return key

    def launch(self, course: str, **asked: Any) -> Any:
        """Launch a course; return what is told of it."""
        said = {"actor": ACTOR, "unit": 0, **asked}
        document = {name: value for name, value in said.items() if value is not None}
        response = self.ask("POST", f"/courses/{course}/launches", document)
        assert response.status_code == 201, response.text
        return response.get_json()


@pytest.fixture
def api_web(settings: Settings, database: Database) -> FlaskClient:
    """Whoever speaks to the interface, without credentials."""
    return apps.lent(api.create_app, settings, database).test_client()


@pytest.fixture
def content_web(settings: Settings, database: Database) -> FlaskClient:
    """What launched content speaks to."""
    return apps.lent(record_store.create_content_app, settings, database).test_client()


def made(web: FlaskClient, session: Session, *scopes: str) -> System:
    """Make a system that may do this."""
    by = Actor(person_id=factories.person(session).id)
    client = clients.make(session, "架空の学習管理", scopes, by=by, now=clock.now())
    return System(web, client.client.key, client.secret)


@pytest.fixture
def system(api_web: FlaskClient, session: Session) -> System:
    """A system that may import and launch."""
    return made(api_web, session, "content")
