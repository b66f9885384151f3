"""Alembic's environment: brings the database that the settings name to the newest revision."""

from alembic import context

from app import factory  # noqa: F401 - imports every row of every wing
from app.kernel.db import Base, Database

database: Database = context.config.attributes["database"]

with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        user_module_prefix="db.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
