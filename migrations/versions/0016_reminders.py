"""When the people of an offering are reminded, and the keys by which calendars subscribe."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column("offering", sa.Column("reminders", db.Json, nullable=False, server_default="{}"))
    op.create_table(
        "calendar_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_key")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_key_person_id_person")
        ),
        sa.UniqueConstraint("key_hash", name=op.f("uq_calendar_key_key_hash")),
    )


def downgrade() -> None:
    op.drop_table("calendar_key")
    op.drop_column("offering", "reminders")
