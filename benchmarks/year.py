"""A ward's whole year: what every one of 10,000 people has of 50 trainings, with the records."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo import crowd
from app.demo.staff import TITLES
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import Database, new_id
from app.kernel.settings import Settings
from app.people.permission.models import Role, RoleGrant
from app.people.purposes import service as purposes
from app.people.register.models import ExclusionPeriod, Person, Title
from app.training.offerings import service as offerings
from app.training.offerings.models import Obligation
from app.training.plans.models import Run, RunItem, Training
from benchmarks import load

PEOPLE, TRAININGS = 10_000, 50
#: So many of them are over.
OVER = 20
#: Days that each lasts.
DAYS = 40

#: A key as the database writes one itself.
_KEYS = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
#: A moment so many hours after the first day of a run.
_LATER = {
    "postgresql": "CAST(r.learn_from AS timestamp) AT TIME ZONE 'UTC' + ({0}) * interval '1 hour'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', r.learn_from, ({0}) || ' hours')",
}
#: Of a thousand, which one a person is in a run: the same each time, and spread over all sections.
_DRAW = "((CAST(n.number AS integer) * 7919 + t.place * 104729) % 1000)"
_ENROLMENTS = """
    INSERT INTO enrolment (id, run_id, person_id, state, section_id, title_id, decided_at)
    SELECT {key}, t.run_id, a.person_id,
        CASE
            WHEN {draw} < t.share THEN 'completed'
            WHEN {draw} >= 990 THEN 'exempted'
            WHEN t.is_over = 1 THEN 'awaiting'
            WHEN {draw} < t.share + (990 - t.share) / 4 THEN 'in_progress'
            ELSE 'ordered'
        END,
        a.section_id, a.title_id, :now
    FROM bench_run t CROSS JOIN appointment a
    JOIN staff_number n ON n.person_id = a.person_id
"""
_ASSIGNMENTS = """
    INSERT INTO assignment (id, enrolment_id, run_item_id)
    SELECT {key}, e.id, i.id FROM enrolment e JOIN run_item i ON i.run_id = e.run_id
"""
_RECORDS = """
    INSERT INTO learner_record
        (id, person_id, material_id, assignment_id, status, score, progress, seconds,
         started_at, completed_at, last_at)
    SELECT {key}, e.person_id, i.material_id, s.id,
        CASE WHEN e.state = 'completed' THEN 'passed' ELSE 'in_progress' END,
        80.0, 0.5, 600.0 + {draw}, {started},
        CASE WHEN e.state = 'completed' THEN {completed} END, {completed}
    FROM enrolment e
    JOIN bench_run t ON t.run_id = e.run_id
    JOIN run r ON r.id = e.run_id
    JOIN assignment s ON s.enrolment_id = e.id
    JOIN run_item i ON i.id = s.run_item_id
    JOIN staff_number n ON n.person_id = e.person_id
    WHERE e.state IN ('completed', 'in_progress')
        OR (e.state = 'awaiting' AND {draw} % 4 = 0)
"""


def fill(settings: Settings, database: Database, now: datetime) -> tuple[uuid.UUID, uuid.UUID]:
    """Fill an empty installation with the year; return a person of the office and a head."""
    with database.unit_of_work() as session:
        session.add_all(Title(name=name, rank_order=rank) for name, _, rank, _ in TITLES)
        session.flush()
        people = crowd.add(session, PEOPLE)
        office = people[-1]
        session.add(RoleGrant(person_id=office, role=Role.OFFICE, valid_from=date(2020, 4, 1)))
        material = load.material(session, settings, session.get_one(Person, office), now)
        session.add_all(
            ExclusionPeriod(person_id=key, valid_from=date(2020, 4, 1)) for key in people[50::100]
        )
        runs = [_run(session, place, material.material_id, now) for place in range(TRAININGS)]
        _multiply(session, runs, now)
        for who in (office, people[1]):
            purposes.confirm(session, 0, by=Actor(person_id=who), now=now)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "ANALYZE" if database.engine.name == "sqlite" else "VACUUM ANALYZE"
        )
    return office, people[1]


def _run(session: Session, place: int, material_id: uuid.UUID, now: datetime) -> dict[str, object]:
    """Plan a training with its one run: some are over, the others end one after another."""
    today, is_over = clock.today(now), place < OVER
    days = DAYS + 2 * place if is_over else DAYS - (place - OVER)
    begins = today - timedelta(days=days)
    training = Training(id=new_id(), code=f"Y-{place:02}", title=f"研修 {place:02}", created_at=now)
    session.add(training)
    session.flush()
    year = clock.fiscal_year(today)
    offering = offerings.of_year(session, training.id, year, now)
    offering.obligation = Obligation.MANDATORY if place % 2 else Obligation.NAMED
    run = Run(
        offering_id=offering.id,
        number=1,
        state="ended" if is_over else "open",
        learn_from=begins,
        learn_until=begins + timedelta(days=DAYS - 1 if is_over else DAYS + 5),
        minutes=30,
        created_at=now,
    )
    session.add(run)
    session.flush()
    session.add(RunItem(run_id=run.id, material_id=material_id, position=1))
    share = 900 if is_over else 800 - 10 * place
    begun = {"days": min(days, DAYS) - 1, "is_over": int(is_over)}
    return {"run_id": run.id, "place": place, "share": share, **begun}


def _multiply(session: Session, runs: list[dict[str, object]], now: datetime) -> None:
    """Have everybody be enrolled in all of them, by a few statements of the database's own."""
    table = sa.Table(
        "bench_run",
        sa.MetaData(),
        sa.Column("run_id", sa.Uuid(), primary_key=True),
        *(sa.Column(name, sa.Integer()) for name in ("place", "share", "days", "is_over")),
    )
    connection = session.connection()
    session.flush()
    table.create(connection)
    connection.execute(table.insert(), runs)
    kind = connection.dialect.name
    later = _LATER[kind]
    words = {
        "key": _KEYS[kind],
        "draw": _DRAW,
        "started": later.format("12"),
        "completed": later.format(f"13 + 24 * ({_DRAW} % t.days)"),
    }
    bound = sa.bindparam("now", now, type_=type_of_moments())
    connection.execute(sa.text(_ENROLMENTS.format(**words)).bindparams(bound))
    for text in (_ASSIGNMENTS, _RECORDS):
        connection.execute(sa.text(text.format(**words)))
    table.drop(connection)


def type_of_moments() -> sa.types.TypeEngine[datetime]:
    """Return the type by which moments are written."""
    return Run.__table__.c.created_at.type
