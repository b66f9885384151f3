"""The database: one base for all rows, one place that commits, SQLite and PostgreSQL alike."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa
import uuid_utils.compat as uuid_compat
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from app.kernel.plain import Plain

#: Seconds after which a connection that nobody has used may have lost its server.
RESTED: Final = 5.0

_AT_ONCE: Final = 5000
#: Made once: `json.dumps` makes one each time that it is not asked for its own.
_dumps: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Key = TypeVar("Key")

#: A JSON document: JSONB on PostgreSQL, text on SQLite.
Json = sa.JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database; a naive value is a mistake and is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Refuse a naive value; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return an aware value in UTC (SQLite forgets the zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> uuid.UUID:
    """Return a UUID of version 7: unguessable enough for a key, and in the order of its making."""
    return uuid_compat.uuid7()


def portions(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """Return keys in parts that one statement can ask for.

    SQLite takes 32,766 parameters, PostgreSQL 65,535.
    """
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


class Base(DeclarativeBase):
    """The base of every row."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's class setting
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Keyed:
    """A row whose key is a UUID made when it is made."""

    #: Key; version 7.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


def insert_new(session: Session, model: type[Base], **values: object) -> bool:
    """Insert a row where none of the same unique keys is there; return whether it was inserted.

    Where somebody else is about to insert such a row, it waits until they are done.
    """
    session.flush()
    table = cast("sa.Table", model.__table__)
    if unknown := values.keys() - table.columns.keys():  # they would be passed over
        raise TypeError(f"{table.name} has no {unknown}")
    made = {name: make(None) for name, make in _defaults(table).items() if name not in values}
    statement = _insert_new(session.get_bind().dialect.name, table)
    return statement.one(session, **made, **values) is not None


@cache
def _insert_new(dialect: str, table: sa.Table) -> Plain:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return Plain(insert(table).on_conflict_do_nothing().returning(*table.primary_key))


@cache
def _defaults(table: sa.Table) -> dict[str, Callable[[None], Any]]:
    """Return what makes the value of each column that is not given, as SQLAlchemy would."""
    assert not any(column.server_default for column in table.columns)
    return {column.name: _default(column.default) for column in table.columns}


def _default(said: Any) -> Callable[[None], Any]:
    if said is None or not said.is_callable:
        value = said.arg if said else None
        return lambda _: value
    return cast("Callable[[None], Any]", said.arg)


class ReadOnlyWriteError(AssertionError):
    """A unit of work that was declared to read has tried to write."""


class Reading(Session):
    """A session that refuses to write what its unit of work has not allowed."""


class Database:
    """An engine and the only two ways to use it: to read and to write."""

    def __init__(self, engine: sa.Engine, nudge: Callable[..., None] | None = None) -> None:
        self.engine = engine
        writers = engine.execution_options(kenshu_immediate=True)
        self._readers = sessionmaker(engine, class_=Reading, expire_on_commit=False)
        self._recorders = sessionmaker(writers, class_=Reading, expire_on_commit=False)
        self._writers = sessionmaker(writers, expire_on_commit=False, info={"nudge": nudge})

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """Yield a session that is committed on the way out and rolled back on an error.

        What was registered with `after_commit` runs once the commit has succeeded.
        """
        with self._writers() as session:
            yield session
            session.commit()
            hooks = session.info.pop("after_commit", [])
        for hook in hooks:
            hook()

    @contextmanager
    def reading(self, *allowed: type[Base]) -> Iterator[Session]:
        """Yield a session that may add rows of the `allowed` classes and change nothing else.

        With `allowed` rows it takes the writer's lock from the start: SQLite cannot turn a
        reader that has already read into a writer.
        """
        with (self._recorders if allowed else self._readers)() as session:
            session.info["allowed"] = allowed
            yield session
            if allowed:
                session.commit()

    def settle(self) -> None:
        """Have what was deleted leave SQLite's log, too; PostgreSQL's vacuum sees to its own."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr] # it is connected


@event.listens_for(Reading, "before_flush")
def _refuse_writes(session: Session, *_: object) -> None:
    allowed = session.info["allowed"]
    wrong = [row for row in session.new if not isinstance(row, allowed)]
    wrong += [row for row in session.dirty if session.is_modified(row)]
    wrong += list(session.deleted)
    if wrong:
        raise ReadOnlyWriteError(f"a reading unit of work would write {wrong[0]!r}")


def after_commit(session: Session, hook: Callable[[], None]) -> None:
    """Have `hook` called once the session's unit of work is committed, and not otherwise."""
    session.info.setdefault("after_commit", []).append(hook)


def connect(address: str, nudge: Callable[..., None] | None = None) -> Database:
    """Return the database at a SQLAlchemy address; `nudge` asks a worker to look at new rows.

    SQLite runs in WAL mode with foreign keys on and waits 15 s for another writer; a writing unit
    of work takes the lock at its start, so it can never fail half-way for having read first.
    """
    url = sa.make_url(address)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, json_serializer=_dumps)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_wake, engine.dialect))
    return Database(engine, nudge)


def _note_rest(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _wake(dialect: sa.Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """Have the pool replace a connection that has lost its server while it rested.

    SQLAlchemy's own pre-ping would ask before each use, also of what was used a moment ago.
    """
    since = record.info.get("rests_since")
    if since is None or time.monotonic() - since < RESTED:
        return
    try:
        is_there = dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise sa.exc.DisconnectionError from error
    if not is_there:
        raise sa.exc.DisconnectionError


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        # NORMAL would be faster, and lose what was acknowledged just before a power cut.
        "synchronous=FULL",
        # What is deleted is overwritten, and cannot be read out of the file any more.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("kenshu_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
