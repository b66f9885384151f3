"""Alembic's environment: brings the database that the settings name to the newest revision."""

import sqlalchemy as sa
from alembic import context

from app.kernel.db import Base, Database

database: Database = context.config.attributes["database"]


def keep_references(connection: sa.Connection, word: str) -> None:
    """Have SQLite watch over foreign keys or not; heard between two transactions only."""
    connection.connection.driver_connection.execute(f"PRAGMA foreign_keys={word}")


with database.engine.connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # A table that others refer to is changed by making it anew (sqlite.org/lang_altertable).
        keep_references(connection, "OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=is_sqlite,
        user_module_prefix="db.",
    )
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite and (dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"a migration left {len(dangling)} references that lead nowhere")
    connection.commit()
    if is_sqlite:
        keep_references(connection, "ON")
