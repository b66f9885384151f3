"""Plain statements give what SQLAlchemy gives, and fail as it fails."""

from __future__ import annotations

import uuid
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.db import Database, new_id
from app.kernel.jobs import Job
from app.kernel.plain import Plain
from app.people.sections.models import Section
from tests.conftest import NOW

JOB = cast("sa.Table", Job.__table__)
ADD = Plain(sa.insert(Section))
NAMED = Plain(
    sa.select(Job.id, Job.name, Job.arguments, Job.created_by, Job.created_at).where(
        Job.id == sa.bindparam("job"), Job.name == "import_package", Job.ended_at.is_(None)
    )
)
ENDED = Plain(
    sa.update(JOB)
    .where(JOB.c.id == sa.bindparam("job"), JOB.c.created_at <= sa.bindparam("now"))
    .values(ended_at=sa.bindparam("now"))
    .returning(JOB.c.id, JOB.c.ended_at)
)


@pytest.fixture
def job(session: Session) -> Job:
    row = Job(name="import_package", arguments={"名": [1, None]}, created_at=NOW)
    session.add(row)
    session.flush()
    return row


def test_values_come_back_as_they_are_and_as_mapped_rows_have_them(
    session: Session, job: Job
) -> None:
    assert NAMED.one(session, job=job.id) == (job.id, job.name, {"名": [1, None]}, None, NOW)
    assert NAMED.one(session, job=uuid.uuid4()) is None
    assert NAMED.rows(session, job=uuid.uuid4()) == []


def test_what_is_changed_is_given_back(session: Session, job: Job) -> None:
    assert ENDED.one(session, job=job.id, now=NOW) == (job.id, NOW)
    assert NAMED.one(session, job=job.id) is None
    session.refresh(job)
    assert job.ended_at == NOW


def test_it_is_part_of_its_unit_of_work(committed: Database) -> None:
    row = {"id": new_id(), "code": "9902", "valid_from": NOW.date(), "valid_to": None}
    with committed.unit_of_work() as session:
        assert ADD.rows(session, **row) == []
        session.rollback()
    with committed.unit_of_work() as session:
        assert session.get(Section, row["id"]) is None
        ADD.rows(session, **row)
    with committed.reading() as session:
        assert session.get_one(Section, row["id"]).code == "9902"


def test_a_mistake_is_told_as_sqlalchemy_tells_it(session: Session) -> None:
    row = {"id": new_id(), "code": "9902", "valid_from": NOW.date(), "valid_to": None}
    ADD.rows(session, **row)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        ADD.rows(session, **row)


@pytest.mark.postgres
def test_a_line_that_is_lost_is_replaced(postgres: str) -> None:
    engine = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    database, asking = Database(engine), Plain(sa.select(sa.func.pg_backend_pid()))
    with database.reading() as session, engine.connect() as other:
        found = asking.one(session)
        assert found is not None
        other.execute(sa.select(sa.func.pg_terminate_backend(found[0])))
        with pytest.raises(sa.exc.OperationalError) as told:
            asking.one(session)
        assert told.value.connection_invalidated
        session.rollback()
        assert asking.one(session) != found
    engine.dispose()
