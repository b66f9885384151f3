"""How a run has its videos watched, where that differs from the videos."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("run_item") as batch_op:
        batch_op.add_column(sa.Column("watching", db.Json, nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("run_item") as batch_op:
        batch_op.drop_column("watching")
