"""The office's report at 10,000 learners: the page, and its CSV."""

from __future__ import annotations

import time

import sqlalchemy as sa

from app import factory
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database
from app.people.purposes import service as purposes
from app.people.sign_in import service as signing
from benchmarks import load
from benchmarks.databases import KINDS, installation
from benchmarks.figures import percentile, tell

LEARNERS = 10_000
ROUNDS = 20


def measure() -> None:
    """Take the figures on either database."""
    for kind in KINDS:
        _measure(kind)


def _measure(kind: str) -> None:
    """Tell the median and the 95th percentile of the page and of the CSV, and the bare SELECT's."""
    now = clock.now()
    with installation(kind) as (settings, database):
        with database.unit_of_work() as session:
            people = load.staff(session, LEARNERS)
            version = load.material(session, settings, people[0], now)
            run_id = load.run(session, version, people, now)
            office = people[0].id
            purposes.confirm(session, 0, by=Actor(person_id=office), now=now)
            sign_in = signing.begin(session, office, now, settings, method=signing.PASSWORD)
        client = factory.create_app(settings, database).test_client()
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": str(sign_in.id), "_fresh": True, "seen": now.timestamp()})
        for name, path in (
            ("page", f"/reports/runs/{run_id}"),
            ("csv", f"/reports/runs/{run_id}.csv"),
        ):
            took = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                response = client.get(path)
                took.append(1000 * (time.perf_counter() - began))
                assert response.status_code == 200, response.status
            floor = _floor(database)
            tell(
                f"report.{name}",
                percentile(took, 0.5),
                "ms",
                p95=round(percentile(took, 0.95), 1),
                learners=LEARNERS,
                database=kind,
                floor_count_ms=round(floor, 2),
            )


def _floor(database: Database) -> float:
    """Return how long the database needs to count the same rows, in ms."""
    with database.engine.connect() as connection:
        began = time.perf_counter()
        connection.execute(
            sa.text(
                "SELECT count(*) FROM enrolment e JOIN assignment a ON a.enrolment_id = e.id "
                "LEFT JOIN learner_record r ON r.assignment_id = a.id"
            )
        ).scalar_one()
        return 1000 * (time.perf_counter() - began)
