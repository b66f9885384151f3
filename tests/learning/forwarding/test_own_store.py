"""From one installation of ours to another: what it has, the other has, whatever it is."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from app import record_store
from app.kernel import clock, installation, schema
from app.kernel.db import Database, new_id
from app.kernel.settings import Settings
from app.learning.clients import service as clients
from app.learning.statements import service as statements
from app.learning.statements.models import XapiAttachment, XapiStatement
from tests.learning import stating
from tests.learning.forwarding import made
from tests.learning.forwarding.test_sending import named
from workers import forwarding as worker
from workers.workshop import Workshop
from xapi.multipart import Attachment

#: What a store says itself of a statement.
OWN = {"stored", "authority"}


class Other:
    """Another installation, with a key for us."""

    def __init__(self, database: Database, origin: str) -> None:
        self.database, self.endpoint = database, f"{origin}/xapi/"
        with database.unit_of_work() as session:
            scopes = ["statements/write", "statements/read/mine"]
            made = clients.make(session, "研修", scopes, by=stating.OFFICE, now=clock.now())
            self.key, self.secret = made.client.key, made.secret

    def kept(self) -> dict[str, dict[str, Any]]:
        """Return its statements in their order, without what it has said itself."""
        query = sa.select(XapiStatement.text).order_by(XapiStatement.seq)
        with self.database.reading() as session:
            said = [json.loads(text) for text in session.scalars(query)]
        return {each["id"]: without_own(each) for each in said}


def without_own(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in OWN}


@pytest.fixture
def other(tmp_path: Path, settings: Settings) -> Iterator[Other]:
    own = replace(settings, instance=tmp_path / "other")
    database = installation.connect(own)
    schema.upgrade(database)
    server = make_server("127.0.0.1", 0, record_store.create_app(own, database), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Other(database, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    database.engine.dispose()


@pytest.fixture(params=["1.0.3", "2.0.0"])
def joined(request: pytest.FixtureRequest, shop: Workshop, other: Other) -> Other:
    """The other installation, once statements are forwarded there."""
    with shop.database.unit_of_work() as session:
        said = {"endpoint": other.endpoint, "key": other.key, "secret": other.secret}
        made.active(session, shop.settings, version=request.param, **said)
    return other


def test_what_one_installation_has_the_other_has(shop: Workshop, joined: Other) -> None:
    essay = "作文です".encode()
    sha2 = hashlib.sha256(essay).hexdigest()
    with shop.database.unit_of_work() as session:
        statements.keep(session, [Attachment(sha2, "text/plain", essay)])
        [key] = stating.told(session, stating.said("passed", attachments=[named(essay)]))
        stating.told(session, *(stating.said("answered") for _ in range(70)))
        stating.told(session, stating.void(key))
    worker.forward(shop)
    with shop.database.reading() as session:
        query = sa.select(XapiStatement.text).order_by(XapiStatement.seq)
        said = [json.loads(text) for text in session.scalars(query)]
    assert [joined.kept()[each["id"]] for each in said] == [*map(without_own, said)]
    with joined.database.reading() as session:
        assert session.scalars(sa.select(XapiAttachment.content)).all() == [essay]
        voided = sa.select(XapiStatement.id).where(XapiStatement.is_voided)
        assert session.scalars(voided).all() == [key]


def test_what_is_sent_twice_is_there_once_and_what_conflicts_keeps_nothing_back(
    shop: Workshop, joined: Other
) -> None:
    keys = [str(new_id()) for _ in range(3)]
    said = [stating.said(id=key) for key in keys]
    with joined.database.unit_of_work() as session:
        stating.told(session, said[0], stating.said("failed", id=keys[1]))
    with shop.database.unit_of_work() as session:
        stating.told(session, *said)
    worker.forward(shop)
    kept = joined.kept()
    assert list(kept) == keys
    assert [kept[key]["verb"] for key in keys[:2]] != [each["verb"] for each in said[:2]]
