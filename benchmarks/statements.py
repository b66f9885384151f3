"""The record store: statements a second, alone and in batches, and how long questions take.

On PostgreSQL with so many statements there already, by the server as it is run (two processes).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa

from benchmarks import floor, servers
from benchmarks.databases import installation
from benchmarks.figures import percentile, tell
from benchmarks.stored import (
    COURSES,
    LEARNERS,
    LESSONS,
    STORED,
    TIMES,
    VERBS,
    Store,
    filled,
    head,
    learner,
    multiply,
    posts,
    registration,
)
from benchmarks.wire import CONNECTIONS, Wanted, asked

QUESTIONS: Final = 400
#: How often what posts and its floor are measured in turns; their medians are told.
ROUNDS: Final = 5
WARMING: Final = 100
#: Requests that post, statements in each, and statements a second that are asked for.
POSTS: Final = (("single", 4_000, 1, 900), ("batches", 400, 50, 8_000))
#: Milliseconds that are asked for, for 95 of 100 questions.
ASKED_MS, ASKED_MS_OF_MANY = 15, 30
POSTED: Final = Wanted(b"200")


def measure() -> None:
    """Tell statements a second, and how long each kind of question takes."""
    with installation("postgresql") as (fresh, database):
        store = filled(replace(fresh, port=servers.free_port()), database)
        with servers.kenshu(store.settings) as port:
            _post(store, port)
            _get(store, port, STORED, ASKED_MS)
            tell("statements.memory", _memory(store.settings.port), "MB", asked_for=200)
            multiply(database)
            _get(store, port, STORED * TIMES, ASKED_MS_OF_MANY)


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
    asked(port, posts(store, WARMING, 1, chance), POSTED)
    rates = []
    for _, count, size, _ in POSTS:
        told = asked(port, posts(store, count, size, chance), POSTED)
        rate = count * size / told.seconds
        rates.append(_Rate(rate, percentile(told.took, 0.95), told.share))
    return rates


def _get(store: Store, port: int, stored: int, asked_for: int) -> None:
    chance = random.Random(11)  # noqa: S311 - a load, the same each time
    for name, questions in _questions(chance):
        requests = [
            head(store, f"GET /xapi/statements?{urlencode(each)}").encode() for each in questions
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
            lambda: {"registration": registration(chance.randrange(LEARNERS), chance.randrange(50))}
        ),
    )
    yield "agent", often(lambda: {"agent": json.dumps(learner(chance.randrange(LEARNERS)))})
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
