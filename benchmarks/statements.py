"""The record store: statements a second, alone and in batches, and how long questions take.

On PostgreSQL with so many statements there already, by the server as it is run (two processes). A
statement is one of 1.2 KB, an answer to a question of a course, with its context.
"""

from __future__ import annotations

import json
import random
import uuid
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.clients import service as clients
from app.learning.statements import service
from benchmarks import floor, servers
from benchmarks.databases import installation
from benchmarks.figures import percentile, tell
from benchmarks.load import staff
from benchmarks.wire import CONNECTIONS, Wanted, asked
from xapi import reading, storing
from xapi.statement import Version
from xapi.storing import Received

STORED: Final = 100_000
#: So many times as much is stored for the last questions.
TIMES: Final = 50
AT_ONCE: Final = 500
QUESTIONS: Final = 400
#: How often what posts and its floor are measured in turns; their medians are told.
ROUNDS: Final = 5
WARMING: Final = 100
#: Requests that post, statements in each, and statements a second that are asked for.
POSTS: Final = (("single", 4_000, 1, 900), ("batches", 400, 50, 8_000))
#: Milliseconds that are asked for, for 95 of 100 questions.
ASKED_MS, ASKED_MS_OF_MANY = 15, 30
LEARNERS, COURSES, LESSONS = 2_000, 50, 20
HOME: Final = "https://learners.example.org"
VERBS: Final = ("answered", "experienced", "completed", "passed", "failed", "initialized")
POSTED: Final = Wanted(b"200")


@dataclass(frozen=True)
class Store:
    """A record store with its statements, and a client that may do all."""

    settings: Settings
    database: Database
    authorization: str


def measure() -> None:
    """Tell statements a second, and how long each kind of question takes."""
    with installation("postgresql") as (fresh, database):
        store = _filled(replace(fresh, port=servers.free_port()), database)
        with servers.kenshu(store.settings) as port:
            _post(store, port)
            _get(store, port, STORED, ASKED_MS)
            tell("statements.memory", _memory(store.settings.port), "MB", asked_for=200)
            _multiply(database)
            _get(store, port, STORED * TIMES, ASKED_MS_OF_MANY)


def _filled(settings: Settings, database: Database) -> Store:
    """Store the statements that are there already, as the server does."""
    now = clock.now()
    chance = random.Random(9)  # noqa: S311 - a load, the same each time
    with database.unit_of_work() as session:
        by = Actor(person_id=staff(session, 1)[0].id)
        made = clients.make(session, "負荷", ["all"], by=by, now=now)
        pair = f"{made.client.key}:{made.secret}"
    authority = {"account": {"homePage": HOME, "name": "load"}}
    for begin in range(0, STORED, AT_ONCE):
        stored = now - timedelta(seconds=STORED - begin)
        received = Received(Version.OLD, stored, authority)
        bodies = [json.dumps(_statement(chance)).encode() for _ in range(AT_ONCE)]
        prepared = [storing.prepare(reading.read(body)[0][0], "", received) for body in bodies]
        with database.unit_of_work() as session:
            service.add(session, prepared, stored)
    return Store(settings, database, b64encode(pair.encode()).decode())


def _statement(chance: random.Random) -> dict[str, Any]:
    learner, course = chance.randrange(LEARNERS), chance.randrange(COURSES)
    lesson = f"https://content.example.org/course-{course}/lesson-{chance.randrange(LESSONS)}"
    return {
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "actor": _learner(learner),
        "verb": {
            "id": f"http://adlnet.gov/expapi/verbs/{chance.choice(VERBS)}",
            "display": {"en": "answered", "ja": "答えた"},
        },
        "object": {
            "id": f"{lesson}/question-{chance.randrange(30)}",
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "name": {"ja": "個人情報の取扱いについて、正しいものを選びなさい。"},
                "interactionType": "choice",
                "correctResponsesPattern": ["b"],
            },
        },
        "result": {"score": {"scaled": 0.8}, "success": True, "response": "b", "duration": "PT9S"},
        "context": {
            "registration": _registration(learner, course),
            "contextActivities": {
                "parent": [{"id": lesson}],
                "grouping": [{"id": f"https://content.example.org/course-{course}"}],
            },
            "language": "ja",
            "extensions": {"https://content.example.org/extensions/session": "s" * 300},
        },
        "timestamp": "2026-04-01T00:00:00.000Z",
    }


def _learner(number: int) -> dict[str, Any]:
    account = {"homePage": HOME, "name": f"learner-{number}"}
    return {"objectType": "Agent", "name": f"架空 {number}", "account": account}


def _registration(learner: int, course: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{learner} {course}"))


def _head(store: Store, line: str, more: str = "") -> str:
    host = store.settings.office_origin.partition("://")[2]
    return (
        f"{line} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {store.authorization}\r\n"
        f"X-Experience-API-Version: 1.0.3\r\n{more}\r\n"
    )


def _posts(store: Store, count: int, size: int, chance: random.Random) -> list[bytes]:
    requests = []
    for _ in range(count):
        said: Any = [_statement(chance) for _ in range(size)]
        body = json.dumps(said if size > 1 else said[0]).encode()
        more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        requests.append(_head(store, "POST /xapi/statements", more).encode() + body)
    return requests


def _post(store: Store, port: int) -> None:
    """Tell how fast it takes statements, in turns with what does no more than insert.

    A machine that others share is not as fast in one minute as in the next.
    """
    with store.database.engine.begin() as connection:
        connection.execute(sa.text(floor.TABLE))
    ours, least = [], []
    other = replace(store.settings, port=servers.free_port())
    for seed in range(ROUNDS):
        with servers.kenshu(other, "benchmarks.floor:application") as at:
            least.append(_rates(store, at, seed))
        ours.append(_rates(store, port, seed))
    for place, (name, _, _, wanted) in enumerate(POSTS):
        told = [each[place] for each in ours]
        rate, beside = (median(each[place].rate for each in side) for side in (ours, least))
        tell(
            f"statements.{name}",
            rate,
            "statements/s",
            p95_ms=round(1000 * median(each.p95 for each in told), 1),
            all=[round(each.rate) for each in told],
            connections=CONNECTIONS,
            stored=STORED,
            load_share=round(told[0].share, 3),
            asked_for=wanted,
            beside="an insert by Flask and the driver, and nothing else",
            beside_value=round(beside),
            beside_all=[round(each[place].rate) for each in least],
            of_floor=round(rate / beside, 2),
        )


class _Rate(NamedTuple):
    """Statements a second, the seconds of 95 of 100 requests, and the load's own share."""

    rate: float
    p95: float
    share: float


def _rates(store: Store, port: int, seed: int) -> list[_Rate]:
    chance = random.Random(10 + seed)  # noqa: S311 - a load, the same each time
    asked(port, _posts(store, WARMING, 1, chance), POSTED)
    rates = []
    for _, count, size, _ in POSTS:
        told = asked(port, _posts(store, count, size, chance), POSTED)
        rate = count * size / told.seconds
        rates.append(_Rate(rate, percentile(told.took, 0.95), told.share))
    return rates


def _multiply(database: Database) -> None:
    """Have all that is stored there many times over, each under an id of its own.

    By the database alone: the index is made anew in the end, which takes a tenth of the time.
    """
    with database.unit_of_work() as session:
        most = session.scalar(sa.text("SELECT max(seq) FROM xapi_statement"))
        session.execute(sa.text("ALTER TABLE xapi_term DROP CONSTRAINT pk_xapi_term"))
        for statement in (_STATEMENTS, _TERMS):
            session.execute(sa.text(statement), {"most": most, "times": TIMES - 1})
        session.execute(
            sa.text("ALTER TABLE xapi_term ADD CONSTRAINT pk_xapi_term PRIMARY KEY (term, seq)")
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE xapi_statement, xapi_term"))


_STATEMENTS: Final = """
INSERT INTO xapi_statement
    (seq, id, stored_at, text, fingerprint, target_id, is_voiding, is_voided)
OVERRIDING SYSTEM VALUE
SELECT seq + :most * time, gen_random_uuid(), stored_at, text, fingerprint, NULL, false, false
FROM xapi_statement, generate_series(1, :times) AS time
ORDER BY time, seq
"""
_TERMS: Final = """
INSERT INTO xapi_term (term, seq)
SELECT term, seq + :most * time FROM xapi_term, generate_series(1, :times) AS time
"""


def _get(store: Store, port: int, stored: int, asked_for: int) -> None:
    chance = random.Random(11)  # noqa: S311 - a load, the same each time
    for name, questions in _questions(chance):
        requests = [
            _head(store, f"GET /xapi/statements?{urlencode(each)}").encode() for each in questions
        ]
        told = asked(port, requests, POSTED, connections=1)
        tell(
            f"statements.by_{name}{'' if stored == STORED else '_of_many'}",
            1000 * percentile(told.took, 0.95),
            "ms",
            median_ms=round(1000 * percentile(told.took, 0.5), 2),
            a_second=round(len(requests) / told.seconds),
            stored=stored,
            asked_for=asked_for,
        )


def _questions(chance: random.Random) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Return the kinds of questions, each with its parameters."""
    course = "https://content.example.org/course-"

    def often(make: Any) -> list[dict[str, str]]:
        return [make() for _ in range(QUESTIONS)]

    yield (
        "registration",
        often(
            lambda: {
                "registration": _registration(chance.randrange(LEARNERS), chance.randrange(50))
            }
        ),
    )
    yield "agent", often(lambda: {"agent": json.dumps(_learner(chance.randrange(LEARNERS)))})
    yield (
        "verb",
        often(
            lambda: {
                "verb": f"http://adlnet.gov/expapi/verbs/{chance.choice(VERBS)}",
                "limit": "50",
            }
        ),
    )
    yield (
        "activity",
        often(
            lambda: {
                "activity": f"{course}{chance.randrange(COURSES)}"
                f"/lesson-{chance.randrange(LESSONS)}"
                f"/question-{chance.randrange(30)}"
            }
        ),
    )
    yield (
        "related_activities",
        often(
            lambda: {
                "activity": f"{course}{chance.randrange(COURSES)}",
                "related_activities": "true",
                "limit": "50",
            }
        ),
    )


def _memory(port: int) -> float:
    """Return the megabytes of the largest process of the server (proc(5), VmRSS)."""
    most = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        command = status.with_name("cmdline")
        try:
            if f"--port\0{port}\0".encode() not in command.read_bytes():
                continue
            lines = status.read_text(encoding="ascii").splitlines()
        except OSError:
            continue  # it has ended meanwhile
        most = max(most, *(int(line.split()[1]) for line in lines if line.startswith("VmRSS")))
    return most / 1024
