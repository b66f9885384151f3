"""Making two entries one person, and parting them again so that each has what it had.

Every row that refers to the merged entry moves to the kept one, whatever table it is of; a row that
the kept one has already (a place in the same run) stays where it is, and is told. Both entries
stay: the merged one has left, and keeps its sign-in, closed.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import NotFound, Refused
from app.people.merges import queries
from app.people.permission import access as permission
from app.people.register.models import Appointment, Person, PersonMerge, StaffNumber
from app.people.register.service import bump

#: What a leaver's entry may have left open, and the kept one has of its own.
_DATED: dict[str, type[Appointment | StaffNumber]] = {
    "appointment": Appointment,
    "staff_number": StaffNumber,
}


def merge(
    session: Session, kept: Person, merged: Person, *, by: Actor, now: datetime
) -> PersonMerge:
    """Make two entries one; both come locked from `register.access.kept`.

    Raises Refused("merge_same"), Refused("merge_both_serve") where neither has left, and
    Refused("merge_done") for an entry that is merged already.
    """
    today = clock.today(now)
    permission.check_may_govern(session, [kept.id, merged.id], by, now)
    _check(session, kept, merged, today)
    closed = _close(session, merged)
    rows, staying = _move(session, merged.id, kept.id)
    row = PersonMerge(
        kept_id=kept.id,
        merged_id=merged.id,
        moved={"rows": rows, "staying": staying, "closed": closed},
        merged_by=by.known_id,
        merged_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, "person.merged", row, by, now)
    return row


def unmerge(session: Session, merge_id: uuid.UUID, *, by: Actor, now: datetime) -> PersonMerge:
    """Give both entries back what each had; what came since stays with the kept one.

    Raises NotFound for what is not merged, and Refused("merge_changed") where a row cannot go back.
    """
    row = session.get(PersonMerge, merge_id, with_for_update=True)
    if row is None or row.undone_at is not None:
        raise NotFound
    permission.check_may_govern(session, [row.kept_id, row.merged_id], by, now)
    columns = {f"{each.table.name}.{each.name}": each for each in queries.referring()}
    try:
        with session.begin_nested():
            for name, keys in row.moved["rows"].items():
                _give(session, columns[name], keys, row.merged_id)
    except IntegrityError as error:
        raise Refused("merge_changed") from error
    for name, lasts in row.moved["closed"].items():
        for key, last in lasts.items():
            session.execute(
                sa.update(_DATED[name])
                .where(_DATED[name].id == uuid.UUID(key))
                .values(valid_to=date.fromisoformat(last) if last else None)
            )
    row.undone_at = now
    session.flush()
    session.expire_all()
    _record(session, "person.unmerged", row, by, now)
    return row


def _check(session: Session, kept: Person, merged: Person, today: date) -> None:
    if kept.id == merged.id:
        raise Refused("merge_same")
    if merged.left_on is None or merged.left_on >= today:
        raise Refused("merge_both_serve")
    known = sa.select(PersonMerge.id).where(
        PersonMerge.undone_at.is_(None),
        sa.or_(
            PersonMerge.merged_id.in_([kept.id, merged.id]),
            PersonMerge.kept_id == merged.id,
        ),
    )
    if session.scalar(known.limit(1)) is not None:
        raise Refused("merge_done")


def _close(session: Session, merged: Person) -> dict[str, dict[str, str | None]]:
    """End with the last day what the merged entry has left open; return the last days as they were.

    The kept entry has a number and a post of its own from then on.
    """
    closed: dict[str, dict[str, str | None]] = {}
    last = merged.left_on
    for name, kind in _DATED.items():
        open_rows = sa.select(kind).where(
            kind.person_id == merged.id, sa.or_(kind.valid_to.is_(None), kind.valid_to > last)
        )
        row: Any
        for row in session.scalars(open_rows):
            before = row.valid_to.isoformat() if row.valid_to else None
            closed.setdefault(name, {})[str(row.id)] = before
            row.valid_to = last
    session.flush()
    return closed


def _move(
    session: Session, from_id: uuid.UUID, to_id: uuid.UUID
) -> tuple[dict[str, list[list[str]]], int]:
    """Move every row, one by one where all at once would meet one that is there already."""
    moved: dict[str, list[list[str]]] = {}
    staying = 0
    for column in queries.referring():
        keys = [
            [str(value) for value in row]
            for row in session.execute(
                sa.select(*column.table.primary_key.columns).where(column == from_id)
            )
        ]
        taken = []
        for key in keys:
            try:
                with session.begin_nested():
                    _give(session, column, [key], to_id)
            except IntegrityError:
                staying += 1
            else:
                taken.append(key)
        if taken:
            moved[f"{column.table.name}.{column.name}"] = taken
    session.expire_all()
    return moved, staying


def _give(
    session: Session, column: sa.Column[uuid.UUID], keys: list[list[str]], to_id: uuid.UUID
) -> None:
    for key in keys:
        same = [
            part == _key(part, value)
            for part, value in zip(column.table.primary_key.columns, key, strict=True)
        ]
        session.execute(sa.update(column.table).where(*same).values({column.name: to_id}))


def _key(column: sa.Column[Any], value: str) -> Any:
    return column.type.python_type(value)


def _record(session: Session, action: str, row: PersonMerge, by: Actor, now: datetime) -> None:
    bump(session)
    for person_id in (row.kept_id, row.merged_id):
        audit.record(
            session,
            action,
            by=by.person_id,
            now=now,
            subject=("person", person_id),
            details={
                "kept": str(row.kept_id),
                "merged": str(row.merged_id),
                "rows": {name: len(keys) for name, keys in row.moved["rows"].items()},
                "staying": row.moved["staying"],
            },
        )
