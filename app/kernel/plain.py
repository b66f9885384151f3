"""Statements that are asked all the time: compiled once, and run without a session's results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

Process = Callable[[Any], Any]
Statement = sa.Select[*tuple[Any, ...]] | sa.sql.dml.UpdateBase | sa.TextualSelect


@dataclass(frozen=True)
class _Compiled:
    """A statement in the words of one database."""

    text: str
    #: What it holds that is always the same.
    constants: Mapping[str, Any]
    #: By a parameter's name, what makes of a value what the driver takes.
    binds: Mapping[str, Process]
    #: The names in their order, where the driver takes them by place.
    places: Sequence[str] | None
    #: The types of the columns of its answer.
    types: Sequence[sa.types.TypeEngine[Any]]
    #: Of each of them, what makes a value of what the driver gives, None for itself; empty until
    #: the first answer says what the driver gives.
    results: list[Process | None]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return the values as the driver takes them."""
        given = {
            name: self.binds[name](value) if name in self.binds else value
            for name, value in values.items()
        }
        given |= self.constants
        return given if self.places is None else [given[name] for name in self.places]


class Plain:
    """One such statement, with `sa.bindparam` for what differs.

    Nothing is flushed before it, and no object of the session learns of it. A list of values
    (`in_`) cannot be a parameter. Raises what SQLAlchemy raises.
    """

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def one(self, session: Session, **values: Any) -> tuple[Any, ...] | None:
        """Run it; return its one row, None for none."""
        rows = self.rows(session, **values)
        assert len(rows) <= 1
        return rows[0] if rows else None

    def rows(self, session: Session, **values: Any) -> list[tuple[Any, ...]]:
        """Run it; return its rows, none for a statement that gives nothing back."""
        return self._rows(session.connection(), values)

    def alone(self, engine: sa.Engine, **values: Any) -> tuple[Any, ...]:
        """Run it as a transaction of its own, beside any session; return its one row."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            (row,) = self._rows(connection, values)
        return row

    def _rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _compile(self._statement, dialect)
        parameters = compiled.parameters(values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.text, parameters)
            found = cursor.fetchall() if compiled.types else []
            if compiled.types and not compiled.results:
                compiled.results[:] = _results(compiled.types, cursor.description, dialect)
        except dialect.loaded_dbapi.Error as error:
            raise _told(connection, compiled.text, error) from error
        finally:
            cursor.close()
        return [
            tuple(
                process(value) if process else value
                for process, value in zip(compiled.results, row, strict=True)
            )
            for row in found
        ]


def _told(connection: sa.Connection, text: str, error: Any) -> BaseException:
    """Return an error of the driver's as SQLAlchemy tells it; a line that is lost is given up."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if is_lost:
        connection.invalidate(error)
    told: BaseException = sa.exc.DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    return told


def _compile(statement: Statement, dialect: sa.Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, sa.sql.compiler.SQLCompiler)
    binds = {}
    for bind, name in compiled.bind_names.items():
        if process := bind.type.dialect_impl(dialect).bind_processor(dialect):
            binds[name] = process
    constants = {
        name: binds[name](bind.value) if name in binds else bind.value
        for bind, name in compiled.bind_names.items()
        if not bind.required
    }
    return _Compiled(
        text=str(compiled),
        constants=constants,
        binds=binds,
        places=compiled.positiontup if compiled.positional else None,
        types=[column.type for column in statement.exported_columns],
        results=[],
    )


def _results(
    types: Sequence[sa.types.TypeEngine[Any]], description: Any, dialect: sa.Dialect
) -> list[Process | None]:
    """Return what makes the values of an answer, by the driver's types (PEP 249, type_code)."""
    return [
        one.dialect_impl(dialect).result_processor(dialect, told[1])
        for one, told in zip(types, description, strict=True)
    ]
