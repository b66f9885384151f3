"""The training office's workflow: years, quotas, candidacies, orders, changes, attendance."""

import sqlalchemy as sa
from alembic import op

from app.kernel import clock, db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('draft', 'applied', 'nominated', 'returned', 'selected', 'waitlisted')")
PENDING = sa.text("state IN ('requested', 'head_approved')")
SEATED = sa.text(
    "state IN ('decided', 'ordered', 'in_progress', 'awaiting', 'completed', "
    "'not_completed', 'suspended')"
)
#: The categories of the plans of wards; the office changes them as it likes.
CATEGORIES = (
    *("職層研修", "専門研修", "特別研修", "職場研修"),
    *("派遣研修", "自己啓発", "共同研修", "ブロック合同研修"),
)


def upgrade() -> None:
    _make_tables()
    _categorise()
    _widen_enrolments()
    _widen_runs()
    with op.batch_alter_table("run_item") as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(), nullable=False, server_default="material")
        )
        batch_op.add_column(
            sa.Column("is_required", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("due_rule", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("due_until", db.UtcDateTime(timezone=True), nullable=True))
        batch_op.alter_column("material_id", existing_type=sa.Uuid(), nullable=True)
    with op.batch_alter_table("training") as batch_op:
        batch_op.add_column(sa.Column("category_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("provider", sa.String(), nullable=False, server_default="ward")
        )
        batch_op.add_column(
            sa.Column("is_once", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index("ix_training_category_id", ["category_id"])
        batch_op.create_index("ix_training_owner_id", ["owner_id"])
        batch_op.create_foreign_key(
            "fk_training_category_id_training_category",
            "training_category",
            ["category_id"],
            ["id"],
        )
        batch_op.create_foreign_key("fk_training_owner_id_section", "section", ["owner_id"], ["id"])


def _categorise() -> None:
    table = sa.table(
        "training_category",
        sa.column("id", sa.Uuid()),
        sa.column("name", sa.String()),
        sa.column("position", sa.Integer()),
    )
    op.bulk_insert(
        table,
        [
            {"id": db.new_id(), "name": name, "position": position}
            for position, name in enumerate(CATEGORIES, 1)
        ],
    )


def _widen_enrolments() -> None:
    with op.batch_alter_table("enrolment") as batch_op:
        batch_op.add_column(sa.Column("state_before", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("extended_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("candidacy_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("follows_id", sa.Uuid(), nullable=True))
        batch_op.drop_constraint("uq_enrolment_run_id_person_id", type_="unique")
        batch_op.create_index("ix_enrolment_candidacy_id", ["candidacy_id"])
        batch_op.create_index("ix_enrolment_follows_id", ["follows_id"])
        batch_op.create_index("ix_enrolment_run_id_person_id", ["run_id", "person_id"])
        batch_op.create_index(
            "uq_enrolment_seated",
            ["run_id", "person_id"],
            unique=True,
            sqlite_where=SEATED,
            postgresql_where=SEATED,
        )
        batch_op.create_foreign_key(
            "fk_enrolment_candidacy_id_candidacy", "candidacy", ["candidacy_id"], ["id"]
        )
        batch_op.create_foreign_key(
            "fk_enrolment_follows_id_enrolment", "enrolment", ["follows_id"], ["id"]
        )


def _widen_runs() -> None:
    with op.batch_alter_table("run") as batch_op:
        batch_op.add_column(sa.Column("offering_id", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("kind", sa.String(), nullable=False, server_default="e_learning")
        )
        for name in ("state_before", "reason"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("takes_late", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        for name in ("capacity_min", "capacity_max"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("apply_from", sa.Date(), nullable=True))
        for name in ("apply", "head", "change"):
            batch_op.add_column(
                sa.Column(f"{name}_rule", sa.String(), nullable=False, server_default="")
            )
            batch_op.add_column(
                sa.Column(f"{name}_until", db.UtcDateTime(timezone=True), nullable=True)
            )
    _offer()
    with op.batch_alter_table("run") as batch_op:
        batch_op.alter_column("offering_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_index("ix_run_training_id")
        batch_op.drop_constraint("uq_run_training_id_number", type_="unique")
        batch_op.drop_constraint("fk_run_training_id_training", type_="foreignkey")
        batch_op.drop_column("training_id")
        batch_op.create_index("ix_run_offering_id", ["offering_id"])
        batch_op.create_unique_constraint("uq_run_offering_id_number", ["offering_id", "number"])
        batch_op.create_foreign_key(
            "fk_run_offering_id_offering", "offering", ["offering_id"], ["id"]
        )
        batch_op.create_check_constraint("capacity", "capacity_min <= capacity_max")


def _offer() -> None:
    """Put each run into its fiscal year; what was enrolled by list was for those who were named."""
    connection = op.get_bind()
    run = sa.table(
        "run",
        sa.column("id", sa.Uuid()),
        sa.column("training_id", sa.Uuid()),
        sa.column("offering_id", sa.Uuid()),
        sa.column("learn_from", sa.Date()),
        sa.column("created_at", db.UtcDateTime(timezone=True)),
    )
    offering = sa.table(
        "offering",
        *(sa.column(name, sa.Uuid()) for name in ("id", "training_id")),
        *(sa.column(name, sa.Integer()) for name in ("fiscal_year", "absence_limit")),
        *(sa.column(name, sa.String()) for name in WORDS),
        sa.column("condition", db.Json),
        sa.column("is_dynamic", sa.Boolean()),
        sa.column("created_at", db.UtcDateTime(timezone=True)),
    )
    made: dict[tuple[object, int], object] = {}
    for row in connection.execute(sa.select(run).order_by(run.c.id)).all():
        year = clock.fiscal_year(row.learn_from)
        if (row.training_id, year) not in made:
            made[row.training_id, year] = key = db.new_id()
            connection.execute(
                sa.insert(offering).values(
                    id=key,
                    training_id=row.training_id,
                    fiscal_year=year,
                    absence_limit=25,
                    condition={},
                    is_dynamic=False,
                    created_at=row.created_at,
                    **WORDS,
                )
            )
        key = made[row.training_id, year]
        connection.execute(sa.update(run).where(run.c.id == row.id).values(offering_id=key))


#: The rules of an offering that nobody has said anything about.
WORDS = {
    "target": "",
    "subjects": "",
    "obligation": "named",
    "approval_path": "head_and_office",
    "change_path": "office",
    "late_change": "refuse",
    "overflow": "refuse",
    "promotion": "confirmed",
    "promotion_rule": "3開庁日前",
}


def _make_tables() -> None:
    op.create_table(
        "approval_step",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("for_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_step")),
    )
    op.create_index("ix_approval_step_subject_id", "approval_step", ["subject_id"])

    op.create_table(
        "training_category",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_category")),
        sa.UniqueConstraint("name", name=op.f("uq_training_category_name")),
    )
    op.create_table(
        "offering",
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("subjects", sa.String(), nullable=False),
        sa.Column("obligation", sa.String(), nullable=False),
        sa.Column("approval_path", sa.String(), nullable=False),
        sa.Column("change_path", sa.String(), nullable=False),
        sa.Column("late_change", sa.String(), nullable=False),
        sa.Column("overflow", sa.String(), nullable=False),
        sa.Column("promotion", sa.String(), nullable=False),
        sa.Column("promotion_rule", sa.String(), nullable=False),
        sa.Column("absence_limit", sa.Integer(), nullable=False),
        sa.Column("condition", db.Json, nullable=False),
        sa.Column("is_dynamic", sa.Boolean(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_offering_training_id_training")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offering")),
        sa.UniqueConstraint(
            "training_id", "fiscal_year", name=op.f("uq_offering_training_id_fiscal_year")
        ),
    )
    op.create_index("ix_offering_fiscal_year", "offering", ["fiscal_year"])
    op.create_index("ix_offering_training_id", "offering", ["training_id"])

    op.create_table(
        "prerequisite",
        sa.Column("training_id", sa.Uuid(), nullable=False),
        sa.Column("required_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["required_id"], ["training.id"], name=op.f("fk_prerequisite_required_id_training")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_prerequisite_training_id_training")
        ),
        sa.PrimaryKeyConstraint("training_id", "required_id", name=op.f("pk_prerequisite")),
    )
    op.create_table(
        "audience_member",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("added_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_audience_member_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_audience_member_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_audience_member_section_id_section")
        ),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_audience_member_title_id_title")
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_member")),
        sa.UniqueConstraint(
            "offering_id", "person_id", name=op.f("uq_audience_member_offering_id_person_id")
        ),
    )
    op.create_index("ix_audience_member_person_id", "audience_member", ["person_id"])
    op.create_index("ix_audience_member_section_id", "audience_member", ["section_id"])

    op.create_table(
        "quota",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=True),
        sa.Column("with_children", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("at_least", sa.Integer(), nullable=False),
        sa.Column("at_most", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("at_least >= 0 AND at_least <= at_most", name=op.f("ck_quota_range")),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_quota_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_quota_section_id_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
        sa.UniqueConstraint(
            "offering_id", "section_id", "grade", name=op.f("uq_quota_offering_id_section_id_grade")
        ),
    )
    op.create_index("ix_quota_offering_id", "quota", ["offering_id"])

    op.create_table(
        "candidacy",
        sa.Column("offering_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("is_over_quota", sa.Boolean(), nullable=False),
        sa.Column("exception", sa.String(), nullable=True),
        sa.Column("proposal", sa.String(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offering_id"], ["offering.id"], name=op.f("fk_candidacy_offering_id_offering")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_candidacy_person_id_person")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_candidacy_run_id_run")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_candidacy_section_id_section")
        ),
        sa.ForeignKeyConstraint(
            ["title_id"], ["title.id"], name=op.f("fk_candidacy_title_id_title")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidacy")),
    )
    op.create_index("ix_candidacy_offering_id", "candidacy", ["offering_id"])
    op.create_index("ix_candidacy_person_id", "candidacy", ["person_id"])
    op.create_index("ix_candidacy_run_id", "candidacy", ["run_id"])
    op.create_index("ix_candidacy_section_id", "candidacy", ["section_id"])
    op.create_index("ix_candidacy_state", "candidacy", ["state"])
    op.create_index(
        "uq_candidacy_live",
        "candidacy",
        ["offering_id", "person_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )

    op.create_table(
        "run_session",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("online_url", sa.String(), nullable=False),
        sa.Column("lecturer", sa.String(), nullable=False),
        sa.Column("check_in_code", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_run_session_time")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_session_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_session")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_run_session_run_id_number")),
    )
    op.create_index("ix_run_session_run_id", "run_session", ["run_id"])
    op.create_index("ix_run_session_starts_at", "run_session", ["starts_at"])

    op.create_table(
        "training_order",
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("document", db.Json, nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_training_order_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_order")),
        sa.UniqueConstraint(
            "fiscal_year",
            "serial",
            "version",
            name=op.f("uq_training_order_fiscal_year_serial_version"),
        ),
    )
    op.create_index("ix_training_order_run_id", "training_order", ["run_id"])

    op.create_table(
        "preference",
        sa.Column("candidacy_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidacy_id"], ["candidacy.id"], name=op.f("fk_preference_candidacy_id_candidacy")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_preference_run_id_run")),
        sa.PrimaryKeyConstraint("candidacy_id", "position", name=op.f("pk_preference")),
        sa.UniqueConstraint(
            "candidacy_id", "run_id", name=op.f("uq_preference_candidacy_id_run_id")
        ),
    )
    op.create_table(
        "attendance",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("announced", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("announced_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("announced_by", sa.Uuid(), nullable=True),
        sa.Column("presence", sa.String(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("makes_up_id", sa.Uuid(), nullable=True),
        sa.Column("checked_in_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("noted_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_attendance_minutes")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_attendance_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["makes_up_id"], ["run_session.id"], name=op.f("fk_attendance_makes_up_id_run_session")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["run_session.id"], name=op.f("fk_attendance_session_id_run_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "enrolment_id", "session_id", name=op.f("uq_attendance_enrolment_id_session_id")
        ),
    )
    op.create_index("ix_attendance_session_id", "attendance", ["session_id"])

    op.create_table(
        "change_request",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_change_request_enrolment_id_enrolment"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_change_request_run_id_run")),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["person.id"], name=op.f("fk_change_request_successor_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    op.create_index("ix_change_request_enrolment_id", "change_request", ["enrolment_id"])
    op.create_index("ix_change_request_state", "change_request", ["state"])
    op.create_index("ix_change_request_successor_id", "change_request", ["successor_id"])
    op.create_index(
        "uq_change_request_pending",
        "change_request",
        ["enrolment_id"],
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )

    op.create_table(
        "order_line",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("acknowledged_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_order_line_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["training_order.id"], name=op.f("fk_order_line_order_id_training_order")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_order_line_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_order_line_section_id_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint(
            "order_id", "enrolment_id", name=op.f("uq_order_line_order_id_enrolment_id")
        ),
    )
    op.create_index("ix_order_line_enrolment_id", "order_line", ["enrolment_id"])
    op.create_index("ix_order_line_person_id", "order_line", ["person_id"])
    op.create_index("ix_order_line_section_id", "order_line", ["section_id"])


def downgrade() -> None:
    with op.batch_alter_table("training") as batch_op:
        batch_op.drop_constraint("fk_training_owner_id_section", type_="foreignkey")
        batch_op.drop_constraint("fk_training_category_id_training_category", type_="foreignkey")
        batch_op.drop_index("ix_training_owner_id")
        batch_op.drop_index("ix_training_category_id")
        for name in ("is_once", "provider", "owner_id", "category_id"):
            batch_op.drop_column(name)
    _narrow_runs()
    for table in LEAVES:
        op.drop_table(table)
    _narrow_enrolments()
    for table in ("candidacy", "audience_member", "quota", "offering"):
        op.drop_table(table)
    for table in ("prerequisite", "training_category", "approval_step"):
        op.drop_table(table)


def _narrow_runs() -> None:
    # What is no material, and seats beside another, have no place in the older shape.
    op.execute("DELETE FROM run_item WHERE material_id IS NULL")
    with op.batch_alter_table("run_item") as batch_op:
        batch_op.alter_column("material_id", existing_type=sa.Uuid(), nullable=False)
        for name in ("due_until", "due_rule", "is_required", "kind"):
            batch_op.drop_column(name)
    with op.batch_alter_table("run") as batch_op:
        batch_op.add_column(sa.Column("training_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE run SET training_id = (SELECT training_id FROM offering "
        "WHERE offering.id = run.offering_id)"
    )
    op.execute(
        "UPDATE run SET number = (SELECT count(*) FROM run AS other "
        "WHERE other.training_id = run.training_id AND other.id <= run.id)"
    )
    with op.batch_alter_table("run") as batch_op:
        batch_op.drop_constraint("fk_run_offering_id_offering", type_="foreignkey")
        batch_op.drop_constraint("uq_run_offering_id_number", type_="unique")
        batch_op.drop_constraint("capacity", type_="check")
        batch_op.drop_index("ix_run_offering_id")
        for name in (
            *("change_until", "change_rule", "head_until", "head_rule", "apply_until"),
            *("apply_rule", "apply_from", "capacity_max", "capacity_min", "takes_late"),
            *("reason", "state_before", "kind", "offering_id"),
        ):
            batch_op.drop_column(name)
        batch_op.alter_column("training_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.create_unique_constraint("uq_run_training_id_number", ["training_id", "number"])
        batch_op.create_index("ix_run_training_id", ["training_id"])
        batch_op.create_foreign_key(
            "fk_run_training_id_training", "training", ["training_id"], ["id"]
        )


def _narrow_enrolments() -> None:
    with op.batch_alter_table("enrolment") as batch_op:
        batch_op.drop_constraint("fk_enrolment_follows_id_enrolment", type_="foreignkey")
        batch_op.drop_constraint("fk_enrolment_candidacy_id_candidacy", type_="foreignkey")
        for index in (
            *("uq_enrolment_seated", "ix_enrolment_run_id_person_id"),
            *("ix_enrolment_follows_id", "ix_enrolment_candidacy_id"),
        ):
            batch_op.drop_index(index)
        batch_op.create_unique_constraint("uq_enrolment_run_id_person_id", ["run_id", "person_id"])
        for name in ("follows_id", "candidacy_id", "extended_until", "state_before"):
            batch_op.drop_column(name)


#: What refers to an enrolment or a session, in the order in which it can be dropped.
LEAVES = (
    "order_line",
    "training_order",
    "change_request",
    "attendance",
    "preference",
    "run_session",
)
