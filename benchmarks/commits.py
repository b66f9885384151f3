"""Commits a second and their 95th percentile: learners who each send one message after another.

Beside it stands the floor: the same number of one-row updates, each in a transaction of its own.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from dataclasses import replace
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.content.materials import service as materials
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database, new_id
from app.learning.opening import service as opening
from app.learning.owners.models import Owner
from app.learning.player.access import Visit
from app.learning.records.access import Assigned
from app.people.permission.models import Role
from benchmarks import load, servers
from benchmarks.databases import KINDS, installation
from benchmarks.figures import percentile, tell

#: Learners at once: enough to keep two processors busy, and a lecture hall.
LEARNERS = (8, 30)
SECONDS = 8
#: Moodle 4.5 on a like machine, its database without fsync: commits a second, and p95 in ms.
MOODLE = {8: {"moodle": 89}, 30: {"moodle_p95_ms": 493}}
FLOOR_UPDATES = 300


def measure() -> None:
    """Take the figures on either database."""
    for kind in KINDS:
        for learners in LEARNERS:
            _measure(kind, learners)


def _measure(kind: str, count: int) -> None:
    """Tell the commits a second that so many concurrent learners get, each on a record."""
    now = clock.now()
    with installation(kind) as (fresh, database):
        settings = replace(fresh, port=servers.free_port())
        with database.unit_of_work() as session:
            people = load.staff(session, count)
            version = load.material(session, settings, people[0], now)
            author = Actor(person_id=people[0].id, grants=(Grant(Role.AUTHOR),))
            materials.publish(session, version.id, by=author, now=now)
            addresses = [
                opening.launch(
                    session,
                    Assigned(version.material_id, new_id()),
                    Visit(Owner(person.id), "ja", "/"),
                    now=now,
                    settings=settings,
                )
                for person in people
            ]
        took: list[float] = []
        with servers.kenshu(settings) as port:
            learners = [
                threading.Thread(target=_learn, args=(port, address, took)) for address in addresses
            ]
            began = time.perf_counter()
            for learner in learners:
                learner.start()
            for learner in learners:
                learner.join()
            seconds = time.perf_counter() - began
        tell(
            "commits",
            len(took) / seconds,
            "commits/s",
            p95_ms=round(percentile(took, 0.95), 1),
            median_ms=round(percentile(took, 0.5), 1),
            learners=count,
            database=kind,
            beside="one-row updates, one connection",
            beside_value=round(_floor(database)),
            **MOODLE[count],
        )


def _learn(port: int, address: str, took: list[float]) -> None:
    line = _Line(port, address)
    item = json.loads(line.post("navigate", {"step": 1, "request": "open"}))["item"]
    sequence, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        sequence += 1
        changes = [["cmi.location", str(sequence)], ["cmi.suspend_data", "記録" * 250]]
        message = {"sequence": sequence, "item": item, "changes": changes, "finished": False}
        began = time.perf_counter()
        line.post("commit", {"messages": [message]})
        took.append(1000 * (time.perf_counter() - began))
    line.close()


class _Line:
    """One connection, kept alive, by plain sockets.

    The load shares the processors with the server: http.client would take nearly as much of them to
    read an answer as the server does to give it.
    """

    def __init__(self, port: int, address: str) -> None:
        parts = urlsplit(address)
        self._path = parts.path
        self._headers = (
            f"Host: {parts.netloc}\r\nContent-Type: application/json\r\n"
            "Accept: application/json\r\nContent-Length: "
        )
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def post(self, path: str, body: object) -> bytes:
        """Return the answer's body."""
        sent = json.dumps(body).encode()
        head = f"POST {self._path}{path} HTTP/1.1\r\n{self._headers}{len(sent)}\r\n\r\n"
        self._socket.sendall(head.encode() + sent)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        told, _, answer = received.partition(b"\r\n\r\n")
        if not told.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{path}: {received.decode()}")
        length = int(told.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(answer) < length:
            answer += self._more()
        return answer

    def _more(self) -> bytes:
        more = self._socket.recv(65536)
        if not more:
            raise SystemExit("the server has closed the connection")
        return more

    def close(self) -> None:
        """Let go."""
        self._socket.close()


def _floor(database: Database) -> float:
    """Return how many one-row updates a second the database commits on one connection."""
    statement = sa.text("UPDATE audit_head SET seq = seq WHERE id = 1")
    began = time.perf_counter()
    for _ in range(FLOOR_UPDATES):
        with database.engine.begin() as connection:
            connection.execute(statement)
    return FLOOR_UPDATES / (time.perf_counter() - began)
