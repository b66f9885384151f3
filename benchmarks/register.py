"""The register's import at 10,000 people: checking and taking over, in time and memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from app.demo import crowd
from app.demo.staff import TITLES
from app.kernel import clock, jobs
from app.kernel.actor import Actor, Grant
from app.kernel.db import Database
from app.kernel.installation import connect
from app.kernel.settings import Settings
from app.people.imports import service
from app.people.imports.models import ImportBatch, Kind, Mode
from app.people.imports.service import Asked
from app.people.permission.models import Role
from app.people.register.models import Title
from benchmarks.databases import KINDS, installation
from benchmarks.figures import tell
from benchmarks.register_file import as_csv, as_workbook, staff_file
from workers import performing
from workers.workshop import Workshop

PEOPLE = 10_000
FORMS = ("cp932", "xlsx")


def measure() -> None:
    """Tell the figures of a first import and of the same file again, on either database."""
    for kind in KINDS:
        with installation(kind) as (settings, database):
            _prepare(database)
            for form in FORMS:
                _measure(kind, settings, form)


def _measure(kind: str, settings: Settings, form: str) -> None:
    with tempfile.TemporaryDirectory(prefix="kenshu-bench-") as folder:
        path = Path(folder) / f"staff.{form}"
        made = staff_file(PEOPLE)
        path.write_bytes(as_workbook(made) if form == "xlsx" else as_csv(made, "cp932"))
        told = _alone(settings, path)
    for step in ("check", "commit"):
        tell(
            f"register.{step}",
            told[f"{step}_seconds"],
            "s",
            people=PEOPLE,
            file=form,
            database=kind,
            peak_mb=told[f"{step}_mb"],
            added=told["added"],
            changed=told["changed"],
            errors=told["error"],
        )


def _prepare(database: Database) -> None:
    with database.unit_of_work() as session:
        session.add_all(Title(name=name, rank_order=rank) for name, _, rank, _ in TITLES)
        session.flush()
        crowd.add(session, 0)


def _alone(settings: Settings, path: Path) -> dict[str, Any]:
    """Let each job have a process of its own, as the worker gives it one."""
    address = settings.database
    command = [sys.executable, "-m", "benchmarks.register", str(settings.instance), address]
    checked = _run([*command, "check", str(path)])
    committed = _run([*command, "commit", checked["batch_id"]])
    return {**checked, **committed}


def _run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, capture_output=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(instance: str, address: str, step: str, argument: str) -> None:
    """Do one step in this process, and tell how long it took and how much it needed."""
    settings = Settings(instance=Path(instance), database_url=address)
    shop = Workshop(settings, connect(settings))
    by = Actor(person_id=uuid.UUID(int=1), grants=(Grant(Role.OFFICE),))
    now = clock.now()
    with shop.database.unit_of_work() as session:
        if step == "check":
            settings.uploads.mkdir(parents=True, exist_ok=True)
            (settings.uploads / "upload").write_bytes(Path(argument).read_bytes())
            asked = Asked(Kind.STAFF, Mode.DIFFERENCE, clock.today(now), fills_numbers=False)
            batch = service.ask(session, asked, "upload", by=by, now=now)
        else:
            batch = session.get_one(ImportBatch, uuid.UUID(argument))
            service.ask_commit(session, batch.id, leaves_errors=True, by=by, now=now)
    began = time.perf_counter()
    performing.perform(shop, batch.job_id or uuid.UUID(int=0))
    seconds = time.perf_counter() - began
    with shop.database.reading() as session:
        row = session.get_one(ImportBatch, batch.id)
        job = session.get_one(jobs.Job, row.job_id)
    if job.status != jobs.State.DONE:
        raise RuntimeError(f"the job ended as {job.status}: {job.result}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {f"{step}_seconds": round(seconds, 2), f"{step}_mb": round(peak)}
    print(json.dumps({"batch_id": str(row.id), **row.summary["counts"], **told}))


if __name__ == "__main__":
    main(*sys.argv[1:])
