"""The audit: role, proxy, details that can be forgotten, and a chain whose start can move."""

import sqlalchemy as sa
from alembic import op

from app.kernel import db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FIRST_HASH = "0" * 64
#: A search reads the newest lines of its period off one of these.
INDEXED = (
    ("for_id",),
    ("at", "seq"),
    ("action", "at"),
    ("actor_id", "at"),
    ("role", "at"),
    ("address", "at"),
)
#: What two of them make needless.
REPLACED = ("action", "actor_id")
# What the triggers let through, and nothing else:
# - a line sealed by version 2 loses its details and its salt, while the newest line of all says
#   that its subject was forgotten;
# - lines before the chain's first one are deleted, each older than a year by the database's own
#   clock, while the newest line of all says that lines were dropped.
SQLITE = [
    """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    WHEN NOT (
        NEW.seq IS OLD.seq AND NEW.at IS OLD.at AND NEW.action IS OLD.action
        AND NEW.actor_id IS OLD.actor_id AND NEW.role IS OLD.role AND NEW.for_id IS OLD.for_id
        AND NEW.subject_kind IS OLD.subject_kind AND NEW.subject_id IS OLD.subject_id
        AND NEW.details_hash IS OLD.details_hash AND NEW.address IS OLD.address
        AND NEW.reference IS OLD.reference AND NEW.seal_version IS OLD.seal_version
        AND NEW.previous_hash IS OLD.previous_hash AND NEW.hash IS OLD.hash
        AND OLD.salt IS NOT NULL AND NEW.salt IS NULL AND NEW.details IS NULL
        AND EXISTS (
            SELECT 1 FROM audit_event
            WHERE seq = (SELECT max(seq) FROM audit_event) AND action = 'audit.forgotten'
            AND subject_kind IS OLD.subject_kind AND subject_id IS OLD.subject_id
        )
    ) BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    WHEN NOT (
        OLD.seq < (SELECT first_seq FROM audit_head) AND OLD.at < datetime('now', '-1 year')
        AND EXISTS (
            SELECT 1 FROM audit_event
            WHERE seq = (SELECT max(seq) FROM audit_event) AND action = 'audit.expired'
        )
    ) BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    # REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER audit_event_no_replacement BEFORE INSERT ON audit_event
    WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END""",
    """CREATE TRIGGER audit_person_no_update BEFORE UPDATE ON audit_person
    BEGIN SELECT RAISE(ABORT, 'audit_person is append-only'); END""",
    """CREATE TRIGGER audit_person_no_delete BEFORE DELETE ON audit_person
    WHEN OLD.seq >= (SELECT first_seq FROM audit_head)
    BEGIN SELECT RAISE(ABORT, 'audit_person is append-only'); END""",
]

POSTGRESQL = [
    """CREATE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = THE_SCHEMA, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'details' - 'salt' = to_jsonb(OLD) - 'details' - 'salt'
                AND OLD.salt IS NOT NULL AND NEW.salt IS NULL AND NEW.details IS NULL
                AND EXISTS (
                    SELECT FROM audit_event
                    WHERE seq = (SELECT max(seq) FROM audit_event) AND action = 'audit.forgotten'
                    AND subject_kind = OLD.subject_kind AND subject_id = OLD.subject_id
                )
            THEN RETURN NEW; END IF;
        ELSIF TG_OP = 'DELETE' THEN
            IF OLD.seq < (SELECT first_seq FROM audit_head) AND OLD.at < now() - interval '1 year'
                AND EXISTS (
                    SELECT FROM audit_event
                    WHERE seq = (SELECT max(seq) FROM audit_event) AND action = 'audit.expired'
                )
            THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION 'audit_event is append-only';
    END $$""",
    """CREATE FUNCTION audit_person_guard() RETURNS trigger LANGUAGE plpgsql
    SET search_path = THE_SCHEMA, pg_temp AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.seq < (SELECT first_seq FROM audit_head) THEN RETURN OLD; END IF;
        END IF;
        RAISE EXCEPTION 'audit_person is append-only';
    END $$""",
    *(
        statement
        for table in ("audit_event", "audit_person")
        for statement in (
            f"""CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_guard()""",
            f"""CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}
            EXECUTE FUNCTION {table}_guard()""",
        )
    ),
    # The two ways for a role that may only add lines; both run with the owner's rights, and the
    # triggers judge what they do.
    """CREATE FUNCTION audit_forget(kind text, id uuid) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = THE_SCHEMA, pg_temp AS $$
    DECLARE gone bigint;
    BEGIN
        UPDATE audit_event SET details = NULL, salt = NULL
        WHERE subject_kind = kind AND subject_id = id
        AND salt IS NOT NULL AND action <> 'audit.forgotten';
        GET DIAGNOSTICS gone = ROW_COUNT;
        RETURN gone;
    END $$""",
    """CREATE FUNCTION audit_expire(kept_from integer) RETURNS bigint LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = THE_SCHEMA, pg_temp AS $$
    DECLARE gone bigint;
    BEGIN
        IF EXISTS (
            SELECT FROM audit_event WHERE seq < kept_from AND at >= now() - interval '1 year'
        ) THEN RAISE EXCEPTION 'the audit is kept for a year at least'; END IF;
        UPDATE audit_head SET first_seq = kept_from, first_previous_hash = (
            SELECT previous_hash FROM audit_event WHERE seq = kept_from
        ) WHERE first_seq < kept_from;
        DELETE FROM audit_event WHERE seq < kept_from;
        GET DIAGNOSTICS gone = ROW_COUNT;
        DELETE FROM audit_person WHERE seq < kept_from;
        RETURN gone;
    END $$""",
    "REVOKE ALL ON FUNCTION audit_forget(text, uuid), audit_expire(integer) FROM PUBLIC",
]

#: The triggers of the revisions before.
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_event_no_{act} BEFORE {act.upper()} ON audit_event "
        "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
        for act in ("update", "delete")
    ],
    "postgresql": [
        """CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit_event is append-only'; END $$""",
        """CREATE TRIGGER audit_event_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        EXECUTE FUNCTION audit_event_append_only()""",
    ],
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER audit_event_no_update")
        op.execute("DROP TRIGGER audit_event_no_delete")
    else:
        op.execute("DROP TRIGGER audit_event_append_only ON audit_event")
        op.execute("DROP FUNCTION audit_event_append_only()")
    with op.batch_alter_table("audit_event") as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("for_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("details", existing_type=db.Json, nullable=True)
        batch_op.add_column(sa.Column("salt", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column("details_hash", sa.String(), nullable=False, server_default="")
        )
        # What is there was sealed over its details, and stays so.
        batch_op.add_column(
            sa.Column("seal_version", sa.Integer(), nullable=False, server_default="1")
        )
    for name in REPLACED:
        op.drop_index(op.f(f"ix_audit_event_{name}"), "audit_event")
    for names in INDEXED:
        op.create_index(op.f(f"ix_audit_event_{'_'.join(names)}"), "audit_event", [*names])
    op.add_column(
        "audit_head", sa.Column("first_seq", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column(
        "audit_head",
        sa.Column("first_previous_hash", sa.String(), nullable=False, server_default=FIRST_HASH),
    )
    op.create_table(
        "audit_person",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "seq", name=op.f("pk_audit_person")),
    )
    op.create_index(op.f("ix_audit_person_seq"), "audit_person", ["seq"])
    op.add_column("job", sa.Column("role", sa.String(), nullable=False, server_default=""))
    op.add_column("job", sa.Column("for_id", sa.Uuid(), nullable=True))
    op.create_table(
        "recorded_setting",
        sa.Column("variable", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("variable", name=op.f("pk_recorded_setting")),
    )
    if is_sqlite:
        statements = SQLITE
    else:
        schema = op.get_bind().scalar(sa.text("SELECT quote_ident(current_schema())"))
        statements = [statement.replace("THE_SCHEMA", schema) for statement in POSTGRESQL]
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    """Go back; the revision before cannot verify the lines that were sealed by version 2."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        for act in ("update", "delete", "replacement"):
            op.execute(f"DROP TRIGGER audit_event_no_{act}")
    else:
        op.execute("DROP FUNCTION audit_forget(text, uuid), audit_expire(integer)")
        op.execute("DROP FUNCTION audit_event_guard(), audit_person_guard() CASCADE")
    op.drop_table("recorded_setting")
    op.drop_column("job", "for_id")
    op.drop_column("job", "role")
    op.drop_table("audit_person")
    op.drop_column("audit_head", "first_previous_hash")
    op.drop_column("audit_head", "first_seq")
    op.execute("UPDATE audit_event SET details = '{}' WHERE details IS NULL")
    for names in INDEXED:
        op.drop_index(op.f(f"ix_audit_event_{'_'.join(names)}"), "audit_event")
    for name in REPLACED:
        op.create_index(op.f(f"ix_audit_event_{name}"), "audit_event", [name])
    with op.batch_alter_table("audit_event") as batch_op:
        for name in ("seal_version", "details_hash", "salt", "for_id", "role"):
            batch_op.drop_column(name)
        batch_op.alter_column("details", existing_type=db.Json, nullable=False)
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
