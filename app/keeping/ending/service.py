"""Erasing all rows and all files, and the certificate of it, written where nothing is erased.

The audit's triggers refuse to lose a line, so that no row is deleted here: all tables are dropped,
and the migrations make the schema of an empty system anew.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from app.keeping import certificates
from app.keeping.transfer.form import SEEDED, Fault
from app.kernel import schema
from app.kernel.db import Base, Database
from app.kernel.objects import objects_of
from app.kernel.settings import Settings

ITEMS = (
    "保有するすべての情報（職員番号、氏名、所属、兼務先、職名、職種、職務名、性別、年齢、"
    "採用（昇任）年月日、メールアドレス、テスト・アンケート回答内容、受講結果報告、受講履歴、"
    "監査記録その他の運用の記録、教材）"
)
_TABLES = """SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"""
_FUNCTIONS = """SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace"""
_NOTE = "消去の後に数え直し、行もファイルも残っていないことを確かめた。"
_BACKUPS = "バックアップの媒体は含まない。媒体ごとに消去し、その証明書を付けること。"


def erase_all(
    database: Database, settings: Settings, certificate: Path, responsible: str, now: datetime
) -> Counter[str]:
    """Erase all, write the certificate as PDF and JSON beside each other; return what was erased.

    Raises Fault where the certificate would lie in the instance, or where something is left.
    """
    pdf, document = places(settings, certificate)
    erased = Counter({name: count for name, count in rows(database).items() if count})
    if count := len(files(settings, database)) + len(objects(settings)):
        erased["files"] = count
    dialect = database.engine.dialect.name
    details = certificates.Erased(
        items=ITEMS,
        people=None,
        counts=erased,
        dialect=dialect,
        responsible=responsible,
        notes=(_NOTE, _BACKUPS),
        reference=now.strftime("%Y%m%dT%H%M%SZ"),
    )
    made = certificates.document(settings, details, now)
    paper = certificates.paper(made, settings)  # what cannot be printed is found before anything
    _erase_rows(database)
    _erase_files(settings, database)
    left = {name: count for name, count in rows(database).items() if count}
    left_files = [*files(settings, database), *objects(settings)]
    if left or left_files:
        raise Fault(f"something is left: {left}, {left_files}. Stop the server first")
    pdf.write_bytes(paper)
    document.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
    return erased


def places(settings: Settings, certificate: Path) -> tuple[Path, Path]:
    """Return where the PDF and the JSON go; raises Fault for a place within the instance."""
    pdf = certificate.resolve().with_suffix(".pdf")
    if pdf.is_relative_to(settings.instance.resolve()):
        raise Fault("the certificate must lie outside the instance folder, which is erased")
    if not pdf.parent.is_dir():
        raise Fault(f"there is no folder {pdf.parent} for the certificate")
    return pdf, pdf.with_suffix(".json")


def rows(database: Database) -> dict[str, int]:
    """Return how many rows each table has, without the rows that an empty system has, too."""
    with database.engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in SEEDED
        }


def files(settings: Settings, database: Database) -> list[Path]:
    """Return every file of the instance but the database's own."""
    is_file = database.engine.dialect.name == "sqlite"
    own = str(Path(database.engine.url.database or "").resolve()) if is_file else None
    return [
        path
        for path in sorted(settings.instance.resolve().rglob("*"))
        if not path.is_dir() and not (own and str(path).startswith(own))
    ]


def objects(settings: Settings) -> list[str]:
    """Return the keys of what lies in an object store; what lies in a folder is among the files."""
    return list(objects_of(settings).keys("")) if settings.object_store else []


def _erase_rows(database: Database) -> None:
    drop = _drop_sqlite if database.engine.dialect.name == "sqlite" else _drop_postgresql
    with database.engine.connect() as connection:
        drop(connection)
    schema.upgrade(database)
    database.settle()


def _drop_sqlite(connection: sa.Connection) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None  # it is connected
    raw.execute("PRAGMA foreign_keys=OFF")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        raw.execute(f'DROP TABLE "{name}"')
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("VACUUM")


def _drop_postgresql(connection: sa.Connection) -> None:
    """Drop the tables, and the functions of their triggers."""
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    for table in connection.scalars(sa.text(_TABLES)).all():
        connection.execute(sa.text(f"DROP TABLE {table} CASCADE"))
    for function in connection.scalars(sa.text(_FUNCTIONS)).all():
        connection.execute(sa.text(f"DROP FUNCTION {function} CASCADE"))


def _erase_files(settings: Settings, database: Database) -> None:
    for top in {key.partition("/")[0] for key in objects(settings)}:
        objects_of(settings).remove(top)
    for path in files(settings, database):
        path.unlink(missing_ok=True)
    for path in settings.instance.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
