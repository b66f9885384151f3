"""What the office reads across a whole year: 500,000 enrolments, each list within a second."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import sqlalchemy as sa
from flask.testing import FlaskClient

from app import factory
from app.kernel import clock
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.sign_in import service as signing
from app.training.offerings.models import Offering
from app.training.plans.models import Run
from benchmarks import year
from benchmarks.databases import KINDS, installation
from benchmarks.figures import percentile, tell

ROUNDS = 20
#: Milliseconds within which the list is to be there (HIS-03).
ASKED_FOR = 1000


def measure() -> None:
    """Take the figures on either database."""
    for kind in KINDS:
        with installation(kind) as (settings, database):
            began = time.perf_counter()
            office, head = year.fill(settings, database, clock.now())
            rows = year.PEOPLE * year.TRAININGS
            tell("reports.fill", time.perf_counter() - began, "s", enrolments=rows, database=kind)
            walk(kind, settings, database, office, head)


def walk(
    kind: str, settings: Settings, database: Database, office: uuid.UUID, head: uuid.UUID
) -> None:
    """Ask for each page as the office and as a head, and tell how long it took."""
    floor = _floor(database)
    for who, person_id in (("office", office), ("head", head)):
        client = _client(settings, database, person_id)
        for name, path in _pages(database, who):
            took = [_ask(client, path) for _ in range(ROUNDS)]
            tell(
                f"reports.{name}",
                percentile(took, 0.5),
                "ms",
                p95=round(percentile(took, 0.95), 1),
                asked_for=ASKED_FOR,
                reader=who,
                enrolments=year.PEOPLE * year.TRAININGS,
                database=kind,
                floor_count_ms=round(floor, 1),
            )


def _client(settings: Settings, database: Database, person_id: uuid.UUID) -> FlaskClient:
    now = clock.now()
    with database.unit_of_work() as session:
        sign_in = signing.begin(session, person_id, now, settings, method=signing.PASSWORD)
    client = factory.create_app(settings, database).test_client()
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": str(sign_in.id), "_fresh": True, "seen": now.timestamp()})
    return client


def _pages(database: Database, who: str) -> Iterator[tuple[str, str]]:
    with database.reading() as session:
        offered = session.execute(
            sa.select(Offering.id, Offering.training_id)
            .join(Run, Run.offering_id == Offering.id)
            .where(Run.state == "open")
            .order_by(Run.learn_until)
        ).first()
    assert offered
    unfinished = "/reports/unfinished"
    yield "unfinished", unfinished
    yield "unfinished.training", f"{unfinished}?training={offered.training_id}"
    yield "unfinished.sorted", f"{unfinished}?sort=-due&sort=name"
    yield "unfinished.not_started", f"{unfinished}?standing=not_started"
    yield "unfinished.words", f"{unfinished}?q=山"
    yield "unfinished.last", f"{unfinished}?page=4000" if who == "office" else unfinished
    yield "progress.all", "/reports/progress?obligation=all"
    yield "progress.offering", f"/reports/progress/{offered.id}"
    if who == "office":
        yield "yearly", "/reports/yearly"


def _ask(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    response = client.get(path)
    took = 1000 * (time.perf_counter() - began)
    assert response.status_code == 200, f"{path}: {response.status}"
    return took


def _floor(database: Database) -> float:
    """Return how long the database needs to count who is under way, in ms."""
    count = sa.text("SELECT count(*) FROM enrolment WHERE state <> 'completed'")
    with database.engine.connect() as connection:
        began = time.perf_counter()
        connection.execute(count).scalar_one()
        return 1000 * (time.perf_counter() - began)
