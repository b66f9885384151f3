"""Sessions made up for, and the office's word on who attended enough."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.add_column(sa.Column("make_up", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("make_up_item_id", sa.Uuid(), nullable=True))
        batch_op.create_index("ix_attendance_makes_up_id", ["makes_up_id"])
        batch_op.create_foreign_key(
            "fk_attendance_make_up_item_id_run_item", "run_item", ["make_up_item_id"], ["id"]
        )
    op.create_table(
        "attendance_override",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("is_enough", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_attendance_override_enrolment_id_enrolment"),
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_attendance_override")),
    )


def downgrade() -> None:
    op.drop_table("attendance_override")
    with op.batch_alter_table("attendance") as batch_op:
        batch_op.drop_constraint("fk_attendance_make_up_item_id_run_item", type_="foreignkey")
        batch_op.drop_index("ix_attendance_makes_up_id")
        batch_op.drop_column("make_up_item_id")
        batch_op.drop_column("make_up")
