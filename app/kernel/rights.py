"""What the application's role may do in a database that another role owns: PostgreSQL alone.

It reads and writes rows and changes no table. To the audit it adds lines; to forget what they tell,
or to drop those past their time, it asks functions that run as the owner.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.kernel.db import Database

#: In this order; what is taken away again was given by the lines above it. `{role}`, `{schema}` and
#: `{database}` are names, quoted.
GRANTS = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
    "REVOKE UPDATE, DELETE ON audit_event, audit_person FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE ON audit_head FROM {role}",
    "GRANT UPDATE (seq, hash) ON audit_head TO {role}",
    "GRANT EXECUTE ON FUNCTION audit_forget(text, uuid), audit_expire(integer) TO {role}",
)


def role_of(database: Database) -> str:
    """Return the role that an address connects as, asking the server where it names none."""
    if name := database.engine.url.username:
        return name
    with database.engine.connect() as connection:
        return str(connection.scalar(sa.select(sa.func.current_user())))


def grant(owner: Database, role: str) -> None:
    """Let a role use, and no more than use, what the owner's migrations have made."""
    quoted = owner.engine.dialect.identifier_preparer.quote_identifier
    with owner.engine.begin() as connection:
        place = sa.select(
            sa.func.current_user(),
            sa.func.current_schema().label("schema"),
            sa.func.current_database().label("database"),
        )
        here = connection.execute(place).one()
        if here.current_user == role:
            return  # what an owner is denied, he can grant himself
        names = {"role": role, "schema": here.schema, "database": here.database}
        for statement in GRANTS:
            connection.exec_driver_sql(
                statement.format(**{key: quoted(name) for key, name in names.items()})
            )
