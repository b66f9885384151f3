"""Commits a second and their 95th percentile: learners who each send one message after another.

Beside it stands the floor: the same number of one-row updates, each in a transaction of its own.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import replace
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.content.materials import service as materials
from app.kernel import clock
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database, new_id
from app.learning.player import service as player
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
                player.launch(
                    session,
                    material_id=version.material_id,
                    assignment_id=new_id(),
                    back="/",
                    language="ja",
                    by=Actor(person_id=person.id),
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
    parts = urlsplit(address)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post(path: str, body: object) -> dict[str, object]:
        line.request("POST", parts.path + path, json.dumps(body), headers)
        response = line.getresponse()
        answer: dict[str, object] = json.loads(response.read())
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status} {answer}")
        return answer

    item = post("navigate", {"step": 1, "request": "open"})["item"]
    sequence, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        sequence += 1
        changes = [["cmi.location", str(sequence)], ["cmi.suspend_data", "記録" * 250]]
        message = {"sequence": sequence, "item": item, "changes": changes, "finished": False}
        began = time.perf_counter()
        post("commit", {"messages": [message]})
        took.append(1000 * (time.perf_counter() - began))


def _floor(database: Database) -> float:
    """Return how many one-row updates a second the database commits on one connection."""
    statement = sa.text("UPDATE audit_head SET seq = seq WHERE id = 1")
    began = time.perf_counter()
    for _ in range(FLOOR_UPDATES):
        with database.engine.begin() as connection:
            connection.execute(statement)
    return FLOOR_UPDATES / (time.perf_counter() - began)
