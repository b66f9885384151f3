"""What the record store was told of attempts, and what has turned in them since."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempt_told",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("next_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("turns", db.Json, nullable=False),
        sa.Column("told", db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_told_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt_told")),
    )
    op.create_index(
        "ix_attempt_told_waiting",
        "attempt_told",
        ["next_at"],
        postgresql_where=sa.text("next_at IS NOT NULL"),
        sqlite_where=sa.text("next_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("attempt_told")
