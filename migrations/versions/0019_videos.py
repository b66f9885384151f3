"""Films, and how their conversion goes."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "video",
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("source", db.Json, nullable=False),
        sa.Column("plan", db.Json, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("edition", db.Json, nullable=False),
        sa.Column("failure", db.Json, nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("is_published_when_ready", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ready_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["material_version.id"],
            name=op.f("fk_video_version_id_material_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video")),
    )
    with op.batch_alter_table("video") as batch_op:
        batch_op.create_index(batch_op.f("ix_video_version_id"), ["version_id"], unique=False)
    op.create_table(
        "video_part",
        sa.Column("video_id", sa.Uuid(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("result", db.Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["video_id"], ["video.id"], name=op.f("fk_video_part_video_id_video")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_part")),
        sa.UniqueConstraint(
            "video_id", "run", "number", name=op.f("uq_video_part_video_id_run_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("video_part")
    op.drop_table("video")
