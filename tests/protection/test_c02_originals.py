"""C02: the original of an uploaded file is not kept, and what is hidden in it is not read."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from sqlalchemy.orm import Session

from app.kernel.db import Base, Database
from app.kernel.errors import Refused
from app.kernel.settings import Settings
from app.people.imports import service
from tests import factories
from tests.people.importing import STAFF_HEAD, Importing

READING = "カクウノヨミ"


def workbook_with_readings() -> bytes:
    """Return a workbook as a Japanese spreadsheet writes it: each name with its hidden reading."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    for row, cells in enumerate(
        [STAFF_HEAD.strip().split(","), ["00012", "架空 太郎", "0101", "", "主事"]]
    ):
        for column, value in enumerate(cells):
            sheet.write_string(row, column, value)
    book.close()
    with_readings = io.BytesIO()
    with ZipFile(buffer) as old, ZipFile(with_readings, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/sharedStrings.xml":
                run = f'架空 太郎</t><rPh sb="0" eb="5"><t>{READING}</t></rPh>'
                data = data.replace("架空 太郎</t>".encode(), run.encode())
            new.writestr(part.filename, data)
    return with_readings.getvalue()


def kept_anywhere(session: Session, folder: Path, words: str) -> list[str]:
    """Return every row and every file that holds some words."""
    rows = [
        repr(row)
        for table in Base.metadata.sorted_tables
        for row in session.execute(table.select())
    ]
    files = [path for path in folder.rglob("*") if path.is_file()]
    found = [str(path) for path in files if words.encode() in path.read_bytes()]
    return [row for row in rows if words in row] + found


def test_the_hidden_reading_of_a_name_is_kept_nowhere(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    factories.section(session, code="0101")
    files = Importing(settings, database, now)
    batch = files.check(workbook_with_readings())
    assert batch.summary["counts"]["added"] == 1
    assert kept_anywhere(session, settings.instance, READING) == []
    files.commit(batch.id)
    assert kept_anywhere(session, settings.instance, "架空 太郎")
    assert kept_anywhere(session, settings.instance, READING) == []


@pytest.mark.parametrize(
    "data", [STAFF_HEAD + "00012,架空,0101,,主事,\n", "番号\n1\n", b"PK\x03\x04"]
)
def test_the_original_is_gone_once_it_was_looked_at(
    session: Session, settings: Settings, database: Database, now: datetime, data: bytes | str
) -> None:
    factories.section(session, code="0101")
    files = Importing(settings, database, now)
    try:
        files.check(data)
    except Refused:
        assert data != STAFF_HEAD
    assert list(settings.uploads.iterdir()) == []


def test_the_rows_that_waited_are_gone_after_a_day(
    session: Session, settings: Settings, database: Database, now: datetime
) -> None:
    factories.section(session, code="0101")
    files = Importing(settings, database, now)
    files.check(STAFF_HEAD + "00012,架空待ち,0101,,主事,\n")
    assert kept_anywhere(session, settings.instance, "架空待ち")
    with database.unit_of_work() as writing:
        service.expire(writing, now + timedelta(hours=24))
    assert kept_anywhere(session, settings.instance, "架空待ち") == []
