"""`kenshu revision`: the next migration, numbered, and named in `migrations/HEAD`.

Where two branches have one number, they collide there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from alembic import command
from alembic.script import Script

from app import factory  # noqa: F401 - imports every row of every wing
from app.cli.installation import opened
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


@click.command()
@click.option("-m", "--message", required=True, help="What changes, as a sentence.")
def revision(message: str) -> None:
    """Write the next migration from what the code has more than the database (for developers)."""
    with opened() as database:
        for path in write(database, message):
            click.echo(path)
