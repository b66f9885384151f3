"""Asking for a bundle, making it, handing it over once, and deleting it."""

from __future__ import annotations

import uuid
import zipfile
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.keeping.disclosure import bundle, queries
from app.keeping.disclosure.models import Disclosure
from app.kernel import db, jobs
from app.kernel.actor import Actor
from app.kernel.audit import service as audit
from app.kernel.errors import Gone, NotFound
from app.kernel.settings import Settings
from app.people.register.models import Person


def ask(session: Session, person_id: uuid.UUID, *, by: Actor, now: datetime) -> Disclosure:
    """Have a worker make the bundle of a person; raises NotFound where there is none."""
    if session.get(Person, person_id) is None:
        raise NotFound
    row = Disclosure(person_id=person_id, created_by=by.known_id, created_at=now)
    session.add(row)
    session.flush()
    arguments = {"disclosure_id": str(row.id)}
    job = jobs.ask(session, jobs.Name.DISCLOSE, arguments, by=by.person_id, now=now)
    row.job_id = job.id
    _record(session, "person.disclosure_asked", person_id, by.person_id, now)
    return row


def keep(session: Session, disclosure_id: uuid.UUID, settings: Settings, now: datetime) -> None:
    """Write the bundle of what was asked for where it waits to be fetched."""
    row = session.get_one(Disclosure, disclosure_id)
    author = session.get(Person, row.created_by)
    dossier = queries.dossier(session, row.person_id, now)
    files = bundle.files(dossier, made_by=author.name if author else "", fonts=settings.fonts)
    settings.disclosures.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path_of(disclosure_id, settings).with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    unfinished.chmod(0o600)
    unfinished.replace(path_of(disclosure_id, settings))


def fetch(
    session: Session, disclosure_id: uuid.UUID, settings: Settings, *, by: Actor, now: datetime
) -> tuple[uuid.UUID, bytes]:
    """Return the person and the bundle, which is deleted once this has been committed.

    Raises NotFound, and Gone("disclosure_gone") the second time or after its day.
    """
    row = session.get(Disclosure, disclosure_id, with_for_update=True)
    if row is None:
        raise NotFound
    path = path_of(disclosure_id, settings)
    waiting = {one.id: one for one in queries.asked(session, row.person_id)}.get(row.id)
    if waiting is None or not waiting.can_be_fetched(now) or not path.exists():
        raise Gone("disclosure_gone")
    row.fetched_at = now
    content = path.read_bytes()
    db.after_commit(session, lambda: path.unlink(missing_ok=True))
    _record(session, "person.disclosed", row.person_id, by.person_id, now)
    return row.person_id, content


def write(
    session: Session,
    person_id: uuid.UUID,
    folder: Path,
    *,
    made_by: str,
    settings: Settings,
    now: datetime,
) -> list[Path]:
    """Write the files of a bundle into an empty folder, and record it; return the files."""
    dossier = queries.dossier(session, person_id, now)
    written = []
    for name, content in bundle.files(dossier, made_by=made_by, fonts=settings.fonts):
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o600)
        written.append(path)
    _record(session, "person.disclosed", person_id, None, now)
    return written


def delete_old(session: Session, settings: Settings, now: datetime) -> int:
    """Delete the files whose day is over or whose row is gone; return how many."""
    kept = {
        str(key)
        for key in session.scalars(
            sa.select(Disclosure.id).where(
                Disclosure.fetched_at.is_(None), Disclosure.created_at > now - queries.KEPT
            )
        )
    }
    old = [path for path in settings.disclosures.glob("*") if path.stem not in kept]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def path_of(disclosure_id: uuid.UUID, settings: Settings) -> Path:
    """Return where a bundle waits."""
    return settings.disclosures / f"{disclosure_id}.zip"


def _record(
    session: Session, action: str, person_id: uuid.UUID, by: uuid.UUID | None, now: datetime
) -> None:
    audit.record(session, action, by=by, now=now, subject=("person", person_id))
