"""A file's life: asked for, checked, shown, and then committed whole or discarded.

The original is deleted as soon as it was checked; from then until the end its wanted columns wait
as rows. What a file does is decided by its rows, its day and the register's revision: at the
revision of the check it does what was shown, and at any other it is checked again first.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel import jobs
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.db import new_id
from app.kernel.errors import Conflict, Refused
from app.people.imports import access
from app.people.imports.models import ImportBatch, ImportRow
from app.people.imports.queries import Plan, RowState
from app.people.register.access import check_whole

#: Rows that are written with one statement.
PORTION = 1000


@dataclass(frozen=True)
class Asked:
    """What somebody wants to be made of a file."""

    kind: str
    mode: str
    effective_on: date
    fills_numbers: bool


def ask(session: Session, asked: Asked, upload: str, *, by: Actor, now: datetime) -> ImportBatch:
    """Have an uploaded file checked; nobody is changed. Raises Forbidden for a part's office."""
    check_whole(by)
    expire(session, now)
    row = ImportBatch(
        kind=asked.kind,
        mode=asked.mode,
        effective_on=asked.effective_on,
        fills_numbers=asked.fills_numbers,
        created_by=by.known_id,
        created_at=now,
        summary={},
    )
    session.add(row)
    session.flush()
    _check(session, row, {"upload": upload}, by, now)
    return row


def check_again(session: Session, batch_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Have a file that waits compared with the register of now, from the rows that were kept."""
    check_whole(by)
    row = access.open_batch(session, batch_id, now)
    if row.revision is None:
        raise Conflict("import_not_checked")
    row.revision = None
    _check(session, row, {}, by, now)


def _check(
    session: Session, row: ImportBatch, arguments: Mapping[str, str], by: Actor, now: datetime
) -> None:
    known = {"batch_id": str(row.id), **arguments}
    row.job_id = jobs.ask(session, jobs.Name.CHECK_REGISTER, known, by=by.known_id, now=now).id


def keep(
    session: Session, batch_id: uuid.UUID, plan: Plan, *, by: uuid.UUID | None, now: datetime
) -> None:
    """Keep what a file would do until it is decided, in the place of what was kept before."""
    row = access.open_batch(session, batch_id, now)
    session.execute(sa.delete(ImportRow).where(ImportRow.batch_id == batch_id))
    rows = [
        {
            "id": new_id(),
            "batch_id": batch_id,
            "row": planned.line.row,
            "state": planned.state.value,
            "data": planned.kept(),
        }
        for planned in plan.rows
    ]
    for start in range(0, len(rows), PORTION):
        session.execute(sa.insert(ImportRow), rows[start : start + PORTION])
    row.revision = plan.revision
    row.summary = {**plan.summary, "counts": plan.counts}
    _record(session, "import.checked", row, by, now)


def ask_commit(
    session: Session, batch_id: uuid.UUID, *, leaves_errors: bool, by: Actor, now: datetime
) -> None:
    """Have a checked file taken over; `leaves_errors` says to leave the rows in error out.

    Raises Conflict("import_not_checked"), Refused("import_has_errors") where that was not said, and
    Refused("import_ends_too_many") where a full file would end more than the settings allow.
    """
    check_whole(by)
    row = access.open_batch(session, batch_id, now)
    if row.revision is None:
        raise Conflict("import_not_checked")
    counts = row.summary["counts"]
    if counts[RowState.ERROR] and not leaves_errors:
        raise Refused("import_has_errors", errors=counts[RowState.ERROR])
    if row.summary.get("ends_too_many"):
        raise Refused("import_ends_too_many", absent=counts[RowState.ABSENT])
    if row.job_id and _is_running(session, row.job_id):
        return
    known = {"batch_id": str(row.id)}
    row.job_id = jobs.ask(session, jobs.Name.COMMIT_REGISTER, known, by=by.known_id, now=now).id


def _is_running(session: Session, job_id: uuid.UUID) -> bool:
    job = session.get_one(jobs.Job, job_id, populate_existing=True)
    return job.status in (jobs.State.QUEUED, jobs.State.RUNNING)


def close(
    session: Session, row: ImportBatch, ending: str, *, by: uuid.UUID | None, now: datetime
) -> None:
    """End a file as "committed" or "discarded": its rows go, its counts stay."""
    _record(session, f"import.{ending}", row, by, now)
    session.execute(sa.delete(ImportRow).where(ImportRow.batch_id == row.id))
    row.ending, row.ended_at = ending, now


def discard(session: Session, batch_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Throw a checked file away."""
    check_whole(by)
    close(session, access.open_batch(session, batch_id, now), "discarded", by=by.known_id, now=now)


def expire(session: Session, now: datetime) -> int:
    """Delete the rows of the files that nobody came back to within a day; return how many."""
    over = session.scalars(
        sa.select(ImportBatch)
        .where(ImportBatch.ending.is_(None), ImportBatch.created_at <= now - access.WAITS)
        .with_for_update()
    ).all()
    for row in over:
        close(session, row, "expired", by=None, now=now)
    return len(over)


def _record(
    session: Session, action: str, row: ImportBatch, by: uuid.UUID | None, now: datetime
) -> None:
    details: dict[str, Any] = {
        "kind": row.kind,
        "mode": row.mode,
        "effective_on": row.effective_on.isoformat(),
        **row.summary.get("counts", {}),
    }
    audit.record(session, action, by=by, now=now, subject=("import_batch", row.id), details=details)
