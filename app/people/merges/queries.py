"""Reads of merges: pairs that may be one person, and what was made one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.kernel import clock
from app.kernel.db import Base
from app.people.register.models import Person, PersonMerge
from app.people.register.queries import newest_number

#: Tables whose rows stay with the entry they were made for: signing in, what was told, and merges.
STAYING = frozenset(
    {
        "account",
        "calendar_key",
        "credential",
        "disclosure",
        "erasure_line",
        "former_password",
        "notice",
        "operator",
        "person_merge",
        "purpose_confirmation",
        "recovery_code",
        "retention_hold",
        "second_factor",
        "sign_in",
    }
)


@dataclass(frozen=True)
class Pair:
    """Two entries of the same name and day of appointment, one of which has left: a suggestion."""

    kept_id: uuid.UUID
    kept_number: str
    merged_id: uuid.UUID
    merged_number: str
    name: str
    hired_on: date | None
    left_on: date | None


@dataclass(frozen=True)
class Done:
    """Two entries that are one now."""

    id: uuid.UUID
    kept_id: uuid.UUID
    name: str
    number: str
    merged_name: str
    merged_at: datetime
    merged_by: str
    rows: int
    staying: int


def suggestions(session: Session, now: datetime, most: int = 100) -> list[Pair]:
    """Return pairs that may be one person; only a suggestion, since names and days repeat."""
    kept, merged = aliased(Person), aliased(Person)
    today = clock.today(now)
    rows = session.execute(
        sa.select(
            kept.id,
            newest_number(kept.id),
            merged.id,
            newest_number(merged.id),
            kept.name,
            kept.hired_on,
            merged.left_on,
        )
        .join(
            merged,
            sa.and_(
                merged.name_key == kept.name_key,
                merged.hired_on == kept.hired_on,
                merged.id != kept.id,
            ),
        )
        .where(
            merged.left_on.is_not(None),
            sa.or_(kept.left_on.is_(None), kept.left_on >= today),
            merged.id.not_in(_open().with_only_columns(PersonMerge.merged_id)),
        )
        .order_by(kept.name_key, kept.id)
        .limit(most)
    )
    return [Pair(row[0], row[1] or "", row[2], row[3] or "", *row[4:]) for row in rows]


def done(session: Session) -> list[Done]:
    """Return what has been made one and can be parted again, the newest first."""
    kept, merged, clerk = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        _open()
        .with_only_columns(
            PersonMerge,
            kept.name,
            newest_number(kept.id),
            merged.name,
            sa.func.coalesce(clerk.name, ""),
        )
        .join(kept, kept.id == PersonMerge.kept_id)
        .join(merged, merged.id == PersonMerge.merged_id)
        .outerjoin(clerk, clerk.id == PersonMerge.merged_by)
        .order_by(PersonMerge.merged_at.desc())
    )
    return [
        Done(
            id=row.id,
            kept_id=row.kept_id,
            name=name,
            number=number or "",
            merged_name=merged_name,
            merged_at=row.merged_at,
            merged_by=by,
            rows=sum(map(len, row.moved["rows"].values())),
            staying=row.moved["staying"],
        )
        for row, name, number, merged_name, by in rows
    ]


def held(session: Session, person_id: uuid.UUID) -> Mapping[str, int]:
    """Return how many rows of each table refer to somebody."""
    return {
        f"{column.table.name}.{column.name}": count
        for column in referring()
        if (
            count := session.scalar(
                sa.select(sa.func.count()).select_from(column.table).where(column == person_id)
            )
        )
    }


def referring() -> list[sa.Column[uuid.UUID]]:
    """Return every column that refers to a person and moves with them, whatever wing it is of."""
    return [
        column
        for table in Base.metadata.sorted_tables
        if table.name not in STAYING
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]


def _open() -> sa.Select[PersonMerge]:
    return sa.select(PersonMerge).where(PersonMerge.undone_at.is_(None))
