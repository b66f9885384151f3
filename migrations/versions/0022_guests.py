"""Who learns may be a guest: of a portal, of whom nothing but a key is known."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OWNED = ("learner_record", "attempt", "shared_value")


def upgrade() -> None:
    for table in OWNED:
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
            batch_op.add_column(sa.Column("guest_id", sa.Uuid(), nullable=True))
            batch_op.create_index(f"ix_{table}_guest_id", ["guest_id"])
            batch_op.create_check_constraint(
                "one_owner", "(person_id IS NULL) <> (guest_id IS NULL)"
            )


def downgrade() -> None:
    for table in reversed(OWNED):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint("one_owner", type_="check")
            batch_op.drop_index(f"ix_{table}_guest_id")
            batch_op.drop_column("guest_id")
            batch_op.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
