"""Signing in, whole: locks, former passwords, second factors, purposes, operators, read-only."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = db.UtcDateTime(timezone=True)
TABLES = (
    "system_state",
    "operator",
    "purpose_confirmation",
    "purpose_statement",
    "recovery_code",
    "second_factor",
    "former_password",
    "account",
)


def _persons(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id_person")
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.Column("frozen_at", MOMENT, nullable=True),
        sa.Column("frozen_by", sa.Uuid(), nullable=True),
        _persons("account"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_account")),
    )
    op.execute(
        "INSERT INTO account (person_id, failures, locked_until) "
        "SELECT person_id, failures, locked_until FROM credential"
    )
    op.drop_column("credential", "failures")
    op.drop_column("credential", "locked_until")
    op.create_table(
        "former_password",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        _persons("former_password"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_password")),
    )
    op.create_index(op.f("ix_former_password_person_id"), "former_password", ["person_id"])
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("proposed", sa.String(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("set_up_at", MOMENT, nullable=True),
        _persons("second_factor"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _persons("recovery_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.create_table(
        "purpose_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("viewers", sa.String(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose_statement")),
        sa.UniqueConstraint("version", name=op.f("uq_purpose_statement_version")),
    )
    op.create_table(
        "purpose_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        _persons("purpose_confirmation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose_confirmation")),
        sa.UniqueConstraint(
            "person_id", "version", name=op.f("uq_purpose_confirmation_person_id_version")
        ),
    )
    op.create_table(
        "operator",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _persons("operator"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_operator")),
        sa.UniqueConstraint("number", name=op.f("uq_operator_number")),
    )
    op.create_table(
        "system_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_read_only", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("begun_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_state")),
    )
    op.bulk_insert(
        sa.table("system_state", sa.column("id"), sa.column("is_read_only", sa.Boolean())),
        [{"id": 1, "is_read_only": False}],
    )
    for column in (
        sa.Column("method", sa.String(), nullable=False, server_default="password"),
        sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("second_factor_at", MOMENT, nullable=True),
    ):
        op.add_column("sign_in", column)


def downgrade() -> None:
    # Not in a batch: SQLite would make the table anew, and rows refer to it.
    for column in ("second_factor_at", "is_shared", "method"):
        op.drop_column("sign_in", column)
    op.add_column(
        "credential", sa.Column("failures", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("credential", sa.Column("locked_until", MOMENT, nullable=True))
    op.execute(
        "UPDATE credential SET "
        "failures = coalesce((SELECT failures FROM account"
        " WHERE account.person_id = credential.person_id), 0), "
        "locked_until = (SELECT locked_until FROM account"
        " WHERE account.person_id = credential.person_id)"
    )
    for table in TABLES:
        op.drop_table(table)
