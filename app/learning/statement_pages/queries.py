"""Reads for the pages of statements: counts, days, and all that are found, in portions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.db import Database
from app.learning.agents import queries as agents
from app.learning.statements import queries as statements
from app.learning.statements.models import XapiStatement
from app.learning.statements.queries import Kept, Page
from xapi import terms
from xapi.query import Query

#: Statements of a page, of a portion of a file, and days that are counted.
SIZE: Final = 50
PORTION: Final = 100
DAYS: Final = 30


def page(session: Session, asked: Query, past: int | None) -> Page:
    """Return the newest statements, or those before one, with those that were voided."""
    return statements.page(session, replace(asked, limit=SIZE), past=past, has_voided=True)


def one(session: Session, key: uuid.UUID) -> Kept | None:
    """Return a statement, voided or not."""
    found = session.execute(
        sa.select(
            XapiStatement.seq,
            XapiStatement.stored_at,
            XapiStatement.text,
            XapiStatement.is_voided,
        ).where(XapiStatement.id == key)
    ).one_or_none()
    return Kept(*found) if found else None


def voiding(session: Session, key: uuid.UUID) -> uuid.UUID | None:
    """Return the first statement that voids another."""
    return session.scalar(
        sa.select(XapiStatement.id)
        .where(XapiStatement.target_id == key, XapiStatement.is_voiding)
        .order_by(XapiStatement.seq)
        .limit(1)
    )


def definitions(
    session: Session, said: Iterable[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Return what is known of the activities that statements are about, by their IRIs."""
    iris = {each["id"] for one in said for each in terms.activities(one)}
    return statements.definitions(session, iris) if iris else {}


def count(session: Session, asked: Query) -> int:
    """Return how many statements there are."""
    query, _ = statements.found(asked, [sa.func.count()], has_voided=True)
    return session.scalar(query) or 0


def people(session: Session, asked: Query, home_page: str) -> set[uuid.UUID]:
    """Return whom of the staff these statements are about."""
    query, _ = statements.found(asked, [XapiStatement.seq], has_voided=True)
    return agents.within(session, query, home_page)


def by_day(session: Session, asked: Query, today: date) -> list[tuple[date, int]]:
    """Return how many came on each of the last days, the oldest first, in one statement.

    Days are Japan's. Of what is asked for, the period does not count.
    """
    first = today - timedelta(days=DAYS - 1)
    day = _day(session)
    wanted = replace(asked, since=None, until=None)
    query, _ = statements.found(wanted, [day, sa.func.count()], has_voided=True)
    query = query.where(XapiStatement.stored_at >= clock.start_of(first)).group_by(day)
    found = {date.fromisoformat(said): many for said, many in session.execute(query)}
    days = (first + timedelta(days=place) for place in range(DAYS))
    return [(each, found.get(each, 0)) for each in days]


def _day(session: Session) -> sa.ColumnElement[str]:
    """Return the day of storing in Japan, as `2026-11-23`."""
    if session.get_bind().dialect.name == "postgresql":
        local = sa.func.timezone(sa.literal_column("'Asia/Tokyo'"), XapiStatement.stored_at)
        return sa.func.to_char(local, sa.literal_column("'YYYY-MM-DD'"))
    # Japan's clocks have been nine hours ahead all year round since 1951.
    return sa.func.date(XapiStatement.stored_at, sa.literal_column("'+9 hours'"))


def every(database: Database, asked: Query) -> Iterator[str]:
    """Yield all statements as they are kept, the oldest first: portion by portion, each by itself.

    Nothing is held while a portion is on its way.
    """
    wanted = replace(asked, limit=PORTION, is_ascending=True)
    past: int | None = None
    while True:
        with database.reading() as session:
            found = statements.page(session, wanted, past=past, has_voided=True)
        yield from (each.text for each in found.statements)
        if not found.has_more:
            return
        past = found.statements[-1].seq
