"""Databases of a test's own, for what a savepoint cannot show: locks, commits, and the schema."""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.kernel import db, schema
from app.kernel.db import Database

FILE = "own.sqlite3"


@contextmanager
def database(
    request: pytest.FixtureRequest, folder: Path, nudge: Callable[..., None] | None = None
) -> Iterator[Database]:
    """Yield an empty database of the kind that `request.param` names: sqlite or postgres."""
    if request.param == "sqlite":
        address = _file(folder)
    else:
        address = _create(request.getfixturevalue("postgres"))
    with _connected(address, nudge) as made:
        yield made


@contextmanager
def migrated(
    request: pytest.FixtureRequest, folder: Path, nudge: Callable[..., None] | None = None
) -> Iterator[Database]:
    """Yield one of that kind with the newest schema and nothing in it.

    The migrations run once in a process; what they made is copied, as they take a second.
    """
    if request.param == "sqlite":
        address = _file(folder)
        (folder / FILE).write_bytes(_migrated_file())
    else:
        server = request.getfixturevalue("postgres")
        address = _create(server, _migrated_database(server))
    with _connected(address, nudge) as made:
        yield made


@contextmanager
def _connected(address: str, nudge: Callable[..., None] | None) -> Iterator[Database]:
    made = db.connect(address, nudge)
    yield made
    made.engine.dispose()


def _file(folder: Path) -> str:
    return f"sqlite:///{folder / FILE}"


@cache
def _migrated_file() -> bytes:
    """Return the bytes of a migrated SQLite database."""
    with tempfile.TemporaryDirectory() as name, _connected(_file(Path(name)), None) as made:
        schema.upgrade(made)
        with closing(sqlite3.connect(Path(name) / FILE)) as connection:
            return connection.serialize()


@cache
def _migrated_database(server: str) -> str:
    """Return the name of a migrated database on the server."""
    address = _create(server)
    with _connected(address, None) as made:
        schema.upgrade(made)
    return str(sa.make_url(address).database)


def _create(server: str, template: str = "template1") -> str:
    """Create a database on the server, which goes with it, and return its address."""
    name = f"own_{uuid.uuid4().hex}"
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
