"""Counts the statements that reach the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Yield a list that grows by each statement but the savepoints of the tests themselves."""
    engine = session.connection().engine
    seen: list[str] = []

    def note(*arguments: object) -> None:
        text = str(arguments[2])
        if "SAVEPOINT" not in text:
            seen.append(text)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def rows(session: Session, table: type[object]) -> int:
    """Return how many rows a table has."""
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
