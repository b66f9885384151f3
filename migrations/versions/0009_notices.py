"""Notices with words of the office's own, events, and what became of their mails."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = db.UtcDateTime(timezone=True)
NOT_ARRIVED = sa.text("mail_error IS NOT NULL")
IS_MAIL = sa.text("kind = 'mail'")


def upgrade() -> None:
    op.create_table(
        "notice_template",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_template")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_notice_template_kind_version")),
    )
    for column in (
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("events", db.Json, nullable=True),
        sa.Column("mail", sa.String(), nullable=True),
        sa.Column("mail_at", MOMENT, nullable=True),
        sa.Column("mail_error", sa.String(), nullable=True),
    ):
        op.add_column("notice", column)
    op.create_index(
        "ix_notice_not_arrived",
        "notice",
        ["mail_at"],
        sqlite_where=NOT_ARRIVED,
        postgresql_where=NOT_ARRIVED,
    )
    op.add_column("outbox", sa.Column("begun_at", MOMENT, nullable=True))
    op.create_index(
        "ix_outbox_mail_begun",
        "outbox",
        ["begun_at"],
        sqlite_where=IS_MAIL,
        postgresql_where=IS_MAIL,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_mail_begun", "outbox")
    op.drop_column("outbox", "begun_at")
    op.drop_index("ix_notice_not_arrived", "notice")
    for column in ("mail_error", "mail_at", "mail", "events", "version"):
        op.drop_column("notice", column)
    op.drop_table("notice_template")
