"""C26: a whole tour of the office opens no connection beyond this machine but the one to SMTP."""

from __future__ import annotations

import socket
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import factory
from app.keeping.disclosure import service as disclosing
from app.kernel import clock
from app.kernel.settings import Settings
from app.people.permission.models import Role
from tests import factories
from tests.conftest import SavepointDatabase
from tests.keeping import made
from tests.kernel.web.test_every_route import routes
from tests.workers.mail_server import MailServer
from workers import carrying, performing
from workers.workshop import Workshop


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every address that anything asks to be connected to, or asks the name of."""
    found: list[tuple[str, int]] = []
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def noted_connect(self: socket.socket, address: Any) -> None:
        found.append(address[:2] if isinstance(address, tuple) else (address, 0))
        connect(self, address)

    def noted_resolve(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        found.append((str(host), int(port or 0)))
        return resolve(host, port, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", noted_connect)
    monkeypatch.setattr(socket, "getaddrinfo", noted_resolve)
    return found


@pytest.mark.requirement("OPS-06")
def test_a_tour_of_every_page_connects_to_nothing(
    office: FlaskClient,
    session: Session,
    settings: Settings,
    database: SavepointDatabase,
    asked: list[tuple[str, int]],
) -> None:
    someone = made.life(session, clock.now())
    clerk = factories.person(session, roles=tuple(role for role in Role if role != Role.LEARNER))
    factories.enter(office, session, clerk)
    app = factory.create_app(settings, database)
    asked.clear()
    pages = [path for _, path, _ in routes(app, "GET")]
    for path in pages:
        office.get(path.replace(str(uuid.UUID(int=1)), str(someone.person.id)), buffered=True)
    office.post(f"/staff/{someone.person.id}/disclosure")
    office.post("/retention/periods/answers", data={"years": "4"})
    assert len(pages) > 20
    assert asked == []


def test_the_workers_connect_to_the_mail_server_and_to_nothing_else(
    shop: Workshop, asked: list[tuple[str, int]]
) -> None:
    with MailServer() as server:
        settings = replace(shop.settings, mail=server.address)
        with shop.database.unit_of_work() as session:
            someone = made.life(session, clock.now() - timedelta(minutes=1))
            by = made.actor(factories.person(session))
            job_id = disclosing.ask(session, someone.person.id, by=by, now=clock.now()).job_id
        assert job_id is not None
        asked.clear()
        installation = Workshop(settings, shop.database)
        carrying.carry(installation)
        performing.perform(installation, job_id)
        assert len(server.taken) == 2  # of a notice, and of words on trial
    address = urlsplit(server.address)
    assert set(asked) == {(address.hostname, address.port)}


def test_a_connection_would_have_been_noticed(asked: list[tuple[str, int]]) -> None:
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", 1)) != 0
        with pytest.raises(OSError, match="refused"):
            probe.connect(("127.0.0.1", 1))
    assert asked == [("127.0.0.1", 1)]
