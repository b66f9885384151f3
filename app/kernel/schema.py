"""The schema's revisions: bring a database to the newest, and say where it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.kernel.db import Database

FOLDER = Path(__file__).parents[2] / "migrations"


def configuration(database: Database) -> Config:
    """Return Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["database"] = database
    return config


def upgrade(database: Database) -> None:
    """Bring a database to the newest revision; nothing happens where it is there already."""
    command.upgrade(configuration(database), "head")


def is_newest(database: Database) -> bool:
    """Whether a database is at the newest revision."""
    head = ScriptDirectory.from_config(configuration(database)).get_current_head()
    return revision(database) == head


def revision(database: Database) -> str | None:
    """Return the revision that a database is at; None for one without any."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
