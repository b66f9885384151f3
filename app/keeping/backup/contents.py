"""What a backup is made of: the database of one moment, the files, and a list that counts both."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.keeping.transfer import form
from app.keeping.transfer.form import Fault
from app.kernel import db
from app.kernel.db import Base, Database
from app.kernel.settings import Settings

#: Name of the list, which comes last.
LIST: Final = "backup.json"
#: Name of the database in a backup, by its kind.
DATABASES: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


@contextmanager
def copied(database: Database, settings: Settings, path: Path) -> Iterator[dict[str, int]]:
    """Write the database of one moment to `path`; yield how many rows each table has then."""
    if database.engine.dialect.name == "sqlite":
        _copy_sqlite(database, path)
        with opened_copy(path) as copy:
            yield counts(copy)
    else:
        with database.engine.connect() as connection:
            seen = connection.execution_options(isolation_level="REPEATABLE READ")
            snapshot = seen.scalar(sa.text("SELECT pg_export_snapshot()"))
            found = _count(seen)
            tool(
                settings, database, "pg_dump", "--format=custom", "--no-owner",
                f"--snapshot={snapshot}", f"--file={path}",
            )  # fmt: skip
        yield found


def _copy_sqlite(database: Database, path: Path) -> None:
    """Copy page by page, while others read and write (sqlite.org/backup.html)."""
    with database.engine.connect() as connection:
        source = connection.connection.driver_connection
        target = sqlite3.connect(path)
        assert source is not None  # it is connected
        try:
            source.backup(target)
        finally:
            target.close()


@contextmanager
def opened_copy(path: Path) -> Iterator[Database]:
    """Yield the database of a file."""
    copy = db.connect(f"sqlite:///{path}")
    try:
        yield copy
    finally:
        copy.engine.dispose()


def counts(database: Database) -> dict[str, int]:
    """Return how many rows each table has."""
    with database.engine.connect() as connection:
        return _count(connection)


def _count(connection: sa.Connection) -> dict[str, int]:
    return {
        table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield every file that is kept besides, under its name in the backup."""
    for name, kept in form.folders(settings).items():
        for path in kept.files():
            yield f"files/{name}/{path.relative_to(kept.folder).as_posix()}", path
    key = settings.instance / "secret.key"
    if key.is_file():
        yield "files/instance/secret.key", key


def place(settings: Settings, name: str) -> Path:
    """Return where a file of a backup belongs."""
    _, kind, rest = name.split("/", 2)
    kept = form.folders(settings).get(kind)
    return (kept.folder if kept else settings.instance) / rest


def tool(settings: Settings, database: Database, name: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on a database; raises Fault where it cannot be done.

    The address goes by the environment: a password among the arguments could be read by others.
    """
    found = shutil.which(name, path=settings.postgresql_tools or None)
    if found is None:
        raise Fault(f"{name} is not there: install postgresql-client of the server's version")
    url = database.engine.url.set(drivername="postgresql")
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    bare = sa.URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    address = bare.render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - a program that the operator has installed
        [found, f"--dbname={address}", *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Fault(f"{name} has failed: {done.stderr.strip()}")
