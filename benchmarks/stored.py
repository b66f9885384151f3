"""A record store with so many statements, and the requests that bring it more.

A statement is one of 1.4 KB, an answer to a question of a course, with its context.
"""

from __future__ import annotations

import json
import random
import uuid
from base64 import b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.learning.clients import service as clients
from app.learning.statements import service
from benchmarks.load import staff
from xapi import reading, storing
from xapi.statement import Version
from xapi.storing import Received

STORED: Final = 100_000
#: So many times as much is stored for the last questions.
TIMES: Final = 50
AT_ONCE: Final = 500
LEARNERS, COURSES, LESSONS = 2_000, 50, 20
HOME: Final = "https://learners.example.org"
VERBS: Final = ("answered", "experienced", "completed", "passed", "failed", "initialized")


@dataclass(frozen=True)
class Store:
    """A record store with its statements, and a client that may do all."""

    settings: Settings
    database: Database
    authorization: str


def filled(settings: Settings, database: Database) -> Store:
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
        received = Received(Version.OLD, authority)
        bodies = [json.dumps(_statement(chance)).encode() for _ in range(AT_ONCE)]
        prepared = [storing.prepare(reading.read(body)[0][0], "", received) for body in bodies]
        with database.unit_of_work() as session:
            service.add(session, prepared, stored)
    return Store(settings, database, b64encode(pair.encode()).decode())


def _statement(chance: random.Random) -> dict[str, Any]:
    number, course = chance.randrange(LEARNERS), chance.randrange(COURSES)
    lesson = f"https://content.example.org/course-{course}/lesson-{chance.randrange(LESSONS)}"
    return {
        "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "actor": learner(number),
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
            "registration": registration(number, course),
            "contextActivities": {
                "parent": [{"id": lesson}],
                "grouping": [{"id": f"https://content.example.org/course-{course}"}],
            },
            "language": "ja",
            "extensions": {"https://content.example.org/extensions/session": "s" * 300},
        },
        "timestamp": "2026-04-01T00:00:00.000Z",
    }


def learner(number: int) -> dict[str, Any]:
    """Return a learner as an agent."""
    account = {"homePage": HOME, "name": f"learner-{number}"}
    return {"objectType": "Agent", "name": f"架空 {number}", "account": account}


def registration(number: int, course: int) -> str:
    """Return the registration of a learner in a course."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number} {course}"))


def head(store: Store, line: str, more: str = "") -> str:
    """Return the head of a request, with what else it says."""
    host = store.settings.office_origin.partition("://")[2]
    return (
        f"{line} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {store.authorization}\r\n"
        f"X-Experience-API-Version: 1.0.3\r\n{more}\r\n"
    )


def posts(store: Store, count: int, size: int, chance: random.Random) -> list[bytes]:
    """Return requests that bring so many statements each."""
    requests = []
    for _ in range(count):
        said: Any = [_statement(chance) for _ in range(size)]
        body = json.dumps(said if size > 1 else said[0]).encode()
        more = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        requests.append(head(store, "POST /xapi/statements", more).encode() + body)
    return requests


def multiply(database: Database) -> None:
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
