"""The record store of the Experience API: statements, documents, and who speaks to it."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "xapi_statement",
        sa.Column("seq", _COUNTED, sa.Identity(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stored_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("is_voiding", sa.Boolean(), nullable=False),
        sa.Column("is_voided", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_xapi_statement")),
        sa.UniqueConstraint("id", name=op.f("uq_xapi_statement_id")),
    )
    op.create_index(op.f("ix_xapi_statement_stored_at"), "xapi_statement", ["stored_at"])
    op.create_index(
        "ix_xapi_statement_target_id",
        "xapi_statement",
        ["target_id"],
        postgresql_where=sa.text("target_id IS NOT NULL"),
        sqlite_where=sa.text("target_id IS NOT NULL"),
    )
    op.create_table(
        "xapi_term",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("term", "seq", name=op.f("pk_xapi_term")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "xapi_activity",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("iri", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_xapi_activity")),
    )
    op.create_table(
        "xapi_attachment",
        sa.Column("sha2", sa.String(128), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha2", name=op.f("pk_xapi_attachment")),
    )
    op.create_table(
        "xapi_document",
        sa.Column("about", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("registration", sa.String(36), nullable=False),
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "about", "registration", "name_hash", name=op.f("pk_xapi_document")
        ),
    )
    op.create_table(
        "xapi_client",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("scopes", db.Json, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_client")),
        sa.UniqueConstraint("key", name=op.f("uq_xapi_client_key")),
    )


def downgrade() -> None:
    op.drop_table("xapi_client")
    op.drop_table("xapi_document")
    op.drop_table("xapi_attachment")
    op.drop_table("xapi_activity")
    op.drop_table("xapi_term")
    op.drop_table("xapi_statement")
