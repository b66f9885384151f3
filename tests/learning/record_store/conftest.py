"""The record store, as the systems that speak to it see it."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import record_store
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.clients import service as clients
from tests import apps

OFFICE = Actor(person_id=uuid.UUID(int=1))
VERSION = "X-Experience-API-Version"
THROUGH = "X-Experience-API-Consistent-Through"
STATEMENTS = "/xapi/statements"


@dataclass(frozen=True)
class Speaker:
    """A system that speaks to the record store, with its credentials and in its version."""

    web: FlaskClient
    key: str
    secret: str
    version: str = "1.0.3"

    @property
    def credentials(self) -> str:
        """Return what its Authorization header says."""
        pair = f"{self.key}:{self.secret}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        **headers: str | None,
    ) -> TestResponse:
        """Send a request; a header that is None is left out."""
        said: dict[str, str | None] = {"Authorization": self.credentials, VERSION: self.version}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        asked = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in (params or {}).items()
        }
        return self.web.open(
            path,
            method=method,
            query_string=asked or None,
            data=body,
            headers={name: value for name, value in said.items() if value is not None},
            buffered=True,
        )

    def send(self, value: Any, method: str = "POST", **params: str) -> TestResponse:
        """Send statements, as JSON or as the bytes that are given."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask(method, STATEMENTS, params, body, Content_Type="application/json")

    def tell(self, *statements: dict[str, Any]) -> list[str]:
        """Have statements kept; return their ids."""
        response = self.send(list(statements))
        assert response.status_code == 200, response.text
        found: list[str] = response.get_json()
        return found

    def get(self, **params: Any) -> TestResponse:
        """Ask for statements."""
        return self.ask("GET", STATEMENTS, params)

    def found(self, **params: Any) -> list[str]:
        """Return the ids of the statements that are answered, in their order."""
        response = self.get(**params)
        assert response.status_code == 200, response.text
        return [each["id"] for each in response.get_json()["statements"]]

    def one(self, key: str, **params: Any) -> Any:
        """Return a statement by its id."""
        response = self.get(statementId=key, **params)
        assert response.status_code == 200, response.text
        return response.get_json()


Speak = Callable[..., Speaker]


def speaker(web: FlaskClient, session: Session, *scopes: str, version: str = "1.0.3") -> Speaker:
    """Make a system that may do this."""
    made = clients.make(session, "架空連携", scopes or ("all",), by=OFFICE, now=clock.now())
    return Speaker(web, made.client.key, made.secret, version)


def problem(response: TestResponse, status: int) -> Any:
    """Return the problem that an answer tells, of this status."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    told = response.get_json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


def broken(response: TestResponse) -> tuple[str, str]:
    """Return the rule that a request has broken, and where."""
    told = problem(response, 400)
    assert told["type"] == "urn:kenshu:xapi_invalid"
    assert told["clause"]
    return told["rule"], told["place"]


@pytest.fixture
def store_app(settings: Settings, database: Database) -> flask.Flask:
    """The record store's application."""
    return apps.lent(record_store.create_app, settings, database)


@pytest.fixture
def web(store_app: flask.Flask) -> FlaskClient:
    """Whoever speaks to it, without credentials."""
    return store_app.test_client()


@pytest.fixture
def speak(web: FlaskClient, session: Session) -> Speak:
    """Make systems that speak to it: `speak(*scopes, version=…)`."""

    def make(*scopes: str, version: str = "1.0.3") -> Speaker:
        return speaker(web, session, *scopes, version=version)

    return make


@pytest.fixture
def store(speak: Speak) -> Speaker:
    """A system that may do all."""
    return speak("all")
