"""The migrations make what the models say, from nothing and back, on both databases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app import factory
from app.kernel import schema
from app.kernel.audit.models import AuditHead
from app.kernel.db import Base, Database

assert factory  # imports every row of every wing


def tables(database: Database) -> set[str]:
    """Return the names of all tables."""
    return set(sa.inspect(database.engine).get_table_names())


def test_the_migrations_make_what_the_models_say(committed: Database) -> None:
    with committed.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    command.check(schema.configuration(committed))


def test_an_empty_database_is_brought_to_the_newest_revision(empty: Database) -> None:
    assert not schema.is_newest(empty)
    schema.upgrade(empty)
    assert schema.is_newest(empty)
    assert tables(empty) == {*Base.metadata.tables, "alembic_version"}
    with empty.reading() as session:
        head = session.get_one(AuditHead, 1)
        assert (head.seq, head.hash) == (0, "0" * 64)


def test_a_second_upgrade_changes_nothing(committed: Database) -> None:
    before = tables(committed)
    schema.upgrade(committed)
    assert tables(committed) == before


def test_every_revision_can_be_taken_back_and_applied_again(committed: Database) -> None:
    command.downgrade(schema.configuration(committed), "base")
    assert tables(committed) == {"alembic_version"}
    assert not schema.is_newest(committed)
    schema.upgrade(committed)
    assert tables(committed) == {*Base.metadata.tables, "alembic_version"}
