"""Whether something of an attempt came after the time to learn was over."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("late_at", db.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("attempt", "late_at")
