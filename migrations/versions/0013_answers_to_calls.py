"""What sections answer to a call, and as which role somebody said a word."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0013"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "section_answer",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_section_answer_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_answer_section_id_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_answer")),
        sa.UniqueConstraint(
            "offering_id", "section_id", name=op.f("uq_section_answer_offering_id_section_id")
        ),
    )
    op.create_index(op.f("ix_section_answer_section_id"), "section_answer", ["section_id"])
    with op.batch_alter_table("approval_step") as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("approval_step") as batch_op:
        batch_op.drop_column("role")
    op.drop_table("section_answer")
