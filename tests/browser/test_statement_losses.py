"""Statements through a killed server: what was acknowledged is there, and everything once.

In the suite the server lives a few seconds between two ends; `make faults` lets it live a minute.
"""

from __future__ import annotations

import http.client
import json
import time
import uuid
from base64 import b64encode
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app.kernel import clock, db
from app.kernel.actor import Actor
from app.kernel.db import new_id
from app.kernel.settings import Settings
from app.learning.clients import service as clients
from app.learning.statements.models import XapiStatement
from tests.browser import serving
from tests.browser.test_losses import SECONDS, killed_and_started_again

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("installations"),
    pytest.mark.requirement("TRK-02"),
]
WRITERS, BATCH = 4, 5
#: Seconds within which a server that was killed is there again.
PATIENCE = 60.0


@dataclass
class Writer:
    """A system that sends batches, each again until it is acknowledged."""

    origin: str
    authorization: str
    sent: list[str] = field(default_factory=list)
    #: How often a batch had to be sent again.
    repeated: int = 0

    def write(self, ended: Event) -> None:
        """Send until it is over; what was begun is brought to its end, if there is a server."""
        while not ended.is_set():
            batch = [statement() for _ in range(BATCH)]
            last = None
            while not self._is_taken(json.dumps(batch).encode()):
                self.repeated += 1
                if ended.is_set():
                    last = last or time.monotonic() + PATIENCE
                    assert time.monotonic() < last, "the server is away for good"
                time.sleep(0.1)
            self.sent += [each["id"] for each in batch]

    def _is_taken(self, body: bytes) -> bool:
        line = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=10)
        headers = {
            "Authorization": f"Basic {self.authorization}",
            "Content-Type": "application/json",
            "X-Experience-API-Version": "2.0.0",
        }
        try:
            line.request("POST", "/xapi/statements", body, headers)
            answer = line.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException):
            return False  # the server is away, or went while it answered
        finally:
            line.close()
        assert answer.status == 200, said
        return True


def statement() -> dict[str, Any]:
    """Return a statement of its own."""
    return {
        "id": str(uuid.uuid4()),
        "actor": {"account": {"homePage": "https://learners.example.org", "name": "learner-1"}},
        "verb": {"id": "https://verbs.example.org/read"},
        "object": {"id": "https://content.example.org/page-1"},
    }


def test_what_was_acknowledged_outlives_a_killed_server_and_is_there_once(tmp_path: Path) -> None:
    environment = serving.environment(tmp_path)
    serving.run(environment, "migrate")
    database = db.connect(Settings.from_environment(environment).database)
    with database.unit_of_work() as session:
        by = Actor(person_id=new_id())
        made = clients.make(session, "試験", ["all"], by=by, now=clock.now())
        pair = b64encode(f"{made.client.key}:{made.secret}".encode()).decode()
    writers = [Writer(serving.origin_of(environment), pair) for _ in range(WRITERS)]
    ended = Event()
    server = serving.start(environment, "serve")
    try:
        with ThreadPoolExecutor(WRITERS) as threads:
            hands = [threads.submit(writer.write, ended) for writer in writers]
            try:
                for _ in range(2):
                    time.sleep(SECONDS / 2)
                    server = killed_and_started_again(environment, server)
                time.sleep(SECONDS / 2)
            finally:
                ended.set()
            for hand in hands:
                hand.result(timeout=2 * PATIENCE)
    finally:
        server.terminate()
        server.wait(timeout=30)
    with database.reading() as session:
        kept = Counter(str(key) for key in session.scalars(sa.select(XapiStatement.id)))
    database.engine.dispose()
    assert kept == Counter(key for writer in writers for key in writer.sent)
    assert sum(writer.repeated for writer in writers) > 0
