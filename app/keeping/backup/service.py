"""Making a backup, restoring one into an empty system, and trying one out on the side."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import sqlalchemy as sa

from app.keeping.backup import contents
from app.keeping.backup.sealing import Opening, Sealing, read_key
from app.keeping.transfer import form
from app.keeping.transfer.form import Fault
from app.kernel import db, schema
from app.kernel.audit import service as audit
from app.kernel.audit import verification
from app.kernel.db import Database
from app.kernel.settings import Settings

#: How generations are called in a folder; their names are in the order of their making.
NAME: Final = "kenshu-{moment:%Y%m%dT%H%M%SZ}.backup"
PATTERN: Final = "kenshu-*.backup"


def key_of(settings: Settings) -> bytes:
    """Return the key that backups are sealed with; raises Fault where none is set."""
    if not settings.backup_key_file:
        raise Fault("KENSHU_BACKUP_KEY_FILE is not set: make a key with `kenshu backup-key FILE`")
    return read_key(Path(settings.backup_key_file))


def make(database: Database, settings: Settings, target: Path, now: datetime) -> Path:
    """Write a sealed backup to a file, or as the next generation into a folder; return its path.

    It appears under its name once it is whole. Only then older generations are deleted.
    """
    key, is_folder = key_of(settings), target.is_dir()
    path = target / NAME.format(moment=now) if is_folder else target
    if path.exists():
        raise Fault(f"{path} is there already: nothing is ever written over")
    unfinished = path.with_suffix(".part")
    try:
        with unfinished.open("wb") as file:
            unfinished.chmod(0o600)
            _write(database, settings, file, key, now)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    gone = 0
    if is_folder:
        for old in sorted(target.glob(PATTERN), reverse=True)[settings.backup_generations :]:
            old.unlink()
            gone += 1
    details = {"size": path.stat().st_size, "generations_deleted": gone}
    _record(database, "backup.made", now, details)
    return path


def _write(
    database: Database, settings: Settings, file: BinaryIO, key: bytes, now: datetime
) -> None:
    sealing = Sealing(file, key)
    kind = database.engine.dialect.name
    settings.instance.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.instance, prefix="backup-") as folder:
        copy = Path(folder) / contents.DATABASES[kind]
        with (
            contents.copied(database, settings, copy) as rows,
            tarfile.open(fileobj=sealing, mode="w|") as archive,
        ):
            listed = [_add(archive, copy.name, copy)]
            for name, path in contents.files(settings):
                with suppress(FileNotFoundError):  # hours may pass here: its row is on its way out
                    listed.append(_add(archive, name, path))
            told = {
                "kind": kind, "revision": schema.revision(database), "made_at": now.isoformat(),
                "rows": rows, "files": listed,
            }  # fmt: skip
            body = json.dumps(told, ensure_ascii=False).encode()
            entry = tarfile.TarInfo(contents.LIST)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    sealing.finish()


def _add(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, str]:
    """Add a file, and return its line of the list; once it is open, nobody takes it away."""
    with path.open("rb") as file:
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), file)
        file.seek(0)
        return {"name": name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


#: Debian 12's Python (3.11.2) knows no filters yet; what we have sealed ourselves needs none.
_SAFELY: Final[dict[str, Any]] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


@contextmanager
def unpacked(settings: Settings, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield a folder with what a backup holds, each file held against the list, and the list."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.instance, prefix="restore-") as name:
        folder = Path(name)
        with path.open("rb") as file, _archive(file, key_of(settings)) as archive:
            for entry in archive:
                archive.extract(entry, folder, **_SAFELY)
        try:
            told: dict[str, Any] = json.loads((folder / contents.LIST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Fault(f"the backup has no list of what it holds: {error}") from error
        for entry in told["files"]:
            if form.sha256_of(folder / entry["name"]) != entry["sha256"]:
                raise Fault(f"{entry['name']} is not what was backed up: take another generation")
        yield folder, told


@contextmanager
def _archive(file: BinaryIO, key: bytes) -> Iterator[tarfile.TarFile]:
    stream = io.BufferedReader(Opening(file, key))
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            yield archive
        while stream.read(form.CHUNK):  # to the last sealed piece, which says that it is the last
            pass
    except tarfile.TarError as error:
        raise Fault(f"the backup cannot be read: {error}") from error


def restore(database: Database, settings: Settings, path: Path) -> dict[str, Any]:
    """Put a backup into an empty system; return its list. Raises Fault, and changes nothing."""
    with unpacked(settings, path) as (folder, told):
        _refuse_unless_ours(database, told)
        _refuse_unless_empty(database, settings)
        _fill(database, settings, folder, told)
        for entry in told["files"]:
            if entry["name"].startswith("files/"):
                target = contents.place(settings, entry["name"])
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(folder / entry["name"], target)
        return told


def _refuse_unless_ours(database: Database, told: dict[str, Any]) -> None:
    kind = database.engine.dialect.name
    if told["kind"] != kind:
        raise Fault(f"the backup is of {told['kind']}, this system of {kind}: see export-all")


def _refuse_unless_empty(database: Database, settings: Settings) -> None:
    inspector = sa.inspect(database.engine)
    for table in inspector.get_table_names():
        if table in form.SEEDED or table == "alembic_version":
            continue
        with database.engine.connect() as connection:
            query = sa.select(sa.literal(1)).select_from(sa.table(table)).limit(1)
            if connection.execute(query).first():
                raise Fault(
                    f"this system is not empty: {table} has rows. Move the old database away, or"
                    " name another KENSHU_INSTANCE and DATABASE_URL"
                )
    for kept in form.folders(settings).values():
        if any(kept.files()):
            raise Fault(
                f"this system is not empty: there are files in {kept.folder}. Move them away"
            )


def _fill(database: Database, settings: Settings, folder: Path, told: dict[str, Any]) -> None:
    copy = folder / contents.DATABASES[told["kind"]]
    if told["kind"] == "sqlite":
        database.engine.dispose()
        place = Path(database.engine.url.database or "")
        for suffix in ("-wal", "-shm"):
            place.with_name(place.name + suffix).unlink(missing_ok=True)
        shutil.move(copy, place)
    else:
        arguments = ("--clean", "--if-exists", "--no-owner", "--single-transaction", str(copy))
        contents.tool(settings, database, "pg_restore", *arguments)


@dataclass(frozen=True)
class Drilled:
    """What came of a drill."""

    seconds: float
    rows: int
    files: int
    made_at: str


def drill(database: Database, settings: Settings, path: Path, now: datetime) -> Drilled:
    """Restore a backup on the side, compare counts and hashes, and take the time.

    Raises Fault where anything differs. The system itself is only told that it was done.
    """
    began = time.monotonic()
    with unpacked(settings, path) as (folder, told):
        _refuse_unless_ours(database, told)
        with _scratch(database, folder) as scratch:
            _fill(scratch, settings, folder, told)
            _compare(scratch, told)
        seconds = time.monotonic() - began
    done = Drilled(seconds, sum(told["rows"].values()), len(told["files"]), told["made_at"])
    details = {"seconds": round(seconds, 1), "rows": done.rows, "made_at": done.made_at}
    _record(database, "backup.drilled", now, details)
    return done


@contextmanager
def _scratch(database: Database, folder: Path) -> Iterator[Database]:
    if database.engine.dialect.name == "sqlite":
        with contents.opened_copy(folder / "scratch.sqlite3") as scratch:
            yield scratch
        return
    name = f"kenshu_drill_{uuid.uuid4().hex[:12]}"
    server = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.ProgrammingError as error:
        raise Fault(f"no database to try it out in: give the user CREATEDB ({error})") from error
    url = database.engine.url.set(database=name).render_as_string(hide_password=False)
    scratch = db.connect(url)
    try:
        yield scratch
    finally:
        scratch.engine.dispose()
        with server.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE {name}"))


def _compare(scratch: Database, told: dict[str, Any]) -> None:
    found = contents.counts(scratch)
    other = {name: (count, found.get(name)) for name, count in told["rows"].items()
             if found.get(name) != count}  # fmt: skip
    if other:
        raise Fault(f"tables that differ from what was backed up: {other}")
    if schema.revision(scratch) != told["revision"]:
        raise Fault("the restored schema is not the one that was backed up")
    with scratch.reading() as session:
        if (broken := verification.first_broken(session)) is not None:
            raise Fault(f"the restored audit does not hold from line {broken} on")


def _record(database: Database, action: str, now: datetime, details: Mapping[str, object]) -> None:
    with database.unit_of_work() as session:
        audit.record(session, action, by=None, now=now, subject=("backup", None), details=details)
