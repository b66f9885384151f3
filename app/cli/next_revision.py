"""The next migration: numbered, and named in `migrations/HEAD`, where two branches collide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.script import Script

from app.kernel import schema
from app.kernel.db import Database

HEAD = schema.FOLDER / "HEAD"


def write(database: Database, message: str) -> Iterator[Path]:
    """Write the migration from a database at the newest revision to what the code says.

    Yields the files written: the migration, to be read and mended by hand, and the head.
    """
    number = int(HEAD.read_text()) + 1
    made = command.revision(
        schema.configuration(database), message, autogenerate=True, rev_id=f"{number:04}"
    )
    if not isinstance(made, Script):
        raise TypeError("one migration was asked for")
    HEAD.write_text(f"{made.revision}\n")
    yield Path(made.path)
    yield HEAD
