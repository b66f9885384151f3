"""Sessions of content that speaks to the record store, and learners of other systems."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_AT = db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "xapi_session",
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("fetch_hash", sa.String(64), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=True),
        sa.Column("said", db.Json, nullable=False),
        sa.Column("launched_at", _AT, nullable=False),
        sa.Column("initialized_at", _AT, nullable=True),
        sa.Column("last_at", _AT, nullable=True),
        sa.Column("until_at", _AT, nullable=True),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("ending", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_xapi_session_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xapi_session")),
        sa.UniqueConstraint("fetch_hash", name=op.f("uq_xapi_session_fetch_hash")),
    )
    op.create_index(op.f("ix_xapi_session_attempt_id"), "xapi_session", ["attempt_id"])
    op.create_table(
        "xapi_preparation",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["xapi_session.id"],
            name=op.f("fk_xapi_preparation_session_id_xapi_session"),
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_xapi_preparation")),
    )
    op.create_table(
        "api_learner",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("identity_hash", sa.String(64), nullable=False),
        sa.Column("agent", db.Json, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["xapi_client.id"], name=op.f("fk_api_learner_client_id_xapi_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_learner")),
        sa.UniqueConstraint(
            "client_id", "identity_hash", name=op.f("uq_api_learner_client_id_identity_hash")
        ),
    )
    op.create_table(
        "api_registration",
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["api_learner.id"],
            name=op.f("fk_api_registration_learner_id_api_learner"),
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_api_registration_material_id_material")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_registration")),
        sa.UniqueConstraint(
            "learner_id", "material_id", name=op.f("uq_api_registration_learner_id_material_id")
        ),
    )
    op.create_index(op.f("ix_api_registration_learner_id"), "api_registration", ["learner_id"])


def downgrade() -> None:
    op.drop_table("api_registration")
    op.drop_table("api_learner")
    op.drop_table("xapi_preparation")
    op.drop_table("xapi_session")
