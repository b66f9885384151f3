"""The migrations make what the models say, from nothing and back, on both databases."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app import factory
from app.content.materials.models import Material, Version
from app.kernel import schema
from app.kernel.audit.models import AuditHead
from app.kernel.db import Base, Database
from app.learning.attempts.service import Message
from app.learning.records.models import Attempt
from app.people.accounts.models import Account
from app.people.sign_in.models import Credential
from tests import factories
from tests.learning import made as learning

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


def test_rows_of_the_first_revision_are_brought_along_and_taken_back_whole(
    committed: Database, now: datetime
) -> None:
    with committed.unit_of_work() as session:
        version = learning.version(session)
        version.starts_anew = True
        sitting = learning.launched(session, version, now, is_preview=True)
        sitting.go()
        sitting.commit(Message(1, "A", [], finished=False, calls=[["LMSFinish", "", "", "", "0"]]))
        attempt_id = sitting.attempt.id
    configuration = schema.configuration(committed)
    command.downgrade(configuration, "0001")
    assert not tables(committed) & {"shared_value", "trace_lines"}
    with committed.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM attempt")) == 1
    schema.upgrade(committed)
    with committed.reading() as session:
        attempt = session.get_one(Attempt, attempt_id)
        assert (attempt.step, attempt.is_traced, attempt.sequence) == (0, False, 1)
        version = session.get_one(Version, attempt.version_id)
        assert version.starts_anew is False
        assert session.get_one(Material, version.material_id).play == {}


def test_a_lock_goes_from_the_password_to_the_account_and_back(
    committed: Database, now: datetime
) -> None:
    configuration = schema.configuration(committed)
    with committed.unit_of_work() as session:
        who = factories.person(session)
        session.add(
            Credential(person_id=who.id, password_hash="-", must_change=True, changed_at=now)
        )
        session.add(Account(person_id=who.id, failures=3, locked_until=now))
        key = who.id
    command.downgrade(configuration, "0002")
    with committed.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT failures FROM credential")) == 3
    schema.upgrade(committed)
    with committed.reading() as session:
        row = session.get_one(Account, key)
        assert (row.failures, row.locked_until, row.frozen_at) == (3, now, None)
