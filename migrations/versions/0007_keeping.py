"""What is kept for how long: periods, holds, erasures, bundles for disclosure."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("disclosure", "erasure_line", "erasure", "retention_hold", "retention_period")


def upgrade() -> None:
    op.create_table(
        "retention_period",
        sa.Column("record_class", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_period")),
    )
    op.create_index(op.f("ix_retention_period_record_class"), "retention_period", ["record_class"])
    op.create_table(
        "retention_hold",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_retention_hold_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_hold")),
    )
    op.create_index(op.f("ix_retention_hold_person_id"), "retention_hold", ["person_id"])
    op.create_table(
        "erasure",
        sa.Column("record_class", sa.String(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counts", db.Json, nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("certificate", db.Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    _make_lines_and_bundles()


def _make_lines_and_bundles() -> None:
    op.create_table(
        "erasure_line",
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("oldest_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure.id"], name=op.f("fk_erasure_line_erasure_id_erasure")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_erasure_line_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_line")),
        sa.UniqueConstraint(
            "erasure_id", "person_id", name=op.f("uq_erasure_line_erasure_id_person_id")
        ),
    )
    op.create_index(op.f("ix_erasure_line_person_id"), "erasure_line", ["person_id"])
    op.create_table(
        "disclosure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("fetched_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_disclosure_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_person_id"), "disclosure", ["person_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
