"""The jobs that check a file of staff or of sections, and that take a checked one over."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.kernel.jobs import Job
from app.kernel.tables import sheet
from app.kernel.tables.lines import Line, Table
from app.people.imports import access, queries, service
from app.people.imports.models import ImportBatch, Kind, Mode
from app.people.imports.queries import Plan, Planned, RowState
from app.people.register import service as register
from app.people.reorganisations import service as reorganisations
from app.people.reorganisations.forms import sections_table
from app.people.transfers import queries as transfers_queries
from app.people.transfers import service as transfers
from app.people.transfers.forms import staff_table
from workers.lease import Progress
from workers.workshop import Workshop

Record = Callable[[Session, datetime], dict[str, Any]]


def check(shop: Workshop, job: Job, progress: Progress) -> Record:
    """Read a file, or the rows kept of it, and compare it with the register; raises Refused."""
    batch_id = uuid.UUID(job.arguments["batch_id"])
    with shop.database.reading() as session:
        batch = session.get_one(ImportBatch, batch_id)
        table = _table(shop, job, session, batch)
        progress(1, 3)
        plan = _examined(shop, session, batch, table.lines)
    progress(2, 3)
    ignored = table.ignored or batch.summary.get("ignored", [])
    shown = Plan(plan.rows, plan.revision, {**plan.summary, "ignored": list(ignored)})

    def record(session: Session, now: datetime) -> dict[str, Any]:
        service.keep(session, batch_id, shown, by=job.created_by, now=now)
        return {"batch_id": str(batch_id)}

    return record


def _table(shop: Workshop, job: Job, session: Session, batch: ImportBatch) -> Table:
    if "upload" not in job.arguments:
        rows = queries.rows_of(session, batch.id)
        kept = [row for row in rows if row.state != RowState.ABSENT]
        return Table([queries.line_of(row.row, row.data) for row in kept], [])
    found = sheet.read(_upload(shop, job))
    if batch.kind == Kind.SECTIONS:
        return sections_table(found)
    usual = transfers_queries.usual_of(session, batch.effective_on)
    return staff_table(
        found,
        fills_numbers=batch.fills_numbers,
        usual=usual,
        is_trial=shop.settings.demo,
    )


def _examined(shop: Workshop, session: Session, batch: ImportBatch, lines: Sequence[Line]) -> Plan:
    is_full = batch.mode == Mode.FULL
    if batch.kind == Kind.SECTIONS:
        return reorganisations.examine(session, lines, batch.effective_on, is_full=is_full)
    limit = shop.settings.import_end_percent if is_full else None
    return transfers.examine(session, lines, batch.effective_on, limit=limit)


def commit(shop: Workshop, job: Job, progress: Progress) -> Record:
    """Read a checked file's rows; return what takes them over, all of them or none."""
    batch_id = uuid.UUID(job.arguments["batch_id"])
    with shop.database.reading() as session:
        rows = [queries.planned_of(row) for row in queries.rows_of(session, batch_id)]
    progress(1, 2)

    def record(session: Session, now: datetime) -> dict[str, Any]:
        revision = register.locked_revision(session)
        batch = access.open_batch(session, batch_id, now)
        if batch.revision != revision:
            raise Conflict("import_outdated")
        _take_over(session, batch, rows, job.created_by, now)
        service.close(session, batch, "committed", by=job.created_by, now=now)
        return {"batch_id": str(batch_id)}

    return record


def _take_over(
    session: Session,
    batch: ImportBatch,
    rows: Sequence[Planned],
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    day = batch.effective_on
    if batch.kind == Kind.SECTIONS:
        reorganisations.take_over(session, rows, day, by=by, now=now)
    else:
        is_full = batch.mode == Mode.FULL
        transfers.take_over(session, rows, day, ends_absent=is_full, by=by, now=now)


def clean(shop: Workshop, job: Job) -> None:
    """Delete the original: it may hold what nobody may keep."""
    if "upload" in job.arguments:
        _upload(shop, job).unlink(missing_ok=True)


def _upload(shop: Workshop, job: Job) -> Path:
    upload: str = job.arguments["upload"]
    return shop.settings.uploads / upload
