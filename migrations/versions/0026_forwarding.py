"""Other record stores that statements are forwarded to, and what waits for each."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_AT = db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "xapi_forward",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("wanted_since", _AT, nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", _AT, nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", _AT, nullable=True),
        sa.Column("next_at", _AT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", _AT, nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_forward")),
    )
    op.create_table(
        "xapi_forward_rule",
        sa.Column("forward_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("iri", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forward_id"],
            ["xapi_forward.id"],
            name=op.f("fk_xapi_forward_rule_forward_id_xapi_forward"),
        ),
        sa.PrimaryKeyConstraint("forward_id", "kind", "term", name=op.f("pk_xapi_forward_rule")),
    )
    op.create_table(
        "xapi_outgoing",
        sa.Column("forward_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("refused_at", _AT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["forward_id"],
            ["xapi_forward.id"],
            name=op.f("fk_xapi_outgoing_forward_id_xapi_forward"),
        ),
        sa.PrimaryKeyConstraint("forward_id", "seq", name=op.f("pk_xapi_outgoing")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("xapi_outgoing")
    op.drop_table("xapi_forward_rule")
    op.drop_table("xapi_forward")
