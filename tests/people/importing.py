"""A file of the register from its upload to its end, as the pages and the worker do it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from app.kernel import clock, jobs
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.imports import queries, service
from app.people.imports.models import ImportBatch, ImportRow, Kind, Mode
from app.people.imports.service import Asked
from app.people.permission.models import Role
from workers import registering
from workers.workshop import Workshop

STAFF_HEAD = "職員番号,氏名,所属コード,所属,職名,メールアドレス\n"
SECTIONS_HEAD = "所属コード,所属名,上位所属コード,引継元コード\n"
HANDLERS = {
    jobs.Name.CHECK_REGISTER: registering.check,
    jobs.Name.COMMIT_REGISTER: registering.commit,
}


def office() -> Actor:
    """Return the whole office, with nobody in the register."""
    return Actor(person_id=uuid.uuid4(), grants=(Grant(Role.OFFICE),))


@dataclass
class Importing:
    """Somebody of the office, at a moment, with files."""

    settings: Settings
    database: Database
    now: datetime
    by: Actor = field(default_factory=office)

    def check(
        self,
        data: bytes | str,
        kind: Kind = Kind.STAFF,
        *,
        mode: Mode = Mode.DIFFERENCE,
        on: date | None = None,
        fills: bool = False,
    ) -> ImportBatch:
        """Upload a file and have it checked; raises what the check refuses."""
        self.settings.uploads.mkdir(parents=True, exist_ok=True)
        name = uuid.uuid4().hex
        path = self.settings.uploads / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        asked = Asked(kind, mode, on or clock.today(self.now), fills)
        with self.database.unit_of_work() as session:
            batch_id = service.ask(session, asked, name, by=self.by, now=self.now).id
        try:
            self.perform(batch_id)
        finally:
            assert not path.exists(), "the original is still there"
        return self.batch(batch_id)

    def check_again(self, batch_id: uuid.UUID) -> ImportBatch:
        """Have a file compared with the register of now."""
        with self.database.unit_of_work() as session:
            service.check_again(session, batch_id, by=self.by, now=self.now)
        self.perform(batch_id)
        return self.batch(batch_id)

    def commit(self, batch_id: uuid.UUID, *, leaves_errors: bool = False) -> None:
        """Have a checked file taken over."""
        with self.database.unit_of_work() as session:
            service.ask_commit(
                session, batch_id, leaves_errors=leaves_errors, by=self.by, now=self.now
            )
        self.perform(batch_id)

    def bring(self, data: bytes | str, kind: Kind = Kind.STAFF, **how: object) -> dict[str, int]:
        """Check a file and take it over, rows in error left out; return the counts."""
        batch = self.check(data, kind, **how)  # type: ignore[arg-type] # passed on
        self.commit(batch.id, leaves_errors=True)
        return {state: count for state, count in batch.summary["counts"].items() if count}

    def batch(self, batch_id: uuid.UUID) -> ImportBatch:
        """Return the file as it stands."""
        with self.database.reading() as session:
            return session.get_one(ImportBatch, batch_id)

    def rows(self, batch: ImportBatch) -> list[ImportRow]:
        """Return what is kept of the file."""
        with self.database.reading() as session:
            return queries.rows_of(session, batch.id)

    def findings(self, batch: ImportBatch) -> list[tuple[int, str, str]]:
        """Return row, column and code of all that was found."""
        return [
            (row.row, found[0], found[1])
            for row in self.rows(batch)
            for found in (*row.data["own"], *row.data["found"])
        ]

    def perform(self, batch_id: uuid.UUID) -> None:
        """Do the job of a file, as the worker does; raises what it refuses."""
        shop = Workshop(self.settings, self.database)
        with self.database.reading() as session:
            job = session.get_one(jobs.Job, session.get_one(ImportBatch, batch_id).job_id)
        try:
            record = HANDLERS[jobs.Name(job.name)](shop, job, lambda _done, _total: None)
            with self.database.unit_of_work() as session:
                result = record(session, self.now)
                jobs.end(session, job.id, jobs.State.DONE, result, self.now)
        finally:
            registering.clean(shop, job)
