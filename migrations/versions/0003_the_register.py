"""The register: dated sections, the approved items, imports in three steps, merges, delegation."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: What a column added to a table may hold, and with what the rows that are there begin.
ADDED = (
    ("person", sa.Column("gender", sa.String(), nullable=True)),
    ("person", sa.Column("age", sa.Integer(), nullable=True)),
    ("person", sa.Column("age_as_of", sa.Date(), nullable=True)),
    ("person", sa.Column("hired_on", sa.Date(), nullable=True)),
    ("person", sa.Column("promoted_on", sa.Date(), nullable=True)),
    ("person", sa.Column("confirmed_on", sa.Date(), nullable=True)),
    ("person", sa.Column("restricted_at", db.UtcDateTime(timezone=True), nullable=True)),
    ("title", sa.Column("grade", sa.String(), nullable=False, server_default="")),
    ("appointment", sa.Column("job_type", sa.String(), nullable=False, server_default="")),
    ("appointment", sa.Column("duty", sa.String(), nullable=False, server_default="")),
    ("role_grant", sa.Column("training_id", sa.Uuid(), nullable=True)),
)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)
    _make_sections_dated()
    op.create_table(
        "section_successor",
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_successor_section_id_section")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["section.id"], name=op.f("fk_section_successor_successor_id_section")
        ),
        sa.PrimaryKeyConstraint("section_id", "successor_id", name=op.f("pk_section_successor")),
    )
    _make_tables_about_people()
    # What waited in it is to be uploaded again: it could wait for a day at most.
    op.drop_table("import_batch")
    _make_imports()


def _make_sections_dated() -> None:
    op.create_table(
        "section_version",
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_version_section_id_section")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["section.id"], name=op.f("fk_section_version_parent_id_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_version")),
        sa.UniqueConstraint(
            "section_id", "valid_from", name=op.f("uq_section_version_section_id_valid_from")
        ),
    )
    op.create_index(op.f("ix_section_version_section_id"), "section_version", ["section_id"])
    op.create_index(op.f("ix_section_version_parent_id"), "section_version", ["parent_id"])
    op.create_index(
        "uq_section_version_open",
        "section_version",
        ["section_id"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    # A section has one version so far: it can lend that its key.
    op.execute(
        "INSERT INTO section_version (id, section_id, name, parent_id, position, valid_from)"
        " SELECT id, id, name, parent_id, position, valid_from FROM section"
    )
    op.drop_index(op.f("ix_section_parent_id"), "section")
    with op.batch_alter_table("section") as batch_op:
        batch_op.drop_constraint(op.f("fk_section_parent_id_section"), type_="foreignkey")
        for column in ("name", "parent_id", "position"):
            batch_op.drop_column(column)


def _make_tables_about_people() -> None:
    op.create_table(
        "exclusion_period",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_exclusion_period_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion_period")),
    )
    op.create_index(op.f("ix_exclusion_period_person_id"), "exclusion_period", ["person_id"])
    op.create_table(
        "person_merge",
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("moved", db.Json, nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=False),
        sa.Column("merged_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["person.id"], name=op.f("fk_person_merge_merged_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index(op.f("ix_person_merge_kept_id"), "person_merge", ["kept_id"])
    op.create_index(op.f("ix_person_merge_merged_id"), "person_merge", ["merged_id"])
    op.create_table(
        "delegation",
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["person.id"], name=op.f("fk_delegation_from_id_person")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_delegation_to_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_from_id"), "delegation", ["from_id"])
    op.create_index(op.f("ix_delegation_to_id"), "delegation", ["to_id"])
    revision_table = op.create_table(
        "register_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_revision")),
    )
    op.bulk_insert(revision_table, [{"id": 1, "number": 0}])


def _make_imports() -> None:
    op.create_table(
        "import_batch",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("fills_numbers", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("summary", db.Json, nullable=False),
        sa.Column("ending", sa.String(), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("data", db.Json, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "row", name=op.f("uq_import_row_batch_id_row")),
    )
    op.create_index("ix_import_row_batch_id_state", "import_row", ["batch_id", "state"])


def downgrade() -> None:
    for table in (
        "import_row",
        "import_batch",
        "register_revision",
        "delegation",
        "person_merge",
        "exclusion_period",
        "section_successor",
    ):
        op.drop_table(table)
    op.create_table(
        "import_batch",
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("rows", db.Json, nullable=False),
        sa.Column("summary", db.Json, nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    _make_sections_plain()
    for table, column in reversed(ADDED):
        op.drop_column(table, column.name)


def _make_sections_plain() -> None:
    """Give every section its last version's name and place."""
    op.add_column("section", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.add_column("section", sa.Column("parent_id", sa.Uuid(), nullable=True))
    op.add_column(
        "section", sa.Column("position", sa.Integer(), nullable=False, server_default="0")
    )
    section, version = (
        sa.table(
            name,
            *map(sa.column, ("id", "section_id", "name", "parent_id", "position", "valid_to")),
        )
        for name in ("section", "section_version")
    )
    for column in ("name", "parent_id", "position"):
        last = sa.select(version.c[column]).where(
            version.c.section_id == section.c.id, version.c.valid_to.is_(None)
        )
        op.execute(section.update().values({column: last.scalar_subquery()}))
    with op.batch_alter_table("section") as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_section_parent_id_section"), "section", ["parent_id"], ["id"]
        )
    op.create_index(op.f("ix_section_parent_id"), "section", ["parent_id"])
    op.drop_table("section_version")
