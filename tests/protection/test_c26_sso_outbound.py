"""C26: signing in by the organisation's account calls the configured provider, and nobody else."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from tests import factories
from tests.people.identity_providers import way
from tests.people.identity_providers.oidc import openid_provider
from tests.people.identity_providers.saml import saml_provider

pytestmark = [
    pytest.mark.requirement("SEC-03"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]
#: Where the interpreter is told of every connection, while somebody listens.
_listeners: list[list[tuple[str, int]]] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        for listener in _listeners:
            listener.append(arguments[1][:2])


sys.addaudithook(_note)  # an audit hook stays until the process ends


@contextmanager
def connections() -> Iterator[list[tuple[str, int]]]:
    """Yield the list of the hosts and ports that are called meanwhile."""
    called: list[tuple[str, int]] = []
    _listeners.append(called)
    yield called
    _listeners.remove(called)


def browser(settings: Settings, database: Database) -> FlaskClient:
    settings.instance.mkdir(exist_ok=True)
    app = factory.create_app(settings, database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def place(origin: str) -> tuple[str, int]:
    return "127.0.0.1", int(origin.rpartition(":")[2])


def test_by_openid_connect_the_provider_alone_is_called(
    settings: Settings, database: Database, session: Session
) -> None:
    factories.informed(session, factories.person(session, number="00012"), clock.now())
    with openid_provider() as provider:
        provider.callbacks.add("http://localhost:8000/oidc/callback")
        office = browser(dataclasses.replace(settings, **provider.settings()), database)
        with connections() as called:
            office.get("/sign-in")
            assert called == []
            sent = office.get("/oidc/begin")
            assert called == [place(provider.origin)]
        back = way.at_provider(sent.location, "00012").headers["Location"]
        page = office.get(back.removeprefix("http://localhost:8000"))
        with connections() as called:
            assert way.hop(office, page).status_code == 303
        assert set(called) == {place(provider.origin)}
        # One look at its document, one code, one look at its keys; and the next page calls nobody.
        assert len(called) == 3
        with connections() as called:
            assert office.get("/").status_code == 200
        assert called == []


def test_by_saml_nobody_is_called_at_all(
    settings: Settings, database: Database, session: Session, tmp_path: Path
) -> None:
    factories.person(session, number="00012")
    with saml_provider() as provider:
        office = browser(
            dataclasses.replace(settings, **provider.write_metadata(tmp_path)), database
        )
        with connections() as called:
            provider.learn(office.get("/saml/metadata").data)
            sent = office.get("/saml/begin")
        assert called == []
        answered = way.form_of(way.at_provider(sent.location, "00012").text)[1]
        with connections() as called:
            assert way.consume(office, answered).status_code == 303
        assert called == []


def test_the_listener_would_hear_a_call() -> None:
    with openid_provider() as provider, connections() as called:
        way.requests.get(f"{provider.origin}/jwks", timeout=5)
    assert called == [place(provider.origin)]
