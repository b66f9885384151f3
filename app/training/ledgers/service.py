"""Taking an old ledger in, once; and taking it back, whole."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.db import new_id
from app.kernel.errors import NotFound, Refused
from app.people.register.models import Person
from app.training.ledgers import queries
from app.training.ledgers.models import LedgerEntry, LedgerImport
from app.training.ledgers.queries import Entry, Written
from app.training.plans.models import Training

#: Rows that are written with one statement.
PORTION = 1_000
#: Characters of a file's name that are kept.
MOST_NAME = 100


def take_in(
    session: Session,
    file_name: str,
    entries: Sequence[Entry],
    meant: Mapping[str, uuid.UUID],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Take the lines of a ledger in, and return how many are new.

    `meant` says which training a title is; one that is none of ours has no entry. What was taken in
    before stays as it is, so that the same file twice adds nothing. Raises Refused("ledger_stale")
    where somebody or a training is gone since the check.
    """
    # The same form sent twice waits here until the first is done, and then finds its lines known.
    session.get(Person, by.known_id, with_for_update=True)
    plan = queries.plan(session, [Written(entry, "") for entry in entries])
    wanted = set(meant.values())
    there = set(session.scalars(sa.select(Training.id).where(Training.id.in_(wanted))))
    if plan.faulty or wanted - there:
        raise Refused("ledger_stale")
    if not plan.entries:
        return 0
    row = LedgerImport(file_name=file_name[:MOST_NAME], created_by=by.known_id, created_at=now)
    session.add(row)
    session.flush()
    rows = [_row(entry, row.id, plan.people[entry.row], meant) for entry in plan.entries]
    for start in range(0, len(rows), PORTION):
        session.execute(sa.insert(LedgerEntry), rows[start : start + PORTION])
    _record(session, "ledger.taken_in", row, list(plan.people.values()), by, now)
    return len(rows)


def _row(
    entry: Entry, import_id: uuid.UUID, person_id: uuid.UUID, meant: Mapping[str, uuid.UUID]
) -> dict[str, object]:
    return {
        "id": new_id(),
        "import_id": import_id,
        "person_id": person_id,
        "title": entry.title,
        "training_id": meant.get(entry.title),
        "fiscal_year": entry.fiscal_year,
        "completed_on": entry.completed_on,
        "is_completed": entry.is_completed,
        "section": entry.section,
        "job_title": entry.job_title,
    }


def take_back(session: Session, import_id: uuid.UUID, *, by: Actor, now: datetime) -> int:
    """Take all of a file back, and return how many lines it was; raises NotFound."""
    row = session.get(LedgerImport, import_id, with_for_update=True)
    if row is None:
        raise NotFound
    of_it = LedgerEntry.import_id == import_id
    people = list(session.scalars(sa.select(LedgerEntry.person_id).where(of_it)))
    session.execute(sa.delete(LedgerEntry).where(of_it))
    _record(session, "ledger.taken_back", row, people, by, now)
    session.delete(row)
    session.flush()
    return len(people)


def _record(
    session: Session,
    action: str,
    row: LedgerImport,
    people: Sequence[uuid.UUID],
    by: Actor,
    now: datetime,
) -> None:
    """Note whose history changed, and by how many lines."""
    details = {**audit.shown(people), "lines": len(people)}
    audit.record(
        session,
        action,
        by=by.person_id,
        now=now,
        subject=("ledger_import", row.id),
        details=details,
    )
