"""What a checked file would do, row by row, and reads of files and their rows."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.kernel.jobs import Job
from app.kernel.tables.lines import Finding, Line
from app.people.imports.models import ImportBatch, ImportRow
from app.people.register.models import Person

#: Findings that do not keep a row out.
WARNINGS = frozenset({"number_short", "number_filled", "section_differs"})


class RowState(StrEnum):
    """What a row of a file would do."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    #: In the register and not in the file.
    ABSENT = "absent"
    ERROR = "error"


@dataclass
class Planned:
    """What a line of a file would do."""

    line: Line
    is_known: bool
    #: What was found beside the line's own findings.
    found: list[Finding] = field(default_factory=list)
    #: Old and new value by column, as people read them.
    changes: dict[str, list[str]] = field(default_factory=dict)
    is_absent: bool = False

    @property
    def findings(self) -> list[Finding]:
        """All that is to be said about the line."""
        return [*self.line.findings, *self.found]

    @property
    def state(self) -> RowState:
        """Return what the row would do."""
        if self.is_absent:
            return RowState.ABSENT
        if any(found.code not in WARNINGS for found in self.findings):
            return RowState.ERROR
        if not self.is_known:
            return RowState.ADDED
        return RowState.CHANGED if self.changes else RowState.UNCHANGED

    def kept(self) -> dict[str, Any]:
        """Return all this as the JSON that waits for the commit."""
        return {
            "values": self.line.values,
            "own": _told(self.line.findings),
            "found": _told(self.found),
            "changes": self.changes,
            "numbers": sorted(self.line.numbers),
        }


@dataclass(frozen=True)
class Plan:
    """What a file would do, whole."""

    rows: Sequence[Planned]
    #: The register's revision that this holds for.
    revision: int
    #: What is to be said about the file as a whole.
    summary: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows would do what."""
        counted = Counter(planned.state for planned in self.rows)
        return {state.value: counted[state] for state in RowState}


def _told(findings: Iterable[Finding]) -> list[list[str]]:
    return [[found.column, found.code, found.value] for found in findings]


def line_of(row: int, data: Mapping[str, Any]) -> Line:
    """Return a kept row as the line it was read as."""
    own = tuple(Finding(*found) for found in data["own"])
    return Line(row, data["values"], own, frozenset(data["numbers"]))


def planned_of(row: ImportRow) -> Planned:
    """Return what a kept row would do, as it was shown."""
    return Planned(
        line_of(row.row, row.data),
        is_known=row.state != RowState.ADDED,
        found=[Finding(*found) for found in row.data["found"]],
        changes=row.data["changes"],
        is_absent=row.state == RowState.ABSENT,
    )


def rows_of(
    session: Session, batch_id: uuid.UUID, states: Sequence[RowState] = ()
) -> list[ImportRow]:
    """Return the rows of a file, of these states or all, in their order."""
    query = sa.select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.row)
    if states:
        query = query.where(ImportRow.state.in_(states))
    return list(session.scalars(query))


def page_rows(batch_id: uuid.UUID, state: str) -> sa.Select[Any]:
    """Return the query of a file's rows, those of one state or ("") all: row, state, data."""
    query = (
        sa.select(ImportRow.row, ImportRow.state, ImportRow.data)
        .where(ImportRow.batch_id == batch_id)
        .order_by(ImportRow.row)
    )
    return query.where(ImportRow.state == state) if state else query


@dataclass(frozen=True)
class PastImport:
    """One file in the list of files."""

    id: uuid.UUID
    kind: str
    mode: str
    effective_on: date
    created_at: datetime
    #: Who uploaded it.
    name: str
    counts: Mapping[str, int]
    ending: str | None


def past() -> sa.Select[Any]:
    """Return the query of all files, newest first, with the columns of `PastImport`."""
    return (
        sa.select(
            ImportBatch.id,
            ImportBatch.kind,
            ImportBatch.mode,
            ImportBatch.effective_on,
            ImportBatch.created_at,
            sa.func.coalesce(Person.name, ""),
            ImportBatch.summary,
            ImportBatch.ending,
        )
        .outerjoin(Person, Person.id == ImportBatch.created_by)
        .order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())
    )


def past_import(
    id_: uuid.UUID,
    kind: str,
    mode: str,
    effective_on: date,
    created_at: datetime,
    name: str,
    summary: Mapping[str, Any],
    ending: str | None,
) -> PastImport:
    """Make a line of `past`."""
    return PastImport(
        id_, kind, mode, effective_on, created_at, name, summary.get("counts", {}), ending
    )


def job_of(session: Session, batch: ImportBatch) -> Job | None:
    """Return the job that checks or commits a file."""
    return session.get(Job, batch.job_id) if batch.job_id else None
