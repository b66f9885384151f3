"""Databases of a test's own, for what a savepoint cannot show: locks, commits, and the schema."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.kernel import db
from app.kernel.db import Database


@contextmanager
def database(
    request: pytest.FixtureRequest, folder: Path, nudge: Callable[..., None] | None = None
) -> Iterator[Database]:
    """Yield an empty database of the kind that `request.param` names: sqlite or postgres."""
    if request.param == "sqlite":
        address = f"sqlite:///{folder / 'own.sqlite3'}"
    else:
        address = _create(request.getfixturevalue("postgres"))
    made = db.connect(address, nudge)
    yield made
    made.engine.dispose()


def _create(server: str) -> str:
    """Create a database on the server, which goes with it, and return its address."""
    name = f"own_{uuid.uuid4().hex}"
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
