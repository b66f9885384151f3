"""What is written here, its answers, reports, decisions, certificates, and old ledgers."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_import",
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_import")),
    )
    op.create_table(
        "question_bank",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("archived_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_bank")),
    )
    op.create_table(
        "question",
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", db.Json, nullable=False),
        sa.Column("changed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["question_bank.id"], name=op.f("fk_question_bank_id_question_bank")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question") as batch_op:
        batch_op.create_index(batch_op.f("ix_question_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "saved_filter",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_filter_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint(
            "person_id", "endpoint", "name", name=op.f("uq_saved_filter_person_id_endpoint_name")
        ),
    )
    op.create_table(
        "anonymous_response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("answers", db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["material_version.id"],
            name=op.f("fk_anonymous_response_version_id_material_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anonymous_response")),
    )
    with op.batch_alter_table("anonymous_response") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_anonymous_response_group_id"), ["group_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_anonymous_response_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "ledger_entry",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("training_id", sa.Uuid(), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("is_completed", sa.Boolean(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("job_title", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["ledger_import.id"],
            name=op.f("fk_ledger_entry_import_id_ledger_import"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_ledger_entry_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_ledger_entry_training_id_training")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry") as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entry_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_entry_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ledger_entry_training_id"), ["training_id"], unique=False
        )

    op.create_table(
        "named_response",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("answers", db.Json, nullable=False),
        sa.Column("saved_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["learner_record.id"],
            name=op.f("fk_named_response_record_id_learner_record"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["material_version.id"],
            name=op.f("fk_named_response_version_id_material_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_response")),
        sa.UniqueConstraint("record_id", name=op.f("uq_named_response_record_id")),
    )
    with op.batch_alter_table("named_response") as batch_op:
        batch_op.create_index(batch_op.f("ix_named_response_group_id"), ["group_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_named_response_version_id"), ["version_id"], unique=False
        )

    op.create_table(
        "report_form",
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("fields", db.Json, nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_report_form_training_id_training")
        ),
        sa.PrimaryKeyConstraint("training_id", name=op.f("pk_report_form")),
    )
    op.create_table(
        "sitting",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("drawn", db.Json, nullable=False),
        sa.Column("answers", db.Json, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("started_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("saved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_by_time", sa.Boolean(), nullable=False),
        sa.Column("marks", db.Json, nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        sa.Column("marked_by", sa.Uuid(), nullable=True),
        sa.Column("marked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sitting_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["learner_record.id"], name=op.f("fk_sitting_record_id_learner_record")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["material_version.id"],
            name=op.f("fk_sitting_version_id_material_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("record_id", "number", name=op.f("uq_sitting_record_id_number")),
    )
    with op.batch_alter_table("sitting") as batch_op:
        batch_op.create_index(
            "ix_sitting_open",
            ["ends_at"],
            unique=False,
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_sitting_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_version_id"), ["version_id"], unique=False)

    op.create_table(
        "completion_decision",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_completed", sa.Boolean(), nullable=False),
        sa.Column("rule", db.Json, nullable=False),
        sa.Column("facts", db.Json, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_completion_decision_enrolment_id_enrolment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_decision")),
        sa.UniqueConstraint(
            "enrolment_id", "number", name=op.f("uq_completion_decision_enrolment_id_number")
        ),
    )
    with op.batch_alter_table("completion_decision") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_completion_decision_decided_at"), ["decided_at"], unique=False
        )

    op.create_table(
        "result_report",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answers", db.Json, nullable=False),
        sa.Column("saved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_result_report_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_report")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_result_report_enrolment_id")),
    )
    with op.batch_alter_table("result_report") as batch_op:
        batch_op.create_index(batch_op.f("ix_result_report_state"), ["state"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("document", db.Json, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("check_code", sa.String(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["completion_decision.id"],
            name=op.f("fk_certificate_decision_id_completion_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_certificate_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("check_code", name=op.f("uq_certificate_check_code")),
        sa.UniqueConstraint(
            "fiscal_year", "number", name=op.f("uq_certificate_fiscal_year_number")
        ),
    )
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_enrolment_id"), ["enrolment_id"], unique=False
        )
        batch_op.create_index("ix_certificate_decision_id", ["decision_id"], unique=False)
        batch_op.create_index(
            "uq_certificate_holding",
            ["decision_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "report_version",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fields", db.Json, nullable=False),
        sa.Column("answers", db.Json, nullable=False),
        sa.Column("submitted_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("office_comment", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["result_report.id"],
            name=op.f("fk_report_version_report_id_result_report"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_version")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_report_version_report_id_number")),
    )
    with op.batch_alter_table("material") as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(), nullable=False, server_default="package")
        )

    with op.batch_alter_table("material_version") as batch_op:
        batch_op.add_column(sa.Column("document", db.Json, nullable=False, server_default="{}"))

    with op.batch_alter_table("offering") as batch_op:
        batch_op.add_column(sa.Column("completion", db.Json, nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column("completion_version", sa.Integer(), nullable=False, server_default="1")
        )

    with op.batch_alter_table("learner_record") as batch_op:
        batch_op.add_column(
            sa.Column("extra_sittings", sa.Integer(), nullable=False, server_default="0")
        )

    with op.batch_alter_table("run_item") as batch_op:
        batch_op.add_column(
            sa.Column("extra_minutes", sa.Integer(), nullable=False, server_default="0")
        )

    with op.batch_alter_table("enrolment") as batch_op:
        batch_op.create_index(
            "ix_enrolment_state", ["state", "run_id", "person_id", "extended_until"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("enrolment") as batch_op:
        batch_op.drop_index("ix_enrolment_state")

    with op.batch_alter_table("run_item") as batch_op:
        batch_op.drop_column("extra_minutes")

    with op.batch_alter_table("learner_record") as batch_op:
        batch_op.drop_column("extra_sittings")

    with op.batch_alter_table("offering") as batch_op:
        batch_op.drop_column("completion_version")
        batch_op.drop_column("completion")

    with op.batch_alter_table("material_version") as batch_op:
        batch_op.drop_column("document")

    with op.batch_alter_table("material") as batch_op:
        batch_op.drop_column("kind")

    op.drop_table("report_version")
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.drop_index(
            "uq_certificate_holding",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index("ix_certificate_decision_id")
        batch_op.drop_index(batch_op.f("ix_certificate_enrolment_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("result_report") as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_report_state"))

    op.drop_table("result_report")
    with op.batch_alter_table("completion_decision") as batch_op:
        batch_op.drop_index(batch_op.f("ix_completion_decision_decided_at"))

    op.drop_table("completion_decision")
    with op.batch_alter_table("sitting") as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_version_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_person_id"))
        batch_op.drop_index(
            "ix_sitting_open",
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )

    op.drop_table("sitting")
    op.drop_table("report_form")
    with op.batch_alter_table("named_response") as batch_op:
        batch_op.drop_index(batch_op.f("ix_named_response_version_id"))
        batch_op.drop_index(batch_op.f("ix_named_response_group_id"))

    op.drop_table("named_response")
    with op.batch_alter_table("ledger_entry") as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entry_training_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entry_person_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_entry_import_id"))

    op.drop_table("ledger_entry")
    with op.batch_alter_table("anonymous_response") as batch_op:
        batch_op.drop_index(batch_op.f("ix_anonymous_response_version_id"))
        batch_op.drop_index(batch_op.f("ix_anonymous_response_group_id"))

    op.drop_table("anonymous_response")
    op.drop_table("saved_filter")
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_bank_id"))

    op.drop_table("question")
    op.drop_table("question_bank")
    op.drop_table("ledger_import")
