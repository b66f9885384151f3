"""Writing every table and every file of a system into an empty folder, in bounded memory."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.keeping.transfer import cells, form, readme
from app.kernel import schema
from app.kernel.db import Database
from app.kernel.settings import Settings

#: Rows that are held at once.
_PORTION = 500


def export(
    database: Database, settings: Settings, folder: Path, *, secrets: bool, now: datetime
) -> dict[str, Any]:
    """Write all of one moment; return the manifest. Raises Fault where the schema is not ours."""
    if not schema.is_newest(database):
        raise form.Fault("the database is not at this version's schema: run `kenshu migrate` first")
    tables = form.tables(secrets=secrets)
    (folder / "tables").mkdir()
    with _moment(database) as connection:
        written = [_table(connection, table, folder) for table in tables]
    manifest = {
        "format": form.FORMAT,
        "revision": schema.revision(database),
        "exported_at": now.isoformat(),
        "organisation": settings.organisation,
        "tables": written,
        "left_out": sorted(form.SECRET) if not secrets else [],
        "files": list(_files(settings, folder)),
    }
    (folder / form.README).write_text(readme.text(manifest, tables), encoding="utf-8")
    body = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / form.MANIFEST).write_text(body, encoding="utf-8")
    return manifest


def _moment(database: Database) -> sa.Connection:
    """Return a connection that sees the rows of one moment, whoever writes meanwhile."""
    connection = database.engine.connect()
    if database.engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


def _table(connection: sa.Connection, table: sa.Table, folder: Path) -> dict[str, Any]:
    path = folder / form.name_of(table)
    query = sa.select(table).order_by(*table.primary_key.columns)
    with connection.execute(query.execution_options(yield_per=_PORTION)) as rows:
        write = _write_lines if form.has_documents(table) else _write_csv
        count = write(path, [column.name for column in table.columns], rows)
    return {
        "name": table.name,
        "file": form.name_of(table),
        "rows": count,
        "sha256": form.sha256_of(path),
    }


def _write_csv(path: Path, columns: list[str], rows: Iterable[sa.Row[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(columns)
        for row in rows:
            out.writerow(map(cells.written, row))
            count += 1
    return count


def _write_lines(path: Path, columns: list[str], rows: Iterable[sa.Row[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            document = dict(zip(columns, map(cells.simple, row), strict=True))
            # In one order of keys: PostgreSQL does not keep the one that they were written in.
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            file.write(f"{text}\n")
            count += 1
    return count


def _files(settings: Settings, folder: Path) -> Iterator[dict[str, Any]]:
    for name, kept in form.folders(settings).items():
        for path in kept.files():
            relative = f"files/{name}/{path.relative_to(kept.folder).as_posix()}"
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            size, sha256 = target.stat().st_size, form.sha256_of(target)
            yield {"path": relative, "size": size, "sha256": sha256}
