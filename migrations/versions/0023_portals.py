"""Portals that offer our materials, what is agreed with them, and who comes from there."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portal",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("auth_login_url", sa.String(), nullable=False),
        sa.Column("auth_token_url", sa.String(), nullable=False),
        sa.Column("auth_audience", sa.String(), nullable=False),
        sa.Column("key_set_url", sa.String(), nullable=False),
        sa.Column("more_hosts", sa.String(), nullable=False),
        sa.Column("frame_origins", sa.String(), nullable=False),
        sa.Column("package_key", sa.String(), nullable=False),
        sa.Column("allows_anonymous", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("most_learners", sa.Integer(), nullable=True),
        sa.Column("has_all_materials", sa.Boolean(), nullable=False),
        sa.Column("score_rule", sa.String(), nullable=False),
        sa.Column("sends_progress", sa.Boolean(), nullable=False),
        sa.Column("sends_failure", sa.Boolean(), nullable=False),
        sa.Column("away_until", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal")),
        sa.UniqueConstraint("issuer", "client_id", name=op.f("uq_portal_issuer_client_id")),
    )
    op.create_table(
        "portal_deployment",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("seen_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("allowed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("allowed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_deployment_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_deployment")),
        sa.UniqueConstraint(
            "portal_id", "deployment_id", name=op.f("uq_portal_deployment_portal_id_deployment_id")
        ),
    )
    op.create_table(
        "portal_invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("portal_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_invitation_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_portal_invitation_token_hash")),
    )
    op.create_table(
        "portal_key",
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("signs_from", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_key_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_portal_key")),
    )
    with op.batch_alter_table("portal_key") as batch_op:
        batch_op.create_index(batch_op.f("ix_portal_key_portal_id"), ["portal_id"], unique=False)

    op.create_table(
        "portal_launch",
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("data", db.Json, nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("subject_hash", sa.String(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_launch_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_launch")),
    )
    with op.batch_alter_table("portal_launch") as batch_op:
        batch_op.create_index(batch_op.f("ix_portal_launch_at"), ["at"], unique=False)
        batch_op.create_index("ix_portal_launch_portal_id_at", ["portal_id", "at"], unique=False)

    op.create_table(
        "portal_learner",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("linked_by", sa.String(), nullable=True),
        sa.Column("linked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_portal_learner_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_learner_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_learner")),
        sa.UniqueConstraint(
            "portal_id", "subject", name=op.f("uq_portal_learner_portal_id_subject")
        ),
    )
    with op.batch_alter_table("portal_learner") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_portal_learner_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "portal_link",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("resource_link_id", sa.String(), nullable=False),
        sa.Column("context_id", sa.String(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("grades", db.Json, nullable=False),
        sa.Column("line_item", sa.String(), nullable=False),
        sa.Column("item_until", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("roster", sa.String(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_portal_link_material_id_material")
        ),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_link_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_link")),
        sa.UniqueConstraint(
            "portal_id",
            "deployment_id",
            "resource_link_id",
            name=op.f("uq_portal_link_portal_id_deployment_id_resource_link_id"),
        ),
    )
    with op.batch_alter_table("portal_link") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_portal_link_material_id"), ["material_id"], unique=False
        )

    op.create_table(
        "portal_login",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("verifier_hash", sa.String(length=64), nullable=False),
        sa.Column("storage_target", sa.String(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_login_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_portal_login")),
    )
    with op.batch_alter_table("portal_login") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_portal_login_created_at"), ["created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_portal_login_portal_id"), ["portal_id"], unique=False)

    op.create_table(
        "portal_material",
        sa.Column("portal_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_portal_material_material_id_material")
        ),
        sa.ForeignKeyConstraint(
            ["portal_id"], ["portal.id"], name=op.f("fk_portal_material_portal_id_portal")
        ),
        sa.PrimaryKeyConstraint("portal_id", "material_id", name=op.f("pk_portal_material")),
    )
    with op.batch_alter_table("portal_material") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_portal_material_material_id"), ["material_id"], unique=False
        )

    op.create_table(
        "portal_assignment",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("learner_id", sa.Uuid(), nullable=False),
        sa.Column("material_id", sa.Uuid(), nullable=False),
        sa.Column("is_scored", sa.Boolean(), nullable=False),
        sa.Column("return_url", sa.String(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["portal_learner.id"],
            name=op.f("fk_portal_assignment_learner_id_portal_learner"),
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["portal_link.id"], name=op.f("fk_portal_assignment_link_id_portal_link")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_portal_assignment_material_id_material")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_assignment")),
        sa.UniqueConstraint(
            "link_id",
            "learner_id",
            "material_id",
            name=op.f("uq_portal_assignment_link_id_learner_id_material_id"),
        ),
    )
    with op.batch_alter_table("portal_assignment") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_portal_assignment_learner_id"), ["learner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_portal_assignment_material_id"), ["material_id"], unique=False
        )

    op.create_table(
        "portal_score",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("activity_progress", sa.String(), nullable=False),
        sa.Column("grading_progress", sa.String(), nullable=False),
        sa.Column("given", sa.Double(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sent_revision", sa.Integer(), nullable=False),
        sa.Column("sent_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_final_sent", sa.Boolean(), nullable=False),
        sa.Column("stamped_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("next_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["portal_assignment.id"],
            name=op.f("fk_portal_score_assignment_id_portal_assignment"),
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_portal_score")),
    )
    with op.batch_alter_table("portal_score") as batch_op:
        batch_op.create_index(
            "ix_portal_score_waiting",
            ["next_at", "assignment_id"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("portal_score") as batch_op:
        batch_op.drop_index(
            "ix_portal_score_waiting",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.drop_table("portal_score")
    with op.batch_alter_table("portal_assignment") as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_assignment_material_id"))
        batch_op.drop_index(batch_op.f("ix_portal_assignment_learner_id"))

    op.drop_table("portal_assignment")
    with op.batch_alter_table("portal_material") as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_material_material_id"))

    op.drop_table("portal_material")
    with op.batch_alter_table("portal_login") as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_login_portal_id"))
        batch_op.drop_index(batch_op.f("ix_portal_login_created_at"))

    op.drop_table("portal_login")
    with op.batch_alter_table("portal_link") as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_link_material_id"))

    op.drop_table("portal_link")
    with op.batch_alter_table("portal_learner") as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_learner_person_id"))

    op.drop_table("portal_learner")
    with op.batch_alter_table("portal_launch") as batch_op:
        batch_op.drop_index("ix_portal_launch_portal_id_at")
        batch_op.drop_index(batch_op.f("ix_portal_launch_at"))

    op.drop_table("portal_launch")
    with op.batch_alter_table("portal_key") as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_key_portal_id"))

    op.drop_table("portal_key")
    op.drop_table("portal_invitation")
    op.drop_table("portal_deployment")
    op.drop_table("portal")
