"""What the sequencer needs: shared values, steps, traces, and how a course is played."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("document", db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_shared_value_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_value")),
    )
    op.create_index(op.f("ix_shared_value_person_id"), "shared_value", ["person_id"])
    op.create_table(
        "trace_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("lines", db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_trace_lines_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace_lines")),
    )
    op.create_index(op.f("ix_trace_lines_attempt_id"), "trace_lines", ["attempt_id"])
    for table, column in (
        ("attempt", sa.Column("step", sa.Integer(), nullable=False, server_default="0")),
        (
            "attempt",
            sa.Column("is_traced", sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
        ("material", sa.Column("play", db.Json, nullable=False, server_default="{}")),
        (
            "material_version",
            sa.Column("starts_anew", sa.Boolean(), nullable=False, server_default=sa.false()),
        ),
    ):
        op.add_column(table, column)


def downgrade() -> None:
    op.drop_table("trace_lines")
    op.drop_table("shared_value")
    # Not in a batch: SQLite would make the table anew, and rows refer to it.
    for table, column in (
        ("material_version", "starts_anew"),
        ("material", "play"),
        ("attempt", "is_traced"),
        ("attempt", "step"),
    ):
        op.drop_column(table, column)
