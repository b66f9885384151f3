"""HIS-09: whatever leaves as a table is read as text, whatever stands in it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from zipfile import ZipFile

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.content.materials.models import Material
from app.kernel.csv import FORMULA
from app.kernel.tables import paper
from app.people.register.models import Person, StaffNumber, Title
from app.people.sections.models import SectionVersion
from app.training.plans.models import Training
from tests.protection.test_c16_reading_is_recorded import (  # noqa: F401 - pytest finds fixtures so
    FILES,
    Scene,
    clerk,
    filled,
    scene,
)

pytestmark = pytest.mark.requirement("HIS-09")
APP = Path(__file__).parents[2] / "app"
CALL = 'HYPERLINK("http://example.jp")'
#: What may write a table: each of them neutralises, or writes every cell as text.
WRITERS = {
    "kernel/csv.py": "every cell goes through `neutral`",
    "kernel/tables/paper.py": "every text goes through `write_string`",
    "kernel/tables/blank.py": "every heading goes through `write_string`",
    "keeping/transfer/export.py": "every cell goes through `cells.written`",
}


def test_nothing_else_writes_tables() -> None:
    pattern = re.compile(r"\bcsv\.writer\(|\bxlsxwriter\.Workbook\(|\bDictWriter\(")
    found = {
        path.relative_to(APP).as_posix()
        for path in APP.rglob("*.py")
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(WRITERS)


def spoil(session: Session, first: str) -> None:
    """Have every name that a file can hold begin like a formula."""
    for column in (Person.name, Training.title, Material.title, SectionVersion.name):
        table = column.class_
        for row in session.scalars(sa.select(table)):
            setattr(row, column.key, first + CALL + str(row.id)[-4:])
    for number, row in enumerate(session.scalars(sa.select(StaffNumber))):
        row.number = f"{first}{number}"
    for title in session.scalars(sa.select(Title)):
        title.name = first + CALL + title.name
    session.flush()


@pytest.mark.parametrize("first", FORMULA)
def test_no_cell_of_any_file_is_run_as_a_formula(
    office_app: flask.Flask,
    office: FlaskClient,
    session: Session,
    scene: Scene,  # noqa: F811 - the fixture
    first: str,
) -> None:
    spoil(session, first)
    read = 0
    for route in office_app.url_map.iter_rules():
        if route.endpoint not in FILES:
            continue
        answer = office.get(filled(route, scene.keys), query_string={"reason": "progress"})
        if answer.status_code != 200:
            continue
        kind = answer.headers["Content-Type"]
        if kind.startswith("text/csv"):
            text = answer.data.decode("utf-8-sig")
            cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
            assert cells, route.endpoint
            assert [cell for cell in cells if cell.startswith(FORMULA)] == [], route.endpoint
            read += f"'{first}" in text
        elif answer.data.startswith(b"PK"):
            assert formulas(answer.data) == [], route.endpoint
    assert read >= 5


def formulas(workbook: bytes) -> list[str]:
    """Return the sheets of a workbook that hold a formula."""
    with ZipFile(io.BytesIO(workbook)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        return [name for name in sheets if re.search(rb"<f[ >]", parts.read(name))]


@pytest.mark.parametrize("first", FORMULA)
def test_a_workbook_to_be_printed_holds_text(first: str) -> None:
    cell = first + CALL
    columns = [paper.PaperColumn(cell, 10)]
    made = paper.workbook(cell, columns, [[cell], [-5], [None]])
    assert formulas(made) == []
    with ZipFile(io.BytesIO(made)) as parts:
        assert "HYPERLINK" in parts.read("xl/sharedStrings.xml").decode()
