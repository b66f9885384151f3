"""The way back: a returned folder into an empty system of the same schema, whole or not at all."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa

from app.content.materials import access
from app.keeping.transfer import cells, form
from app.kernel import schema
from app.kernel.audit import verification
from app.kernel.db import Base, Database
from app.kernel.objects import objects_of
from app.kernel.settings import Settings
from content_packages.media_types import content_type

_PORTION = 500
_LONGEST_CELL = 64 * 1024**2


def take_in(database: Database, settings: Settings, folder: Path) -> dict[str, Any]:
    """Take a folder in; return its manifest. Raises Fault, and then nothing has changed."""
    manifest = _checked(database, folder)
    _refuse_unless_empty(database, settings)
    with database.unit_of_work() as session:
        connection = session.connection()
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in form.SEEDED:
                connection.execute(table.delete())
        entries = {entry["name"]: entry for entry in manifest["tables"]}
        for table in Base.metadata.sorted_tables:
            if table.name in entries:
                _insert(connection, table, folder, entries[table.name]["rows"])
                _count_on(connection, table)
        if (broken := verification.first_broken(session)) is not None:
            raise form.Fault(f"the audit in the folder does not hold from line {broken} on")
        _take_files(settings, folder, manifest)
    return manifest


def _checked(database: Database, folder: Path) -> dict[str, Any]:
    """Return the manifest once every file is what it says."""
    try:
        manifest: dict[str, Any] = json.loads((folder / form.MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise form.Fault(f"{folder} has no {form.MANIFEST} that can be read: {error}") from error
    if manifest.get("format") != form.FORMAT:
        raise form.Fault(f"the folder has format {manifest.get('format')}, not {form.FORMAT}")
    if not schema.is_newest(database):
        raise form.Fault("this system's database is not at its schema: run `kenshu migrate` first")
    ours = schema.revision(database)
    if manifest["revision"] != ours:
        raise form.Fault(
            f"the folder is of schema {manifest['revision']}, this system of {ours}: take it in"
            " with the version of Kenshu that wrote it, and upgrade that system afterwards"
        )
    known = {table.name: form.name_of(table) for table in Base.metadata.sorted_tables}
    told = {entry["name"]: entry["file"] for entry in manifest["tables"]}
    if any(known.get(name) != file for name, file in told.items()) or (
        set(known) - set(told) - form.SECRET
    ):
        raise form.Fault("the manifest does not name each of this system's tables by its file")
    for path, sha256 in _listed(manifest):
        _refuse_other(folder, path, sha256)
    return manifest


def _listed(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((entry["file"], entry["sha256"]) for entry in manifest["tables"])
    yield from ((entry["path"], entry["sha256"]) for entry in manifest["files"])


def _refuse_other(folder: Path, name: str, sha256: str) -> None:
    parts = PurePosixPath(name).parts
    if parts[0] not in ("tables", "files") or ".." in parts:
        raise form.Fault(f"the manifest names {name}, which is no place for a file")
    path = folder / name
    if not path.is_file():
        raise form.Fault(f"{name} is not there: copy the whole folder again")
    if form.sha256_of(path) != sha256:
        raise form.Fault(f"{name} is not what was written: its SHA-256 differs; copy it again")


def _refuse_unless_empty(database: Database, settings: Settings) -> None:
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in form.SEEDED:
                continue
            if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                raise form.Fault(
                    f"this system is not empty: {table.name} has rows. Name another"
                    " KENSHU_INSTANCE and DATABASE_URL, and run `kenshu migrate` there"
                )
    for kept in form.folders(settings).values():
        if any(kept.files()):
            raise form.Fault(f"this system is not empty: there are files in {kept.folder}")


def _insert(connection: sa.Connection, table: sa.Table, folder: Path, expected: int) -> None:
    path = folder / form.name_of(table)
    read = (_read_lines if form.has_documents(table) else _read_csv)(path, table)
    count = 0
    try:
        while rows := list(islice(read, _PORTION)):
            connection.execute(table.insert(), rows)
            count += len(rows)
    except (KeyError, ValueError, TypeError, sa.exc.SQLAlchemyError) as error:
        raise form.Fault(f"{path.name} cannot be taken in after row {count}: {error}") from error
    if count != expected:
        raise form.Fault(f"{path.name} has {count} rows, the manifest says {expected}")


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Have the database number the next row after those that were taken in."""
    for column in table.columns:
        if column.identity is not None and connection.dialect.name == "postgresql":
            counter = sa.func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(sa.select(sa.func.setval(counter, sa.func.max(column))))


def _read_csv(path: Path, table: sa.Table) -> Iterator[dict[str, Any]]:
    usual = csv.field_size_limit(_LONGEST_CELL)  # the process's: the register keeps its own
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            columns = [table.columns[name] for name in next(rows)]
            for row in rows:
                yield {
                    column.name: cells.read(column.type, cell)
                    for column, cell in zip(columns, row, strict=True)
                }
    finally:
        csv.field_size_limit(usual)


def _read_lines(path: Path, table: sa.Table) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield {
                name: cells.value_of(table.columns[name].type, held)
                for name, held in json.loads(line).items()
            }


def _take_files(settings: Settings, folder: Path, manifest: dict[str, Any]) -> None:
    """Put the files where they belong; a package is unpacked as far as it was."""
    store = access.store(settings)
    for entry in manifest["files"]:
        path = folder / entry["path"]
        _, kind, *rest = PurePosixPath(entry["path"]).parts
        if kind == "packages":
            store.add(path)
        elif kind == "objects" and settings.object_store:
            objects_of(settings).put("/".join(rest), path, content_type(path.name))
        else:
            target = form.folders(settings)[kind].folder.joinpath(*rest)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
