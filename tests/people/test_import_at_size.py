"""Ten thousand people in one file: every planted error is found, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.demo import crowd
from app.demo.staff import TITLES
from app.kernel.db import Database
from app.kernel.settings import Settings
from app.people.register.models import Person, Title
from benchmarks.register_file import StaffFile, as_csv, as_workbook, staff_file
from tests.people.importing import Importing

PEOPLE = 10_000
WRITE = {"cp932": lambda made: as_csv(made, "cp932"), "xlsx": as_workbook}


@pytest.fixture(scope="module")
def made() -> StaffFile:
    """The file, the same each time."""
    return staff_file(PEOPLE)


@pytest.mark.requirement("STF-01", "STF-03")
@pytest.mark.parametrize(
    ("migrated", "form"),
    [("sqlite", "xlsx"), pytest.param("postgres", "cp932", marks=pytest.mark.postgres)],
    indirect=["migrated"],
)
def test_the_findings_of_ten_thousand_rows_are_the_planted_ones(
    session: Session,
    settings: Settings,
    database: Database,
    now: datetime,
    made: StaffFile,
    form: str,
) -> None:
    session.add_all(Title(name=name, rank_order=rank) for name, _, rank, _ in TITLES)
    session.flush()
    crowd.add(session, 0)
    files = Importing(replace(settings, demo=False), database, now)
    batch = files.check(WRITE[form](made))
    assert sorted(files.findings(batch)) == made.planted
    assert len(made.planted) > 100
    errors = {row for row, _, _ in made.planted}
    assert batch.summary["counts"]["error"] == len(errors)
    assert batch.summary["counts"]["added"] == PEOPLE + 1 - len(errors)
    assert batch.summary["ignored"] == ["フリガナ", "生年月日"]
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 0
