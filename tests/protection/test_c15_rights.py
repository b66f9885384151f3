"""C15: the role that the application connects as can add lines to the audit, and change none."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from app import factory
from app.kernel import clock, db, rights
from app.kernel.audit import service as audit
from app.kernel.audit import verification
from app.kernel.audit.models import AuditEvent, AuditHead
from app.kernel.db import Database
from app.kernel.installation import connect
from app.kernel.settings import Settings, SettingsError
from app.launcher import serve
from app.people.permission.models import Role
from tests import factories

pytestmark = [pytest.mark.postgres, pytest.mark.requirement("SEC-07")]

FORGED_GUARD = (
    "CREATE OR REPLACE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NEW; END $$"
)


@dataclass(frozen=True)
class Installation:
    """A database that belongs to one role, as the application connects to it with another."""

    settings: Settings
    database: Database


@contextmanager
def _roles(
    server: str, folder: Path, belongs_to: str = "owner"
) -> Iterator[tuple[Settings, Database]]:
    """Make both roles and a database; yield the settings, and the database as `postgres`."""
    mark = uuid.uuid4().hex[:12]
    owner, user, name = f"Owner-{mark}", f"user_{mark}", f"own_{mark}"
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (
            f'CREATE ROLE "{owner}" LOGIN',
            f"CREATE ROLE {user} LOGIN",
            f'CREATE DATABASE {name} OWNER "{owner if belongs_to == "owner" else user}"',
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        ):
            connection.execute(sa.text(statement))
    engine.dispose()
    place = url.set(database=name)
    settings = Settings(
        instance=folder / "instance",
        secret_key="only for tests",
        database_url=place.set(username=user).render_as_string(hide_password=False),
        owner_database_url=place.set(username=owner).render_as_string(hide_password=False),
    )
    as_postgres = db.connect(place.render_as_string(hide_password=False))
    yield settings, as_postgres
    as_postgres.engine.dispose()


@contextmanager
def _installed(server: str, folder: Path) -> Iterator[Installation]:
    """Make an installation and migrate it as an operator would."""
    with _roles(server, folder) as (settings, _):
        serve.migrate(settings)
        database = connect(settings)
        yield Installation(settings, database)
        database.engine.dispose()


@pytest.fixture(scope="module")
def install(
    postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Installation]]:
    """Makes a new installation."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(_installed(postgres, tmp_path_factory.mktemp("two")))


@pytest.fixture(scope="module")
def installation(install: Callable[[], Installation]) -> Installation:
    """One that these tests share: each adds lines of its own."""
    return install()


@pytest.fixture
def used(installation: Installation) -> Database:
    """Its database, as the application sees it."""
    return installation.database


def _line(database: Database) -> uuid.UUID:
    """Add a line about somebody, and return whom."""
    who = uuid.uuid4()
    details = {"name": ["", "架空 花子"], "people": [str(who)]}
    with database.unit_of_work() as session:
        subject = ("person", who)
        audit.record(session, "x", by=None, now=clock.now(), subject=subject, details=details)
    return who


def _do(database: Database, statement: sa.Executable) -> None:
    with database.engine.begin() as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'y'",
        "UPDATE audit_event SET details = NULL, salt = NULL",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "ALTER TABLE audit_event DROP COLUMN action",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_event_guard ON audit_event",
        "DROP TABLE audit_event",
        FORGED_GUARD,
        "CREATE TABLE own (id integer)",
        "UPDATE audit_head SET first_seq = 9",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head VALUES (2, 0, '', 1, '')",
        "UPDATE audit_person SET seq = 9",
        "DELETE FROM audit_person",
        "TRUNCATE audit_person",
        "UPDATE alembic_version SET version_num = '0001'",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_can_change_no_line_and_no_guard(used: Database, statement: str) -> None:
    _line(used)
    with used.reading() as session:
        before = verification.verify(session)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        _do(used, sa.text(statement))
    with used.reading() as session:
        assert verification.verify(session) == before


def test_the_application_adds_lines_and_has_what_they_tell_forgotten(used: Database) -> None:
    who = _line(used)
    with used.unit_of_work() as session:
        assert audit.forget(session, "person", who, by=None, now=clock.now()) == 1
    with used.reading() as session:
        lines = sa.select(AuditEvent.details).where(AuditEvent.subject_id == who)
        assert session.scalars(lines.order_by(AuditEvent.seq)).all() == [None, {"count": 1}]
        assert verification.first_broken(session) is None


def test_the_functions_do_nothing_that_is_not_told(used: Database) -> None:
    who = _line(used)
    for call in (sa.func.audit_forget("person", who), sa.func.audit_expire(1000)):
        with pytest.raises(sa.exc.DBAPIError, match=r"append-only|for a year at least"):
            _do(used, sa.select(call))


def test_the_application_has_old_lines_dropped_and_no_others(
    install: Callable[[], Installation],
) -> None:
    now, used = clock.now(), install().database
    with used.unit_of_work() as session:
        for age in (5 * 366, 4 * 366, 400, 0):
            moment, subject = now - timedelta(days=age), ("person", None)
            audit.record(session, "x", by=None, now=moment, subject=subject)
    with used.unit_of_work() as session:
        assert audit.expire(session, now, 3) == 2
    with used.reading() as session:
        assert session.get_one(AuditHead, 1).first_seq == 3
        assert verification.verify(session).lines == 3
        assert verification.first_broken(session) is None


def test_the_pages_of_the_office_work_under_that_role(installation: Installation) -> None:
    used = installation.database
    app = factory.create_app(replace(installation.settings, owner_database_url=""), used)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    with used.unit_of_work() as session:
        who = factories.person(session, roles=tuple(r for r in Role if r != Role.LEARNER))
        factories.enter(client, session, who)
        run = factories.run(session)
        factories.enrol(session, run, who)
    for path in ("/", "/staff", f"/staff/{who.id}", f"/runs/{run.id}", f"/reports/runs/{run.id}"):
        assert client.get(path).status_code == 200, path
    assert client.post(f"/runs/{run.id}/end").status_code == 303
    assert client.post("/sign-out").status_code == 303
    with used.reading() as session:
        assert verification.first_broken(session) is None


def test_a_second_migration_changes_nothing(installation: Installation) -> None:
    serve.migrate(installation.settings)
    _line(installation.database)
    with pytest.raises(ProgrammingError, match="permission denied"):
        _do(installation.database, sa.text("DELETE FROM audit_event"))


def test_an_installation_with_one_role_becomes_one_with_two(postgres: str, tmp_path: Path) -> None:
    with _roles(postgres, tmp_path, belongs_to="user") as (settings, as_postgres):
        serve.migrate(replace(settings, owner_database_url=""))
        owner, user = (
            sa.make_url(address).username
            for address in (settings.owner_database_url, settings.database_url)
        )
        _do(as_postgres, sa.text(f'REASSIGN OWNED BY "{user}" TO "{owner}"'))
        serve.migrate(settings)
        database = connect(settings)
        _line(database)
        with pytest.raises(ProgrammingError, match="permission denied"):
            _do(database, sa.text("DELETE FROM audit_event"))
        database.engine.dispose()


def test_the_role_is_asked_for_where_the_address_names_none(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sa.make_url(postgres)
    monkeypatch.setenv("PGUSER", url.username or "")
    database = db.connect(url.set(username=None).render_as_string(hide_password=False))
    assert rights.role_of(database) == url.username
    database.engine.dispose()


def test_an_owner_needs_postgresql(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="OWNER_DATABASE_URL"):
        Settings(instance=tmp_path, owner_database_url="postgresql:///kenshu")


def test_the_served_processes_do_not_know_the_owner(installation: Installation) -> None:
    known = Settings.from_environment(serve.environment(installation.settings))
    assert known == replace(installation.settings, owner_database_url="")
